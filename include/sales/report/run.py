"""One report from gold to people: file, sheet and mail. What the DAG's tasks call."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.config import Chain, load_chain
from include.outputs.csv_file import csv_bytes
from include.outputs.drafts import write_output
from include.sales.report.message import send_report
from include.sales.report.reading import read_report
from include.sales.report.report import Report
from include.sales.report.request import GroupBy, Request, read_request
from include.sales.report.sheet import publish
from include.sales.report.table import HEADINGS, table
from include.warehouse.connection import connect

# What a task leaves in XCom.
Outcome = dict[str, str | bool | None]


def report_location(location_name: str, context: Mapping[str, Any]) -> Outcome:
    """Reports one location to its recipients.

    :param context: the task's: params and the run's place in time.
    """
    chain = load_chain()
    request = request_of(chain, context)
    if not request.wants_location(location_name):
        raise AirflowSkipException(f"{location_name} is not asked for")
    location = chain.location(location_name)
    if location.business_day(request.period.first)[0] > request.run_at:
        raise AirflowSkipException(f"{request.period} has not begun at {location_name}")
    return _report(chain, request, location.recipients, location_name=location_name)


def report_chain(context: Mapping[str, Any]) -> Outcome:
    """Reports all locations that are asked for, side by side, to the chain's report recipients."""
    chain = load_chain()
    request = request_of(chain, context)
    if len(request.location_names) == 1 and not request.group_by.is_of_places:
        raise AirflowSkipException("one location is asked for: its own report says it all")
    if all(location.business_day(request.period.first)[0] > request.run_at for location in chain.locations):
        raise AirflowSkipException(f"{request.period} has not begun anywhere")
    return _report(chain, request, chain.report_recipients)


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


def _report(chain: Chain, request: Request, recipients: Sequence[str], *, location_name: str | None = None) -> Outcome:
    with connect() as connection:
        report = read_report(connection, chain, request, location_name=location_name)
    content = csv_bytes(HEADINGS, table(report))
    file = write_output(filename(report, request), content)
    sheet_url = publish(report, share_with=[*recipients, *chain.report_recipients])
    mailed = None
    if request.is_mailed and recipients:
        with connect() as connection:
            mailed = send_report(
                connection,
                report,
                recipients=recipients,
                sheet_url=sheet_url,
                csv_name=file.name,
                csv_content=content,
            )
    return {"csv": file.name, "sheet": sheet_url, "mailed": mailed is not None}


def filename(report: Report, request: Request) -> str:
    """Such as ``sales_report_chicago-loop_2026-11-20_20261121T130005Z.csv``: the run's start is the stamp."""
    place = re.sub(r"\W+", "-", report.title.lower()).strip("-")
    grouping = [] if report.group_by is GroupBy.VARIATION else [f"by-{report.group_by}"]
    stamp = f"{request.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return "_".join(["sales_report", place, report.period.slug, *grouping, stamp]) + ".csv"
