"""What people tell the ledger: what came, what was thrown away, counted, sent elsewhere, and what there was first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

import psycopg

from include.inventory.ledger.statements import absorb, last_movement_id, lock_ledger, statement

Kind = Literal["opening", "receipt", "waste", "count", "transfer"]
# These say what there is, and book what is missing to that.
ABSOLUTE: tuple[Kind, ...] = ("opening", "count")


@dataclass(frozen=True)
class Entry:
    """
    :param entry_key: names the telling (a run, its line): told again it books nothing.
    :param quantity: in the ingredient's unit, never negative, 5 places. Of a count what there was at `occurred_at`, of
        an opening what there is now, else what moved.
    :param location_key: of a transfer where it came from.
    """

    entry_key: str
    kind: Kind
    location_key: int
    ingredient_key: int
    quantity: Decimal
    occurred_at: datetime
    reason: str
    entered_by: str
    to_location_key: int | None = None


def book(connection: psycopg.Connection, entries: Sequence[Entry]) -> int:
    """Books entries in the caller's transaction; after a count its sum is what was counted, whatever comes in late.

    :returns: how many were new. Those that are known by their key are left as they are.
    """
    lock_ledger(connection)
    connection.execute("SET LOCAL jit = off")
    return sum(_book(connection, together) for together in _rounds(entries))


def _rounds(entries: Sequence[Entry]) -> list[list[Entry]]:
    """What can be booked at once: first all that moves, then the counts, each of a location and ingredient after the
    one that was before it."""
    moving = [entry for entry in entries if entry.kind not in ABSOLUTE]
    rounds: list[list[Entry]] = [moving] if moving else []
    seen: Counter[tuple[int, int]] = Counter()
    counts: list[list[Entry]] = []
    for entry in sorted((entry for entry in entries if entry.kind in ABSOLUTE), key=lambda entry: entry.occurred_at):
        pair = entry.location_key, entry.ingredient_key
        if seen[pair] == len(counts):
            counts.append([])
        counts[seen[pair]].append(entry)
        seen[pair] += 1
    return rounds + counts


def _book(connection: psycopg.Connection, entries: Sequence[Entry]) -> int:
    after_movement_id = last_movement_id(connection)
    entry_ids = [
        entry_id
        for (entry_id,) in connection.execute(
            statement("entries"),
            {
                "entry_keys": [entry.entry_key for entry in entries],
                "kinds": [entry.kind for entry in entries],
                "location_keys": [entry.location_key for entry in entries],
                "to_location_keys": [entry.to_location_key for entry in entries],
                "ingredient_keys": [entry.ingredient_key for entry in entries],
                "quantities": [entry.quantity for entry in entries],
                "occurred_at": [entry.occurred_at for entry in entries],
                "reasons": [entry.reason for entry in entries],
                "entered_by": [entry.entered_by for entry in entries],
            },
        )
    ]
    if entry_ids:
        ingredient_keys = list({entry.ingredient_key for entry in entries})
        connection.execute(statement("entry_movements"), {"entry_ids": entry_ids, "ingredient_keys": ingredient_keys})
        absorb(connection, after_movement_id)
    return len(entry_ids)
