"""Says when it is over: a whole window has passed without a missed call. For departments that want to know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from include.calls.alerts import OLDEST
from include.calls.callers import callers_of, read_histories
from include.calls.calls import Call
from include.calls.departments import Department, Directory
from include.calls.words import WORDS, clock
from include.mail.outbox import enqueue
from include.mail.render import render

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Uncleared:
    """A department with an alert that nobody has called over. A feed that is lost tells nothing of quiet."""

    location: str
    department: str
    quiet_since_at: datetime
    is_feed_lost: bool


def clear(connection: psycopg.Connection, directory: Directory, run_at: datetime) -> int:
    """Writes the all-clears that are due; returns how many. Belongs into the transaction of `decide`, which locks."""
    with connection.cursor(row_factory=class_row(Uncleared)) as cursor:
        parameters = {"run_at": run_at, "oldest_at": run_at - OLDEST}
        rows = cursor.execute((SQL / "uncleared.sql").read_bytes(), parameters).fetchall()
    count = 0
    for row in rows:
        department = directory.get(row.location, row.department)
        if department is None or not department.rules.all_clear or row.is_feed_lost:
            continue
        if run_at - row.quiet_since_at >= timedelta(minutes=department.rules.window_minutes):
            _clear(connection, department, row.quiet_since_at, run_at)
            count += 1
    return count


def _clear(connection: psycopg.Connection, department: Department, quiet_since_at: datetime, run_at: datetime) -> None:
    rows = connection.execute(
        """
        UPDATE calls.alert SET all_clear_at = %(run_at)s
        WHERE kind = 'missed' AND location = %(location)s AND department = %(department)s AND all_clear_at IS NULL
            AND decided_at > %(oldest_at)s
        RETURNING alert_id
        """,
        {
            "run_at": run_at,
            "location": department.location.name,
            "department": department.name,
            "oldest_at": run_at - OLDEST,
        },
    ).fetchall()
    alert_ids = [alert_id for (alert_id,) in rows]
    with connection.cursor(row_factory=class_row(Call)) as cursor:
        calls = cursor.execute((SQL / "reported.sql").read_bytes(), {"alert_ids": alert_ids}).fetchall()
    callers = callers_of(calls, read_histories(connection, department.location.name, calls))
    mail = render(
        "calls_all_clear",
        department=department,
        zone=department.location.zone,
        call_count=len(calls),
        quiet_since_at=quiet_since_at,
        waiting=[caller for caller in callers if not caller.is_reached],
        **WORDS,
    )
    since = clock(quiet_since_at, department.location.zone)
    enqueue(
        connection,
        dedupe_key=f"calls_all_clear/{max(alert_ids)}",
        recipients=department.recipients,
        subject=f"All clear: {department.title}, no missed call since {since}",
        html=mail.html,
        text=mail.text,
    )
