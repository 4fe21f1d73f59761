"""The mails of an alert: to a department about missed calls, to IT about telephones that never rang."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg

from include.calls.callers import callers_of, read_histories
from include.calls.calls import Call
from include.calls.departments import Department
from include.calls.gaps import read_gaps
from include.calls.words import WORDS, clock, counted
from include.mail.outbox import enqueue
from include.mail.render import render

SQL = Path(__file__).parent / "sql"
MOST_LISTED = 50


def write_missed(
    connection: psycopg.Connection,
    department: Department,
    alert_id: int,
    calls: Sequence[Call],
    begin_at: datetime,
    end_at: datetime,
) -> None:
    """Who called, who is to be called back first, and how the window went."""
    callers = callers_of(calls, read_histories(connection, department.location.name, calls))
    answered_count, missed_count = _window(connection, department, begin_at, end_at)
    mail = render(
        "missed_calls",
        department=department,
        zone=department.location.zone,
        calls=calls,
        callers=callers,
        reached_count=sum(caller.is_reached for caller in callers),
        repeat_count=sum(caller.is_repeat for caller in callers),
        answered_count=answered_count,
        rung_count=answered_count + missed_count,
        answer_ratio=Decimal(answered_count) / (answered_count + missed_count),
        begin_at=begin_at,
        end_at=end_at,
        gaps=read_gaps(connection, {call.feed for call in calls}, begin_at, end_at),
        most_listed=MOST_LISTED,
        **WORDS,
    )
    since = clock(calls[0].started_at, department.location.zone)
    enqueue(
        connection,
        dedupe_key=f"missed_calls/{alert_id}",
        recipients=department.recipients,
        subject=f"{department.title}: {counted(len(calls), 'missed call')} since {since}",
        html=mail.html,
        text=mail.text,
    )


def write_unreachable(
    connection: psycopg.Connection,
    department: Department,
    alert_id: int,
    calls: Sequence[Call],
    begin_at: datetime,
    end_at: datetime,
) -> None:
    """What IT needs to find the calls in the phone system; who called is not theirs to know."""
    mail = render(
        "phones_unreachable",
        department=department,
        zone=department.location.zone,
        calls=calls,
        gaps=read_gaps(connection, {call.feed for call in calls}, begin_at, end_at),
        most_listed=MOST_LISTED,
        **WORDS,
    )
    enqueue(
        connection,
        dedupe_key=f"phones_unreachable/{alert_id}",
        recipients=department.it_recipients,
        subject=f"{department.title}: phones unreachable, {counted(len(calls), 'call')} never rang",
        html=mail.html,
        text=mail.text,
    )


def _window(
    connection: psycopg.Connection, department: Department, begin_at: datetime, end_at: datetime
) -> tuple[int, int]:
    parameters = {
        "location": department.location.name,
        "department": department.name,
        "begin_at": begin_at,
        "end_at": end_at,
    }
    [(answered_count, missed_count)] = connection.execute((SQL / "window.sql").read_bytes(), parameters).fetchall()
    return answered_count, missed_count
