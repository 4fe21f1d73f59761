"""Whether gold holds all of some business days: how far square_sync has come at each location."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

from include.config import Chain, Location
from include.warehouse.statements import statement


class NotSyncedYetError(Exception):
    """Gold lacks a part of what the report is about; another try, after square_sync has run, finds it."""


@dataclass(frozen=True)
class SyncedLocation:
    """A location as gold knows it. Before `synced_until_at` every change of its orders is in bronze."""

    location_id: str
    location_key: int
    name: str
    synced_until_at: datetime | None


def synced_locations(
    connection: psycopg.Connection, chain: Chain, names: Iterable[str]
) -> list[tuple[Location, SyncedLocation]]:
    """
    :raises NotSyncedYetError: when square_sync has not brought one of them.
    """
    with connection.cursor(row_factory=class_row(SyncedLocation)) as cursor:
        rows = cursor.execute(statement("progress/synced_location")).fetchall()
    known = {
        location.name: (location, row)
        for row in rows
        if (location := chain.location_of_square(row.location_id, row.name)) is not None
    }
    wanted = list(names)
    if missing := [name for name in wanted if name not in known]:
        raise NotSyncedYetError(
            f"square_sync has not brought {', '.join(missing)} yet: let it run, and check that Square has a location "
            "of that name"
        )
    return [known[name] for name in wanted]


def open_until(
    connection: psycopg.Connection,
    locations: Iterable[tuple[Location, SyncedLocation]],
    first: date,
    last: date,
    run_at: datetime,
) -> datetime | None:
    """None when the business days are complete at all locations; else how far the one that is behind has been synced.

    :param run_at: what had ended by then must be complete.
    :raises NotSyncedYetError: when it is not.
    """
    pairs = list(locations)
    behind: list[datetime] = []
    for location, synced in pairs:
        first_at, end_at = location.business_day(last)
        if synced.synced_until_at is not None and synced.synced_until_at >= end_at:
            continue
        if end_at <= run_at:
            raise NotSyncedYetError(_message(location, synced, last, end_at))
        behind.append(synced.synced_until_at or first_at)
    parameters = {
        "location_keys": [synced.location_key for _, synced in pairs],
        "first": first,
        "last": last,
    }
    row = connection.execute(statement("progress/pending"), parameters).fetchone()
    if row is not None and row[0]:
        days = f"{first}" if first == last else f"{first} to {last}"
        raise NotSyncedYetError(f"gold has yet to take over orders of {days}: square_sync is at work, or has failed")
    return min(behind, default=None)


def _message(location: Location, synced: SyncedLocation, day: date, end_at: datetime) -> str:
    def local(at: datetime) -> str:
        return f"{at.astimezone(location.zone):%Y-%m-%d %H:%M %Z}"

    reached = f"has reached {local(synced.synced_until_at)}" if synced.synced_until_at else "has fetched no orders"
    return (
        f"square_sync {reached} at {location.name}, but the business day {day} ended at {local(end_at)}: "
        "see to square_sync; this task tries again by itself"
    )
