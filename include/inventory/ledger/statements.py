"""The ledger's SQL files, and its lock."""

from pathlib import Path

import psycopg

from include.warehouse.statements import statements_in

statement = statements_in(Path(__file__).parent / "sql")


def lock_ledger(connection: psycopg.Connection) -> None:
    """Waits for the turn to write, which lasts until the transaction ends: what is read of the ledger then holds."""
    connection.execute("SELECT inventory.lock_ledger()")


def last_movement_id(connection: psycopg.Connection) -> int:
    """Of the newest movement, 0 before the first; whoever holds the lock writes all that come after."""
    row = connection.execute("SELECT coalesce(max(movement_id), 0) FROM inventory.movement").fetchone()
    assert row is not None  # noqa: S101
    return int(row[0])


def absorb(connection: psycopg.Connection, after_movement_id: int) -> int:
    """Has counts take back what was booked since and happened before them; returns how many movements that made."""
    return connection.execute(statement("absorptions"), {"after_movement_id": after_movement_id}).rowcount
