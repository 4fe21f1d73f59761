"""Shortages as the database holds them: what a look has found new is written down, so that the next one is silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from include.inventory.restock.reading import Item
from include.inventory.restock.shortages import Change, change


@dataclass(frozen=True)
class Changed:
    item: Item
    change: Change


def record(connection: psycopg.Connection, items: Sequence[Item], at: datetime) -> list[Changed]:
    """Writes down what has changed since the last look, and returns it. Whoever is told of news is told by the caller,
    in the same transaction."""
    changes = [
        Changed(item, found) for item in items if (found := change(item.open_shortage, item.outlook.level)) is not None
    ]
    for changed in changes:
        _write(connection, changed.item, changed.change, at)
    _close_forgotten(connection, items, at)
    return changes


def _write(connection: psycopg.Connection, item: Item, found: Change, at: datetime) -> None:
    key = item.open_shortage.shortage_key if item.open_shortage else None
    match found:
        case Change.BEGINS:
            connection.execute(
                """
                INSERT INTO inventory.shortage
                    (location_key, ingredient_key, level, on_hand, on_order, reorder_point, opened_at, told_at)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
                """,
                [
                    item.location_key,
                    item.ingredient_key,
                    item.outlook.level,
                    item.shelf.on_hand,
                    item.shelf.on_order,
                    item.outlook.reorder_point,
                    at,
                    at,
                ],
            )
        case Change.RUNS_OUT:
            connection.execute(
                """
                UPDATE inventory.shortage SET level = 'out', escalated_at = %s, told_at = %s WHERE shortage_key = %s
                """,
                [at, at, key],
            )
        case Change.EASES:
            connection.execute("UPDATE inventory.shortage SET level = 'low' WHERE shortage_key = %s", [key])
        case Change.ENDS:
            connection.execute("UPDATE inventory.shortage SET closed_at = %s WHERE shortage_key = %s", [at, key])


def _close_forgotten(connection: psycopg.Connection, items: Sequence[Item], at: datetime) -> None:
    """What nobody keeps stock of any more is not short of anything."""
    kept = [item.open_shortage.shortage_key for item in items if item.open_shortage]
    connection.execute(
        """
        UPDATE inventory.shortage
        SET closed_at = %s
        WHERE closed_at IS NULL AND opened_at < %s AND NOT shortage_key = ANY(%s)
        """,
        [at, at, kept],
    )
