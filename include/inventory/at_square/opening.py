"""Begins the ledger of what Square counts with what it counts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import psycopg

from include.inventory.at_square.statements import statement
from include.inventory.ledger import Entry, book
from include.square.stock import Count, Place


def open_pairs(connection: psycopg.Connection, counts: Mapping[Place, Count], now: datetime) -> int:
    """Books an opening for each location and ingredient that Square counts and the ledger has not taken over.

    In the caller's transaction, which holds the ledger's lock. :returns: how many.
    """
    opened = [
        (location_key, ingredient_key, counts[variation_id, location_id])
        for location_key, ingredient_key, variation_id, location_id in connection.execute(statement("openings"))
        if (variation_id, location_id) in counts
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
