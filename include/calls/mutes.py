"""Silence that somebody asked for: no alert about a department for some hours."""

import logging
from datetime import datetime, timedelta

import psycopg

from include.calls.departments import Directory
from include.config import load_chain
from include.warehouse.connection import connect

log = logging.getLogger(__name__)


def mute_department(
    location: str, department: str, *, hours: float, reason: str, mute_id: str, muted_by: str, run_at: datetime
) -> str:
    """Mutes a department from `run_at` on, in place of a silence that lasts already; 0 hours end it.

    :param mute_id: names the request: asked twice, it mutes once.
    :returns: until when, as the location's clock shows it.
    :raises ValueError: when the location has no such department.
    """
    directory = Directory(load_chain())
    known = directory.get(location, department)
    if known is None:
        names = ", ".join(each.name for each in directory.at(location)) or "none"
        raise ValueError(f"department: {location} has no {department!r} in phones.yaml; it has {names}")
    until_at = run_at + timedelta(hours=hours)
    with connect() as connection:
        _write(connection, location, department, mute_id, run_at, until_at, muted_by, reason)
    shown = f"{until_at.astimezone(known.location.zone):%Y-%m-%d %H:%M %Z}"
    log.info("%s is muted until %s by %s: %s", known.title, shown, muted_by, reason)
    return shown


def _write(
    connection: psycopg.Connection,
    location: str,
    department: str,
    mute_id: str,
    begin_at: datetime,
    until_at: datetime,
    muted_by: str,
    reason: str,
) -> None:
    connection.execute(
        """
        UPDATE calls.mute SET until_at = greatest(begin_at, %(begin_at)s)
        WHERE location = %(location)s AND department = %(department)s AND until_at > %(begin_at)s AND mute_id <> %(id)s
        """,
        {"begin_at": begin_at, "location": location, "department": department, "id": mute_id},
    )
    connection.execute(
        """
        INSERT INTO calls.mute (mute_id, location, department, begin_at, until_at, muted_by, reason)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (mute_id) DO NOTHING
        """,
        [mute_id, location, department, begin_at, until_at, muted_by, reason],
    )
