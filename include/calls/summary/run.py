"""The day's summary of each location, as a mail. What the DAG's task calls."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import class_row

from include.calls.callers import Caller, callers_of, read_histories
from include.calls.departments import Department, Directory
from include.calls.gaps import Gap, read_gaps
from include.calls.summary.figures import DayCall, figures, hours, left_out, missed_by_outcome
from include.calls.words import LEFT_OUT, WORDS, percentage
from include.config import Chain, Location, load_chain
from include.config.request import asked_day, asked_locations
from include.mail.outbox import enqueue
from include.mail.render import render
from include.warehouse.connection import connect

SQL = Path(__file__).parents[1] / "sql"
log = logging.getLogger(__name__)


class NotPlacedYetError(Exception):
    """Calls of the day wait in the inbox; another try, after missed_calls has run, finds them placed."""


def summarize(params: Mapping[str, Any], data_interval_end: datetime | None, run_after: datetime) -> int:
    """Writes the summaries of the day that the run is about; returns how many. A day's summary goes out once.

    :raises ValueError: when a param cannot be.
    :raises NotPlacedYetError: when calls of the day are still to be worked on.
    """
    chain = load_chain()
    directory = Directory(chain)
    day = asked_day(chain, params["date"], data_interval_end, run_after)
    with connect() as connection:
        return sum(
            _summarize_location(connection, location, directory.at(location.name), day)
            for location in _locations(chain, params["locations"], day, run_after)
            if directory.at(location.name)
        )


def _locations(chain: Chain, names: Sequence[str], day: date, run_after: datetime) -> tuple[Location, ...]:
    wanted = asked_locations(chain, names)
    if still := [location.name for location in wanted if location.business_day(day)[1] > run_after]:
        raise ValueError(f"date: the business day {day} is not over at {', '.join(still)}")
    return wanted


def _summarize_location(
    connection: psycopg.Connection, location: Location, departments: Sequence[Department], day: date
) -> int:
    begin_at, end_at = location.business_day(day)
    _check_placed(connection, begin_at, end_at)
    with connection.cursor(row_factory=class_row(DayCall)) as cursor:
        parameters = {"location": location.name, "business_date": day}
        calls = cursor.execute((SQL / "day.sql").read_bytes(), parameters).fetchall()
    gaps = read_gaps(connection, _feeds(connection, location, day), begin_at, end_at)
    if not calls and not gaps:
        log.info("%s had no calls on %s", location.name, day)
        return 0
    return _write(connection, location, departments, day, calls, gaps)


def _check_placed(connection: psycopg.Connection, begin_at: datetime, end_at: datetime) -> None:
    [(count,)] = connection.execute(
        "SELECT count(*) FROM inbox.call WHERE state IN ('new', 'claimed') AND started_at >= %s AND started_at < %s",
        [begin_at, end_at],
    ).fetchall()
    if count:
        raise NotPlacedYetError(
            f"{count} calls between {begin_at:%Y-%m-%d %H:%M} and {end_at:%Y-%m-%d %H:%M %Z} wait in inbox.call: "
            "see to missed_calls; this task tries again by itself"
        )


def _feeds(connection: psycopg.Connection, location: Location, day: date) -> list[str]:
    """The feeds that the location's calls come by: those of the week, for a day on which one was lost as a whole."""
    rows = connection.execute(
        "SELECT DISTINCT feed FROM calls.call WHERE location = %s AND business_date BETWEEN %s AND %s",
        [location.name, day - timedelta(days=7), day],
    ).fetchall()
    return [feed for (feed,) in rows]


def _write(
    connection: psycopg.Connection,
    location: Location,
    departments: Sequence[Department],
    day: date,
    calls: Sequence[DayCall],
    gaps: Sequence[Gap],
) -> int:
    service_levels = {department.name: department.rules.service_level_seconds for department in departments}
    total = figures(calls, service_levels)
    by_department = {
        name: figures([call for call in calls if call.department == name], service_levels)
        for name in dict.fromkeys([*service_levels, *(call.department for call in calls)])
    }
    mail = render(
        "calls_summary",
        location=location,
        zone=location.zone,
        day=day,
        total=total,
        by_department=by_department,
        outcomes_missed=missed_by_outcome(calls),
        left_out={LEFT_OUT[reason]: count for reason, count in left_out(calls).items()},
        hours=hours(calls, location.zone, location.cutover_hour),
        service_levels=service_levels,
        waiting=_waiting(connection, location, calls),
        gaps=gaps,
        **WORDS,
    )
    answered = f"{percentage(total.answer_ratio)} of calls answered" if total.call_count else "no calls that count"
    message_id = enqueue(
        connection,
        dedupe_key=f"calls_summary/{location.name}/{day}",
        recipients=location.recipients
        or sorted({each for department in departments for each in department.recipients}),
        subject=f"{location.name}, {day:%a, %b} {day.day}: {answered}, {total.missed_count} missed",
        html=mail.html,
        text=mail.text,
    )
    return 0 if message_id is None else 1


def _waiting(connection: psycopg.Connection, location: Location, calls: Sequence[DayCall]) -> list[Caller]:
    """Who rang more than once and was spoken to neither then nor since."""
    missed = [call for call in calls if call.is_missed]
    if not missed:
        return []
    callers = callers_of(missed, read_histories(connection, location.name, missed))
    return [caller for caller in callers if caller.number and caller.is_repeat and not caller.is_reached]
