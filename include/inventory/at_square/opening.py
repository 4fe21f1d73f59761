"""Begins the ledger of what Square counts with what it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import psycopg
from psycopg.rows import class_row

from include.inventory.at_square.statements import statement
from include.inventory.ledger import Entry, book
from include.square.stock import Count, Place


@dataclass(frozen=True)
class Unopened:
    """A location and an ingredient that Square may count and that the ledger has not taken over."""

    location_key: int
    ingredient_key: int
    variation_id: str
    location_id: str


def read_unopened(connection: psycopg.Connection) -> Sequence[Unopened]:
    with connection.cursor(row_factory=class_row(Unopened)) as cursor:
        return cursor.execute(statement("unopened")).fetchall()


def open_pairs(
    connection: psycopg.Connection, unopened: Sequence[Unopened], counts: Mapping[Place, Count], now: datetime
) -> int:
    """Books an opening for each of them that Square counts.

    In the caller's transaction, which holds the ledger's lock. :returns: how many.
    """
    opened = [
        (pair.location_key, pair.ingredient_key, counts[pair.variation_id, pair.location_id])
        for pair in unopened
        if (pair.variation_id, pair.location_id) in counts
    ]
    if not opened:
        return 0
    book(
        connection,
        [
            Entry(
                entry_key=f"square-opening:{location_key}:{ingredient_key}",
                kind="opening",
                location_key=location_key,
                ingredient_key=ingredient_key,
                # Square may owe some; the next run corrects it there.
                quantity=max(count.quantity, Decimal(0)),
                occurred_at=now,
                reason="Square's count",
                entered_by="Square",
            )
            for location_key, ingredient_key, count in opened
        ],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO inventory.square_level (location_key, ingredient_key, quantity, occurred_at)
            VALUES (%s, %s, %s, %s)
            """,
            [(*keys, count.quantity, count.calculated_at) for *keys, count in opened],
        )
    return len(opened)
