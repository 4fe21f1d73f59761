"""Whether warehouse and ledger hold all of a business day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from include.config import Chain, Location
from include.inventory.reports.request import Request
from include.warehouse.progress import open_until, synced_locations


class NotDeductedYetError(Exception):
    """The ledger lacks a part of the day; another try, after inventory_deduction has run, finds it."""


@dataclass(frozen=True)
class Place:
    """A location, and its key in gold."""

    location: Location
    location_key: int


def complete_places(
    connection: psycopg.Connection, chain: Chain, request: Request, locations: Sequence[Location]
) -> tuple[list[Place], datetime | None]:
    """The locations with their keys; and, while the day is open, how far square_sync had come.

    :raises NotSyncedYetError, NotDeductedYetError: when something of a day that has ended is missing.
    """
    synced = synced_locations(connection, chain, [location.name for location in locations])
    open_until_at = open_until(connection, synced, request.day, request.day, request.run_at)
    places = [Place(location, row.location_key) for location, row in synced]
    [(count,)] = connection.execute(
        """
        SELECT count(*)
        FROM inventory.pending_order
        JOIN silver.orders USING (order_key)
        JOIN gold.dim_location AS location USING (location_id)
        WHERE orders.business_date = %s AND location.location_key = ANY(%s)
        """,
        [request.day, [place.location_key for place in places]],
    ).fetchall()
    if count:
        raise NotDeductedYetError(
            f"inventory_deduction has yet to take {count} orders of {request.day} off the shelves: see to it; this "
            "task tries again by itself"
        )
    return places, open_until_at
