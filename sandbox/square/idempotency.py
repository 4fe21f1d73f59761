"""Idempotency keys: the same key with the same request gets the same answer, and the work is done once."""

import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256

from sandbox.square.errors import SquareError

TABLES = """
CREATE TABLE IF NOT EXISTS square_idempotency (
    operation TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, answer BLOB NOT NULL,
    PRIMARY KEY (operation, key)
) WITHOUT ROWID;
"""


def once(db: sqlite3.Connection, operation: str, key: str, request: object, work: Callable[[], bytes]) -> bytes:
    """The answer of `work`, remembered by the key within the operation, in the caller's transaction.

    Only success is remembered: what `work` raises is raised. Raises SquareError if the key came with another request.
    """
    request_hash = sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    known = db.execute(
        "SELECT request_hash, answer FROM square_idempotency WHERE operation = ? AND key = ?", (operation, key)
    ).fetchone()
    if known is None:
        answer = work()
        db.execute("INSERT INTO square_idempotency VALUES (?, ?, ?, ?)", (operation, key, request_hash, answer))
        return answer
    if known["request_hash"] != request_hash:
        detail = "The idempotency key has already been used with another request."
        raise SquareError("IDEMPOTENCY_KEY_REUSED", detail, field="idempotency_key")
    return bytes(known["answer"])
