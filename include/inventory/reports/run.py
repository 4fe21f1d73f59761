"""A day's logs and mails. What the DAG's tasks call."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import psycopg
from airflow.sdk.exceptions import AirflowSkipException
from psycopg import IsolationLevel

from include.config import load_chain
from include.inventory.at_square import compare, late_counts, sync_stock
from include.inventory.reports.logs import write_logs
from include.inventory.reports.message import send_report
from include.inventory.reports.progress import complete_places
from include.inventory.reports.reading import read_day
from include.inventory.reports.request import request_of
from include.square.away import SquareAwayError
from include.square.client import square_client
from include.square.raw import closing
from include.warehouse.connection import connect

log = logging.getLogger(__name__)

# What a task leaves in XCom.
Outcome = dict[str, str | int | bool | None]


def compare_with_square(context: Mapping[str, Any]) -> int | None:
    """Holds Square's counts against ours and keeps the differences of the day.

    :returns: how many; None for a day that lies behind (Square tells no past counts), or while Square is away.
    """
    request = request_of(load_chain(), context)
    if not request.is_newest:
        log.info("Square's counts are those of now: %s is not compared again", request.day)
        return None
    with closing(square_client()) as client, connect() as connection:
        try:
            sync_stock(connection, client)
            return len(compare(connection, client, request.day))
        except SquareAwayError as error:
            log.warning("%s. The report goes out without the comparison.", error)
            return None


def report_location(location_name: str, compared_count: int | None, context: Mapping[str, Any]) -> Outcome:
    """The logs and the mail of one location.

    :param context: the task's: params and the run's place in time.
    """
    chain = load_chain()
    request = request_of(chain, context)
    location = chain.location(location_name)
    if location not in request.locations:
        raise AirflowSkipException(f"{location_name} is not asked for")
    start_at, end_at = location.business_day(request.day)
    if start_at > request.run_at:
        raise AirflowSkipException(f"{request.day} has not begun at {location_name}")
    with connect() as connection:
        _see_one_state(connection)
        [place], open_until_at = complete_places(
            connection, chain, [location], request.day, request.day, request.run_at
        )
        report = read_day(
            connection, request, [place], title=location_name, is_chain=False, open_until_at=open_until_at
        )
        if not report.is_kept:
            raise AirflowSkipException("no stock is kept")
        late = [each for each in late_counts(connection, start_at, end_at) if each.location_name == location_name]
        logs = write_logs(connection, request, place, [*location.recipients, *chain.report_recipients])
    mailed = None
    if request.is_mailed and location.recipients:
        with connect() as connection:
            mailed = send_report(
                connection,
                report,
                recipients=location.recipients,
                logs=logs,
                late_counts=late,
                is_compared=compared_count is not None,
            )
    return asdict(logs) | {"mailed": mailed is not None}


def report_chain(compared_count: int | None, context: Mapping[str, Any]) -> Outcome:
    """The mail that holds all locations that are asked for side by side, to the chain's report recipients."""
    chain = load_chain()
    request = request_of(chain, context)
    begun = [each for each in request.locations if each.business_day(request.day)[0] <= request.run_at]
    if len(begun) < 2:
        raise AirflowSkipException("one location is asked for: its own report says it all")
    if not (request.is_mailed and chain.report_recipients):
        raise AirflowSkipException("no mail is asked for")
    with connect() as connection:
        _see_one_state(connection)
        places, open_until_at = complete_places(connection, chain, begun, request.day, request.day, request.run_at)
        report = read_day(connection, request, places, title=chain.name, is_chain=True, open_until_at=open_until_at)
    if not report.is_kept:
        raise AirflowSkipException("no stock is kept")
    with connect() as connection:
        mailed = send_report(
            connection, report, recipients=chain.report_recipients, is_compared=compared_count is not None
        )
    return {"mailed": mailed is not None}


def _see_one_state(connection: psycopg.Connection) -> None:
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
