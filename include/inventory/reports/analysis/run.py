"""One analysis: file, sheet, chart and, where asked for, mail. What the DAG's task calls."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

import psycopg
from airflow.sdk.exceptions import AirflowFailException
from psycopg import IsolationLevel

from include.config import Chain, load_chain
from include.google.client import google_if_configured
from include.google.long_tabs import MOST_CELLS, replace_long_tab
from include.google.sheets import replace_tab
from include.inventory.reports.analysis.chart import Sums, chart_table
from include.inventory.reports.analysis.reading import read_rows
from include.inventory.reports.analysis.request import Measure, Request, read_request
from include.inventory.reports.analysis.table import cells, headings
from include.inventory.reports.progress import complete_places
from include.mail.outbox import enqueue
from include.mail.render import money, number, render
from include.outputs.csv_file import write_csv
from include.warehouse.connection import connect

log = logging.getLogger(__name__)

TOP_GROUPS = 15

# What the task leaves in XCom.
Outcome = dict[str, str | int | bool | None]


def analyse(context: Mapping[str, Any]) -> Outcome:
    """:param context: the task's: params and the run's place in time."""
    chain, run = load_chain(), context["dag_run"]
    try:
        request = read_request(chain, context["params"], run_after=run.run_after, started_at=run.start_date)
    except ValueError as error:
        # Trying again changes no param.
        raise AirflowFailException(str(error)) from error
    sums = Sums(request)
    with connect() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        places, _ = complete_places(connection, chain, request.locations, request.first, request.last, request.run_at)
        names = [place.gold_name for place in places]
        rows = (cells(request, row) for row in sums.follow(read_rows(connection, request, names)))
        file, row_count = write_csv(filename(request), headings(request), rows)
        log.info("%d rows in %s", row_count, file.name)
        sheet_url = _publish(connection, chain, request, names, sums, row_count)
    mailed = None
    if request.is_mailed:
        with connect() as connection:
            mailed = _mail(connection, chain, sums, file.name, sheet_url, run.run_id)
    return {"csv": file.name, "rows": row_count, "sheet": sheet_url, "mailed": mailed is not None}


def filename(request: Request) -> str:
    """Such as ``inventory_analysis_month_by-item-and-location_2025-12-01_2026-11-30_20261201T130005Z.csv``."""
    grouping = request.grouping.replace(" ", "-")
    stamp = f"{request.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"inventory_analysis_{request.grain}_by-{grouping}_{request.first}_{request.last}_{stamp}.csv"


def _publish(
    connection: psycopg.Connection,
    chain: Chain,
    request: Request,
    names: Sequence[str],
    sums: Sums,
    row_count: int,
) -> str | None:
    """Writes the table's tab, then the one with the chart, whose address is returned; None without sheets."""
    google = google_if_configured()
    if google is None:
        return None
    place = chain.name if request.is_of_all_locations else ", ".join(location.name for location in request.locations)
    spreadsheet = f"Stock analysis, {place}"
    tab = f"{request.first} to {request.last} by {request.grouping}, {request.grain}"
    chart_rows, chart = chart_table(sums)
    currency = "" if request.measure is Measure.QUANTITY else sums.currency
    with google:
        if row_count * len(headings(request)) < MOST_CELLS:
            rows = (cells(request, row) for row in read_rows(connection, request, names))
            replace_long_tab(
                google, spreadsheet, tab, headings(request), rows, row_count, share_with=chain.report_recipients
            )
        else:
            log.warning("%d rows are too many for a sheet: it gets the chart only, all rows are in the file", row_count)
        return replace_tab(
            google,
            spreadsheet,
            f"{tab}, {request.measure}",
            chart_rows,
            share_with=chain.report_recipients,
            currency_columns=dict.fromkeys(chart.series_columns, currency) if currency else None,
            charts=[chart],
        )


def _mail(
    connection: psycopg.Connection, chain: Chain, sums: Sums, csv_name: str, sheet_url: str | None, run_id: str
) -> UUID | None:
    request = sums.request

    def shown(value: Any) -> str:
        return number(value) if request.measure is Measure.QUANTITY else money(round(value), sums.currency)

    title = f"{request.measure.capitalize()} by {request.grouping}"
    mail = render(
        "inventory_analysis",
        title=title,
        request=request,
        chain=chain,
        top=[(label, shown(sum_)) for label, sum_ in sums.totals[:TOP_GROUPS]],
        more_count=max(len(sums.totals) - TOP_GROUPS, 0),
        sheet_url=sheet_url,
        csv_name=csv_name,
    )
    return enqueue(
        connection,
        dedupe_key=f"inventory_analysis/{run_id}",
        recipients=chain.report_recipients,
        subject=f"{title}, {request.first} to {request.last}",
        html=mail.html,
        text=mail.text,
    )
