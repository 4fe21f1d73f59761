"""Holds Square's counts against the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import psycopg
from psycopg.rows import class_row

from include.inventory.at_square.places import square_counts
from include.inventory.at_square.plan import Change
from include.inventory.at_square.statements import statement, turn
from include.square.away import telling_away
from include.square.client import Square
from include.square.stock import Count, Place


@dataclass(frozen=True)
class Difference:
    """A location and an ingredient of which Square says something else than it should.

    :param expected_quantity: the ledger's, without what has not reached Square yet; None: Square was never told any.
    :param square_quantity: None: Square counts nothing there.
    """

    location_key: int
    location_name: str
    ingredient_key: int
    ingredient_name: str
    unit: str
    is_sold_by_square: bool
    ledger_quantity: Decimal
    expected_quantity: Decimal | None
    square_quantity: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """Above zero: Square says that there is more than the ledger does."""
        return (self.square_quantity or Decimal(0)) - self.ledger_quantity


@dataclass(frozen=True)
class LateCount:
    """A count that told Square of what had happened more than a day before; :param late_quantity: how much."""

    location_name: str
    ingredient_name: str
    unit: str
    occurred_at: datetime
    late_quantity: Decimal


def compare(connection: psycopg.Connection, client: Square, today: date) -> Sequence[Difference]:
    """Holds everything that the ledger has taken over against Square, and keeps the differences of that day.

    What has merely not been sent yet is no difference, what Square has refused is one: run `sync_stock` before.

    :param connection: without an open transaction.
    :param today: compared again on the same day, its differences are replaced.
    :raises SquareAwayError: when Square cannot be asked now.
    """
    with turn(connection), telling_away():
        counts = square_counts(connection, client)
        with connection.transaction():
            differences = list(_differences(connection, counts))
            connection.execute(
                "DELETE FROM inventory.square_difference WHERE found_date = %s AND found_by = 'comparison'", [today]
            )
            with connection.cursor() as cursor:
                cursor.executemany(
                    statement("difference"),
                    [{"found_by": "comparison", "found_date": today, **vars(each)} for each in differences],
                )
    return differences


def _differences(connection: psycopg.Connection, counts: Mapping[Place, Count]) -> Sequence[Difference]:
    rows = connection.execute(statement("compared")).fetchall()
    found = []
    for variation_id, location_id, is_refused, *fields in rows:
        count = counts.get((variation_id, location_id))
        difference = replace(Difference(*fields), square_quantity=count.quantity if count else None)
        is_unknown = variation_id is None
        if is_unknown or is_refused or difference.square_quantity != difference.expected_quantity:
            found.append(difference)
    return found


def note_corrections(
    connection: psycopg.Connection, changes: Sequence[Change], counts: Mapping[Place, Count], now: datetime
) -> None:
    """Keeps what Square said otherwise before a count puts it right, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            statement("difference"),
            [
                {
                    "found_by": "count",
                    "found_date": now.date(),
                    **vars(change.pair),
                    "expected_quantity": change.pair.level_quantity,
                    "square_quantity": counts[change.pair.place].quantity,
                }
                for change in changes
                if change.is_count
                # Of what Square sells itself the count leaves a difference as it is.
                and not change.pair.is_sold_by_square
                and change.pair.place in counts
                and counts[change.pair.place].quantity != change.pair.level_quantity
            ],
        )


def late_counts(connection: psycopg.Connection, start_at: datetime, end_at: datetime) -> Sequence[LateCount]:
    """The counts that Square has taken from the first instant until before the last one."""
    with connection.cursor(row_factory=class_row(LateCount)) as cursor:
        return cursor.execute(statement("late_counts"), {"start_at": start_at, "end_at": end_at}).fetchall()
