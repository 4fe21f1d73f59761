"""Loads at once what a seller has sold so far: one complete object per line, as Square answers it."""

from collections.abc import Callable, Iterable

import msgspec

from sandbox.square import customers, order_store
from sandbox.state import State


class LineError(Exception):
    """A line that cannot be loaded; the message names it."""


def load_orders(state: State, lines: Iterable[bytes]) -> int:
    return _load(state, lines, order_store.row, order_store.INSERT)


def load_customers(state: State, lines: Iterable[bytes]) -> int:
    return _load(state, lines, customers.row, customers.INSERT)


def _load(state: State, lines: Iterable[bytes], row: Callable[[bytes], tuple[object, ...]], insert: str) -> int:
    """Replaces objects with the same id. All or nothing. Raises LineError. Returns the number of objects loaded."""
    rows = []
    for number, line in enumerate(lines, start=1):
        if not (body := line.strip()):
            continue
        try:
            rows.append(row(body))
        except (ValueError, msgspec.MsgspecError) as error:
            raise LineError(f"line {number}: {error}") from error
    with state.transaction() as db:
        db.executemany(insert, rows)
    return len(rows)
