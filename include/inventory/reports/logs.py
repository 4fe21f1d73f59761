"""The logs of a location's business day: each ingredient taken off the shelf, and what was done to fill it again.

Each is a file and a tab of the location's spreadsheet of that week: a month of long days would not fit into one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
from babel.numbers import get_currency_precision
from psycopg.rows import dict_row

from include.config import Location
from include.google.client import google_if_configured
from include.google.long_tabs import replace_long_tab
from include.google.sheets import replace_tab
from include.inventory.reports.progress import Place
from include.inventory.reports.request import Request
from include.inventory.reports.statements import statement
from include.inventory.restock.words import about
from include.outputs.csv_file import Cell, write_csv

DEDUCTION_HEADINGS = (
    "Business day", "Time", "Location", "Order", "Item", "Variation", "Modifier", "Ingredient", "Deducted", "Unit",
    "Kind",
)  # fmt: skip
RESTOCK_HEADINGS = (
    "Business day", "Time", "Location", "Event", "Ingredient", "Quantity", "Unit", "Packs", "Pack", "Purchase order",
    "Supplier", "Cost", "Currency", "Why", "Who",
)  # fmt: skip
COST_COLUMN = RESTOCK_HEADINGS.index("Cost")
# So many rows come from the database at a time.
ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Logs:
    """:param sheet_url: the deduction log's tab; None where the chain does without sheets."""

    deduction_file: str
    deduction_count: int
    restock_file: str
    restock_count: int
    sheet_url: str | None


def write_logs(connection: psycopg.Connection, request: Request, place: Place, share_with: Sequence[str]) -> Logs:
    """Writes both files, then both tabs, of what the connection's snapshot shows.

    :param connection: in a transaction that sees one state of the database (repeatable read).
    """
    location = place.location
    file, row_count = write_csv(
        filename("deduction_log", request, location),
        DEDUCTION_HEADINGS,
        deduction_rows(connection, request, place),
    )
    restocked = restock_rows(connection, request, place)
    restock_file, restock_count = write_csv(filename("restock_log", request, location), RESTOCK_HEADINGS, restocked)
    sheet_url = None
    google = google_if_configured()
    if google is not None:
        year, week, _ = request.day.isocalendar()
        spreadsheet = f"Stock log, {location.name}, {year}-W{week:02}"
        with google:
            replace_tab(
                google,
                spreadsheet,
                f"{request.day} restock",
                [RESTOCK_HEADINGS, *restocked],
                share_with=share_with,
                currency_columns={COST_COLUMN: ""},
            )
            sheet_url = replace_long_tab(
                google,
                spreadsheet,
                f"{request.day} deductions",
                DEDUCTION_HEADINGS,
                deduction_rows(connection, request, place),
                row_count,
                share_with=(),
            )
    return Logs(file.name, row_count, restock_file.name, restock_count, sheet_url)


def deduction_rows(connection: psycopg.Connection, request: Request, place: Place) -> Iterator[Sequence[Cell]]:
    """Rows below `DEDUCTION_HEADINGS`, in the order in which things were sold. They come as they are asked for."""
    with connection.cursor(name="deduction_log") as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        cursor.execute(statement("deduction_log"), {"day": request.day, "location_key": place.location_key})
        for day, *cells in cursor:
            yield day.isoformat(), *cells


def restock_rows(connection: psycopg.Connection, request: Request, place: Place) -> list[Sequence[Cell]]:
    """Rows below `RESTOCK_HEADINGS`."""
    start_at, end_at = place.location.business_day(request.day)
    parameters = {"location_key": place.location_key, "start_at": start_at, "end_at": end_at}
    with connection.cursor(row_factory=dict_row) as cursor:
        return [
            _restock_row(request, place.location, row) for row in cursor.execute(statement("restock_log"), parameters)
        ]


def _restock_row(request: Request, location: Location, row: dict[str, Any]) -> Sequence[Cell]:
    happened_at: datetime = row["happened_at"]
    cost_cents, currency = row["cost_cents"], row["currency"]
    return (
        request.day.isoformat(),
        f"{happened_at.astimezone(location.zone):%Y-%m-%d %H:%M:%S}",
        location.name,
        row["event"],
        row["ingredient_name"],
        row["quantity"],
        row["unit"],
        row["pack_count"],
        row["pack_name"],
        row["number"],
        row["supplier_name"],
        None if cost_cents is None else Decimal(cost_cents).scaleb(-get_currency_precision(currency)),
        currency,
        row["reason"] or _why(row),
        row["person"],
    )


def _why(row: dict[str, Any]) -> str | None:
    """What the decision rested on."""
    if row["on_hand"] is None:
        return None
    unit = row["unit"]
    text = f"{about(row['on_hand'], unit)} on hand, {about(row['on_order'], unit)} on order"
    if row["reorder_point"] is not None:
        text += f", reorder point {about(row['reorder_point'], unit)}"
    if row["runs_out_date"] is not None:
        text += f", runs out {row['runs_out_date']}"
    return text


def filename(log: str, request: Request, location: Location) -> str:
    """Such as ``deduction_log_chicago-loop_2026-11-20_20261121T130005Z.csv``: the run's start is the stamp."""
    place = re.sub(r"\W+", "-", location.name.lower()).strip("-")
    return f"{log}_{place}_{request.day}_{request.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.csv"
