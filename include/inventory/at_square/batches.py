"""Calls that change stock in Square: committed with their keys before they are made, repeated until answered."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from itertools import groupby

import psycopg

from include.config import load_chain
from include.inventory.at_square.plan import Change
from include.inventory.at_square.statements import statement
from include.mail.outbox import enqueue
from include.square.away import telling_away
from include.square.client import Square
from include.square.raw import Json
from include.square.stock import (
    CHANGES_A_CALL,
    StockRefusedError,
    adjustment,
    change_stock,
    physical_count,
    read_references,
)

log = logging.getLogger(__name__)

# One change that Square does not take keeps those of its call out: what was refused goes out in ever smaller company.
CHANGES_AFTER_REFUSALS = (CHANGES_A_CALL, 10, 1)


def write(connection: psycopg.Connection, changes: Sequence[Change]) -> int:
    """Puts changes into batches that wait, in the caller's transaction; returns how many batches."""
    together = list(_together(changes))
    with connection.cursor() as cursor:
        for batch in together:
            row = cursor.execute("INSERT INTO inventory.square_batch DEFAULT VALUES RETURNING batch_id").fetchone()
            assert row is not None  # noqa: S101
            cursor.executemany(
                statement("change"),
                [
                    {"batch_id": row[0], "change_number": number, **vars(change.pair), **vars(change)}
                    for number, change in enumerate(batch)
                ],
            )
        cursor.executemany(statement("sent_at"), [{**vars(change.pair), **vars(change)} for change in changes])
    return len(together)


def _together(changes: Sequence[Change]) -> Iterable[Sequence[Change]]:
    def most(change: Change) -> int:
        return CHANGES_AFTER_REFUSALS[min(change.pair.refusal_count, len(CHANGES_AFTER_REFUSALS) - 1)]

    for size, group in groupby(sorted(changes, key=most, reverse=True), key=most):
        alike = list(group)
        yield from (alike[at : at + size] for at in range(0, len(alike), size))


def send_waiting(connection: psycopg.Connection, client: Square) -> tuple[int, int]:
    """Makes the calls that wait, the oldest first, each answer in a transaction of its own.

    :param connection: in autocommit mode.
    :returns: how many Square took, and how many it refused.
    :raises SquareAwayError: when it cannot be asked now; they go on waiting.
    """
    waiting = connection.execute(
        "SELECT batch_id, idempotency_key::text FROM inventory.square_batch WHERE state = 'waiting' ORDER BY batch_id"
    ).fetchall()
    refused_count = 0
    for batch_id, key in waiting:
        try:
            with telling_away():
                change_stock(client, key, _content(connection, batch_id))
        except StockRefusedError as error:
            if not _was_made(connection, client, batch_id):
                refused_count += 1
                with connection.transaction():
                    _refused(connection, batch_id, str(error))
                continue
        connection.execute(statement("done"), {"batch_id": batch_id})
    return len(waiting) - refused_count, refused_count


def _content(connection: psycopg.Connection, batch_id: int) -> list[Json]:
    """The same for every repeat: all of it comes from the batch's rows."""
    rows = connection.execute(
        """
        SELECT change_number, variation_id, location_id, from_state, to_state, quantity, occurred_at
        FROM inventory.square_change
        WHERE batch_id = %s
        ORDER BY change_number
        """,
        [batch_id],
    )
    return [
        adjustment((variation_id, location_id), from_state, to_state, quantity, at, _reference(batch_id, number))
        if from_state
        else physical_count((variation_id, location_id), quantity, at, _reference(batch_id, number))
        for number, variation_id, location_id, from_state, to_state, quantity, at in rows
    ]


def _reference(batch_id: int, change_number: int) -> str:
    return f"storekeeper-{batch_id}-{change_number}"


def _was_made(connection: psycopg.Connection, client: Square, batch_id: int) -> bool:
    """Whether an earlier call, whose answer was lost, has made the changes of a batch that is now refused.

    The key should have told; but after a day Square may look at the times first.
    """
    row = connection.execute(
        """
        SELECT variation_id, location_id, made_at - interval '1 hour'
        FROM inventory.square_change JOIN inventory.square_batch USING (batch_id)
        WHERE batch_id = %s AND change_number = 0
        """,
        [batch_id],
    ).fetchone()
    assert row is not None  # noqa: S101
    variation_id, location_id, since = row
    with telling_away():
        return _reference(batch_id, 0) in read_references(client, (variation_id, location_id), since)


def _refused(connection: psycopg.Connection, batch_id: int, reason: str) -> None:
    connection.execute(statement("refused"), {"batch_id": batch_id, "refusal": reason})
    rows = connection.execute(statement("refused_pairs"), {"batch_id": batch_id}).fetchall()
    things = [f"{ingredient} at {location}" for ingredient, location in rows]
    log.warning("Square refused batch %d (%s): %s", batch_id, ", ".join(things), reason)
    advice = (
        f"Square refused to change the stock of {', '.join(things)}: {reason}. "
        "The ledger is right, and the next run of inventory_deduction sends what it says in smaller calls, so that one "
        "bad change keeps no other out. What is refused again and again needs a look at that item in Square."
    )
    day = datetime.now().astimezone().date()
    enqueue(
        connection,
        dedupe_key=f"square-stock-refused:{day}:{sha256(f'{reason}{things}'.encode()).hexdigest()[:16]}",
        recipients=load_chain().operations_recipients,
        subject=f"Square refused changes of stock: {things[0] if len(things) == 1 else f'{len(things)} ingredients'}",
        text=advice,
        html=f"<p>{escape(advice)}</p>",
    )
