"""Brings Square's counts to what the ledger says, each change exactly once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import psycopg
from psycopg.rows import class_row

from include.inventory.at_square import batches
from include.inventory.at_square.comparison import note_corrections
from include.inventory.at_square.opening import open_pairs, read_unopened
from include.inventory.at_square.places import square_counts
from include.inventory.at_square.plan import OLDEST, Change, Pair, changes_of
from include.inventory.at_square.statements import statement, turn
from include.inventory.ledger import lock_ledger
from include.square.away import telling_away
from include.square.client import Square
from include.square.stock import Count, Place

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pushed:
    """What Square and the ledger have told one another.

    :param opened_count: locations and ingredients whose ledger began with Square's count.
    :param change_count: changes that Square was newly told of, in `batch_count` calls; calls that waited for an answer
        since an earlier run are in `repeated_count`, those that Square refused in `refused_count`.
    :param late_count: counts that hold what happened too long ago for Square to hear of it in any other way.
    """

    opened_count: int
    change_count: int
    batch_count: int
    repeated_count: int
    refused_count: int
    late_count: int


def sync_stock(connection: psycopg.Connection, client: Square) -> Pushed:
    """Takes over what Square counts and the ledger does not know, then sends what the ledger has booked since.

    Can be stopped anywhere and run again. What Square refuses is told to operations, and settled by the next run.

    :param connection: without an open transaction.
    :raises SquareAwayError: when Square cannot be asked now; the next run goes on where this one was.
    """
    with turn(connection):
        repeated_count, refused_count = batches.send_waiting(connection, client)
        planned = _plan(connection, None)
        if planned is None:
            with telling_away():
                counts = square_counts(connection, client)
            planned = _plan(connection, counts)
        assert planned is not None, "with Square's counts there always is a plan"  # noqa: S101
        _, newly_refused_count = batches.send_waiting(connection, client)
    pushed = Pushed(
        opened_count=planned.opened_count,
        change_count=len(planned.changes),
        batch_count=planned.batch_count,
        repeated_count=repeated_count,
        refused_count=refused_count + newly_refused_count,
        late_count=sum(change.late_quantity != 0 for change in planned.changes),
    )
    log.info("Stock at Square: %s", pushed)
    return pushed


@dataclass(frozen=True)
class _Planned:
    changes: Sequence[Change]
    batch_count: int
    opened_count: int


def _plan(connection: psycopg.Connection, counts: Mapping[Place, Count] | None) -> _Planned | None:
    """Writes down what Square is to be told, in one transaction with how far of the ledger that is.

    :param counts: what Square counts. Most runs need not ask: None is answered with None where it must be known.
    """
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    with connection.transaction():
        lock_ledger(connection)
        pairs, unopened = _pairs(connection, now), read_unopened(connection)
        known = {} if counts is None else counts
        changes = [change for pair in pairs for change in changes_of(pair, _quantity(known, pair), now)]
        if counts is None and (unopened or any(change.is_count for change in changes)):
            return None
        _note_own_sales(connection, pairs)
        note_corrections(connection, changes, known, now)
        batch_count = batches.write(connection, changes)
        opened_count = open_pairs(connection, unopened, known, now)
        connection.execute(
            "UPDATE inventory.square_watermark"
            " SET movement_id = (SELECT coalesce(max(movement_id), 0) FROM inventory.movement)"
        )
    return _Planned(changes, batch_count, opened_count)


def _pairs(connection: psycopg.Connection, now: datetime) -> Sequence[Pair]:
    connection.execute("SET LOCAL jit = off")
    with connection.cursor(row_factory=class_row(Pair)) as cursor:
        return cursor.execute(statement("pairs"), {"oldest_at": now - OLDEST}).fetchall()


def _quantity(counts: Mapping[Place, Count], pair: Pair) -> Decimal | None:
    count = counts.get(pair.place)
    return count.quantity if count else None


def _note_own_sales(connection: psycopg.Connection, pairs: Sequence[Pair]) -> None:
    """What Square has sold itself it has taken off itself."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE inventory.square_level SET quantity = %(level_quantity)s
            WHERE location_key = %(location_key)s AND ingredient_key = %(ingredient_key)s
                AND quantity <> %(level_quantity)s
            """,
            [vars(pair) for pair in pairs if pair.is_sold_by_square and pair.level_quantity is not None],
        )
