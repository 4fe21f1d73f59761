"""Orders as they are kept: the JSON that Square would answer, beside the columns that a search asks for.

An order is stored as the bytes that are sent, so that a page of 1,000 is joined together and never parsed.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from sandbox.square import times
from sandbox.square.call import Json, dump
from sandbox.square.errors import not_found

# The indexes hold every column that a search filters by: only the rows of the answer itself are read.
TABLES = """
CREATE TABLE IF NOT EXISTS square_order (
    id TEXT PRIMARY KEY, location_id TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT, source_name TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, closed_at TEXT, version INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS square_order_created_at
    ON square_order (created_at, id, location_id, state, customer_id, source_name);
CREATE INDEX IF NOT EXISTS square_order_updated_at
    ON square_order (updated_at, id, location_id, state, customer_id, source_name);
CREATE INDEX IF NOT EXISTS square_order_closed_at
    ON square_order (closed_at, id, location_id, state, customer_id, source_name);
"""

INSERT = "INSERT OR REPLACE INTO square_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Source(msgspec.Struct):
    name: str | None = None


class Searchable(msgspec.Struct):
    """What of an order's JSON becomes columns. Only this is parsed when a year of orders is loaded."""

    id: str
    location_id: str
    state: str
    created_at: str
    updated_at: str
    closed_at: str | None = None
    customer_id: str | None = None
    version: int = 1
    source: Source = msgspec.field(default_factory=Source)


SEARCHABLE = msgspec.json.Decoder(Searchable)


def row(body: bytes) -> tuple[Any, ...]:
    """The order's row. Raises ValueError or msgspec.MsgspecError if what every order has is missing or malformed."""
    order = SEARCHABLE.decode(body)
    return (
        order.id,
        order.location_id,
        order.state,
        order.customer_id,
        order.source.name,
        times.normalise(order.created_at),
        times.normalise(order.updated_at),
        times.normalise(order.closed_at) if order.closed_at else None,
        order.version,
        body,
    )


def save(db: sqlite3.Connection, order: Json) -> None:
    db.execute(INSERT, row(dump(order)))


def find(db: sqlite3.Connection, order_id: str) -> Json:
    """Raises SquareError if there is none."""
    found = db.execute("SELECT body FROM square_order WHERE id = ?", (order_id,)).fetchone()
    if found is None:
        raise not_found("Order", order_id)
    order: Json = json.loads(found["body"])
    return order


def bodies(db: sqlite3.Connection, order_ids: Sequence[str]) -> list[bytes]:
    """The orders that exist, in the order asked for."""
    marks = ",".join("?" * len(order_ids))
    found = db.execute(f"SELECT id, body FROM square_order WHERE id IN ({marks})", order_ids)  # noqa: S608
    by_id = {row["id"]: row["body"] for row in found}
    return [by_id[order_id] for order_id in order_ids if order_id in by_id]


def latest(db: sqlite3.Connection, count: int) -> list[Json]:
    """The orders created last, newest first."""
    found = db.execute("SELECT body FROM square_order ORDER BY created_at DESC, id DESC LIMIT ?", (count,))
    return [json.loads(row["body"]) for row in found]
