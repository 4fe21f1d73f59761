"""One report from gold to people: file, sheet and mail. What the DAG's tasks call."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.config import Chain, load_chain
from include.outputs.csv_file import csv_bytes
from include.outputs.drafts import write_output
from include.report_runs import Recording, notify, recorded
from include.sales.report.message import send_report
from include.sales.report.reading import read_report
from include.sales.report.report import Report
from include.sales.report.request import GroupBy, Request, read_request
from include.sales.report.sheet import publish
from include.sales.report.table import HEADINGS, table
from include.warehouse.connection import connect

REPORT = "Sales report"
# The part of a run that tells of all locations side by side.
ALL_LOCATIONS = "all locations"
# What a task leaves in XCom.
Outcome = dict[str, str | bool | None]


def report_location(location_name: str, context: Mapping[str, Any]) -> Outcome:
    """Reports one location to its recipients.

    :param context: the task's: params and the run's place in time.
    """
    chain = load_chain()
    with _recorded(chain, context, location_name) as (request, recording):
        if not request.wants_location(location_name):
            raise AirflowSkipException(f"{location_name} is not asked for")
        location = chain.location(location_name)
        if location.business_day(request.period.first)[0] > request.run_at:
            raise AirflowSkipException(f"{request.period} has not begun at {location_name}")
        return _report(chain, request, recording, location.recipients, location_name=location_name)


def report_chain(context: Mapping[str, Any]) -> Outcome:
    """Reports all locations that are asked for, side by side, to the chain's report recipients."""
    chain = load_chain()
    with _recorded(chain, context, ALL_LOCATIONS) as (request, recording):
        if len(request.location_names) == 1 and not request.group_by.is_of_places:
            raise AirflowSkipException("one location is asked for: its own report says it all")
        if all(location.business_day(request.period.first)[0] > request.run_at for location in chain.locations):
            raise AirflowSkipException(f"{request.period} has not begun anywhere")
        return _report(chain, request, recording, chain.report_recipients)


@contextmanager
def _recorded(chain: Chain, context: Mapping[str, Any], part: str) -> Iterator[tuple[Request, Recording]]:
    """The request of a run, and the record of this task's part in it: a location, or all of them together."""
    part_count = len(chain.locations) + 1
    try:
        request = request_of(chain, context)
    except AirflowFailException:
        with recorded(context, title=REPORT, part=part, part_count=part_count):
            raise
    with recorded(context, title=title(chain, request), part=part, part_count=part_count) as recording:
        yield request, recording


def title(chain: Chain, request: Request) -> str:
    """What the run is called, such as "Sales report, Friday, November 20, 2026, Manhattan"."""
    names = request.location_names
    place = chain.name if len(names) == len(chain.locations) else ", ".join(names)
    grouping = [] if request.group_by is GroupBy.VARIATION else [f"by {request.group_by}"]
    return ", ".join([REPORT, str(request.period), place, *grouping])


def request_of(chain: Chain, context: Mapping[str, Any]) -> Request:
    run = context["dag_run"]
    try:
        return read_request(
            chain,
            context["params"],
            data_interval_end=run.data_interval_end,
            run_after=run.run_after,
            started_at=run.start_date,
        )
    except ValueError as error:
        # Trying again changes no param.
        raise AirflowFailException(str(error)) from error


def _report(
    chain: Chain,
    request: Request,
    recording: Recording,
    recipients: Sequence[str],
    *,
    location_name: str | None = None,
) -> Outcome:
    with connect() as connection:
        report = read_report(connection, chain, request, location_name=location_name)
    rows = table(report)
    content = csv_bytes(HEADINGS, rows)
    file = write_output(filename(report, request), content)
    with connect() as connection:
        recording.add_file(connection, file, format="csv", location_name=location_name)
    sheet_url = publish(report, share_with=[*recipients, *chain.report_recipients])
    mailed = None
    with connect() as connection:
        if request.is_mailed and recipients:
            mailed = send_report(
                connection,
                report,
                recipients=recipients,
                sheet_url=sheet_url,
                csv_name=file.name,
                csv_content=content,
            )
            if mailed is not None:
                run = recording.run
                notify(connection, run.run_id, "report", mailed, recipients, run.asked_by)
        # A run shows one sheet: that of all locations, where there is one.
        is_shown = location_name is None or len(request.location_names) == 1
        recording.finish(connection, row_count=len(rows), sheet_url=sheet_url if is_shown else None)
    return {"csv": file.name, "sheet": sheet_url, "mailed": mailed is not None}


def filename(report: Report, request: Request) -> str:
    """Such as ``sales_report_chicago-loop_2026-11-20_20261121T130005Z.csv``: the run's start is the stamp."""
    place = re.sub(r"\W+", "-", report.title.lower()).strip("-")
    grouping = [] if report.group_by is GroupBy.VARIATION else [f"by-{report.group_by}"]
    stamp = f"{request.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return "_".join(["sales_report", place, report.period.slug, *grouping, stamp]) + ".csv"
