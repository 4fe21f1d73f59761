"""Whether warehouse and ledger hold all of some business days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import psycopg

from include.config import Chain, Location
from include.warehouse.progress import open_until, synced_locations


class NotDeductedYetError(Exception):
    """The ledger lacks a part of the day; another try, after inventory_deduction has run, finds it."""


@dataclass(frozen=True)
class Place:
    """A location, its key and its name in gold."""

    location: Location
    location_key: int
    gold_name: str


def complete_places(
    connection: psycopg.Connection,
    chain: Chain,
    locations: Sequence[Location],
    first: date,
    last: date,
    run_at: datetime,
) -> tuple[list[Place], datetime | None]:
    """The locations with their keys; and, while the last day is open, how far square_sync had come.

    :param run_at: what had ended by then must be complete.
    :raises NotSyncedYetError, NotDeductedYetError: when something is missing.
    """
    synced = synced_locations(connection, chain, [location.name for location in locations])
    open_until_at = open_until(connection, synced, first, last, run_at)
    places = [Place(location, row.location_key, row.name) for location, row in synced]
    [(count,)] = connection.execute(
        """
        SELECT count(*)
        FROM inventory.pending_order
        JOIN silver.orders USING (order_key)
        JOIN gold.dim_location AS location USING (location_id)
        WHERE orders.business_date BETWEEN %s AND %s AND location.location_key = ANY(%s)
        """,
        [first, last, [place.location_key for place in places]],
    ).fetchall()
    if count:
        days = f"{first}" if first == last else f"{first} to {last}"
        raise NotDeductedYetError(
            f"inventory_deduction has yet to take {count} orders of {days} off the shelves: see to it; this "
            "task tries again by itself"
        )
    return places, open_until_at
