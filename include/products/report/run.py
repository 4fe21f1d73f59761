"""One report from gold to people: workbook, sheet and mail. What the DAG's task calls."""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from include.config import Chain, load_chain
from include.google.client import CONN_ID, Google, google_if_configured
from include.products.report.message import digest, send_report
from include.products.report.reading import read_report
from include.products.report.request import REPORT, Output, Request, read_request
from include.products.report.sheet import publish
from include.products.report.tabs import tables
from include.products.report.workbook import write_workbook
from include.report_runs import Recording, notify, recorded
from include.warehouse.connection import connect

# What the task leaves in XCom.
Outcome = dict[str, str | int | bool | None]


def report_products(context: Mapping[str, Any]) -> Outcome:
    """:param context: the task's: params and the run's place in time."""
    chain, run = load_chain(), context["dag_run"]
    try:
        request = read_request(chain, context["params"], run_after=run.run_after, started_at=run.start_date)
    except ValueError as error:
        with recorded(context, title=REPORT):
            # Trying again changes no param.
            raise AirflowFailException(str(error)) from error
    with recorded(context, title=request.name) as recording:
        return _report(chain, request, recording)


def _report(chain: Chain, request: Request, recording: Recording) -> Outcome:
    google = _google(request.output)
    with connect() as connection:
        report = read_report(connection, chain, request)
    made = tables(report)
    workbook = write_workbook(f"reports/{recording.run_id}/{filename(request)}", made)
    with connect() as connection:
        recording.add_file(connection, workbook, format="xlsx")
    sheet_url = None
    if google is not None:
        with google:
            sheet_url = publish(google, report, made, share_with=request.recipients)
    row_count = sum(len(total.standings) for total in report.totals)
    with connect() as connection:
        message_id = None
        if request.is_mailed and request.recipients:
            is_attached = sheet_url is None or request.output is Output.BOTH
            message_id = send_report(
                connection, report, sheet_url=sheet_url, workbook=workbook, is_attached=is_attached
            )
            if message_id is not None:
                run = recording.run
                notify(connection, run.run_id, "report", message_id, request.recipients, run.asked_by)
        recording.finish(
            connection,
            row_count=row_count,
            sheet_url=sheet_url,
            digest=digest(report),
            note=_note(request, is_mailed=message_id is not None),
        )
    return {"rows": row_count, "xlsx": workbook.name, "sheet": sheet_url, "mailed": message_id is not None}


def _google(output: Output) -> Google | None:
    if output is Output.XLSX:
        return None
    google = google_if_configured()
    if google is None and output is not Output.AUTOMATIC:
        raise AirflowFailException(
            f"output: there is no connection {CONN_ID} for a Google Sheet; make one, or ask for {Output.XLSX}"
        )
    return google


def _note(request: Request, *, is_mailed: bool) -> str | None:
    """What people should know who wait for a mail."""
    if is_mailed or not request.is_mailed:
        return None
    if not request.recipients:
        return "Not mailed: nobody is to get it (recipients)"
    return "Not mailed again: the figures are those of the last mail"


def filename(request: Request) -> str:
    """Such as ``products_sold_northeast_2026-W47_20261123T110005Z.xlsx``: the run's start is the stamp."""
    about = [request.title, request.period.slug, *request.filters]
    words = [
        re.sub(r"[^\w-]+", "-", each).strip("-").lower() if each != request.period.slug else each for each in about
    ]
    return "_".join(["products_sold", *words, f"{request.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"]) + ".xlsx"
