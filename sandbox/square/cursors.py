"""Cursors: where a page ended, bound to the query that it belongs to."""

import base64
import json
from typing import Any

from sandbox.square.errors import SquareError


def encode(query: object, position: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([query, position]).encode()).decode()


def decode(cursor: str | None, query: object) -> list[Any] | None:
    """The position, or None on the first page. Raises SquareError if the cursor belongs to another query."""
    if not cursor:
        return None
    try:
        known, position = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError as error:
        raise SquareError("INVALID_CURSOR", "The cursor is malformed.", field="cursor") from error
    if known != json.loads(json.dumps(query)) or not isinstance(position, list):
        raise SquareError("INVALID_CURSOR", "The cursor belongs to another query.", field="cursor")
    return position
