"""Decides which missed calls are worth an alert, and writes it, its mail and what it told of in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from include.calls.alert_mail import write_missed, write_unreachable
from include.calls.calls import Call, Unreported, crowded
from include.calls.departments import Department, Directory

SQL = Path(__file__).parent / "sql"
# What came in later than this after its end (a listener that was away for long) is for the day's summary only.
OLDEST = timedelta(hours=12)


class Kind(StrEnum):
    MISSED = "missed"
    UNREACHABLE = "unreachable"


def decide(connection: psycopg.Connection, directory: Directory, run_at: datetime) -> int:
    """Writes the alerts that are due, in the caller's transaction; returns how many.

    Two runs cannot tell of one call: the second waits here until the first has committed what it told of.
    """
    connection.execute("LOCK TABLE calls.alert IN SHARE ROW EXCLUSIVE MODE")
    count = 0
    for department, calls in _unreported(connection, directory, run_at):
        rules = department.rules
        missed = crowded(
            [call for call in calls if call.is_for_department],
            timedelta(minutes=rules.window_minutes),
            rules.missed_count,
        )
        if missed:
            _alert(connection, department, Kind.MISSED, missed, run_at)
            count += 1
        unreachable = crowded(
            [call for call in calls if call.is_for_it],
            timedelta(minutes=rules.unreachable.window_minutes),
            rules.unreachable.call_count,
        )
        if unreachable and not _was_told(connection, department, run_at):
            _alert(connection, department, Kind.UNREACHABLE, unreachable, run_at)
            count += 1
    return count


def _unreported(
    connection: psycopg.Connection, directory: Directory, run_at: datetime
) -> list[tuple[Department, list[Unreported]]]:
    """By department; those that are no longer configured have nobody to be told."""
    with connection.cursor(row_factory=class_row(Unreported)) as cursor:
        parameters = {"run_at": run_at, "oldest_at": run_at - OLDEST}
        calls = cursor.execute((SQL / "unreported.sql").read_bytes(), parameters).fetchall()
    grouped: defaultdict[tuple[str, str], list[Unreported]] = defaultdict(list)
    for call in calls:
        grouped[call.location, call.department].append(call)
    return [(department, each) for key, each in grouped.items() if (department := directory.get(*key))]


def _was_told(connection: psycopg.Connection, department: Department, run_at: datetime) -> bool:
    """Whether IT has heard of the department within its quiet minutes."""
    row = connection.execute(
        """
        SELECT EXISTS (
            SELECT FROM calls.alert
            WHERE kind = %s AND location = %s AND department = %s AND decided_at > %s
        )
        """,
        [
            Kind.UNREACHABLE,
            department.location.name,
            department.name,
            run_at - timedelta(minutes=department.rules.unreachable.quiet_minutes),
        ],
    ).fetchone()
    return row is not None and bool(row[0])


def _alert(
    connection: psycopg.Connection, department: Department, kind: Kind, calls: Sequence[Call], run_at: datetime
) -> None:
    is_missed = kind is Kind.MISSED
    window = department.rules.window_minutes if is_missed else department.rules.unreachable.window_minutes
    end_at = calls[-1].ended_at
    begin_at = min(end_at - timedelta(minutes=window), calls[0].started_at)
    row = connection.execute(
        """
        INSERT INTO calls.alert (kind, location, department, call_count, window_begin_at, window_end_at, decided_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        RETURNING alert_id
        """,
        [kind, department.location.name, department.name, len(calls), begin_at, end_at, run_at],
    ).fetchone()
    assert row is not None  # noqa: S101 (an INSERT that returns)
    keys = [call.call_key for call in calls]
    if is_missed:
        connection.execute("UPDATE calls.call SET missed_alert_id = %s WHERE call_key = ANY(%s)", [row[0], keys])
        write_missed(connection, department, row[0], calls, begin_at, end_at)
    else:
        connection.execute("UPDATE calls.call SET unreachable_alert_id = %s WHERE call_key = ANY(%s)", [row[0], keys])
        write_unreachable(connection, department, row[0], calls, begin_at, end_at)
