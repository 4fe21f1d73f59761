"""The report's Google Sheet: one spreadsheet for a request, in a folder of the year, with a tab for each table."""

from collections.abc import Sequence
from typing import Any

from include.google import charts, tabs
from include.google.client import Google
from include.google.drive import find_or_create_in, share
from include.google.sheets import money_format
from include.outputs.xlsx_cells import Money
from include.products.report.report import Report
from include.products.report.tabs.table import Cell, Chart, Kind, Table

CHART_WIDTH, CHART_HEIGHT = 560, 380
NAME_COLUMN_WIDTH = 240


def publish(google: Google, report: Report, tables: Sequence[Table], *, share_with: Sequence[str]) -> str:
    """Writes the report's tabs, or replaces them.

    :returns: the address of the summary; it stays the same for the same request.
    :raises gspread.exceptions.APIError, googleapiclient.errors.HttpError: Google keeps refusing.
    """
    file = find_or_create_in(google, folder(report), report.request.key, report.request.name)
    share(google, file.id, share_with)
    addresses = tabs.replace_tabs(google, file, [_tab(table) for table in tables])
    return addresses[tables[0].title]


def folder(report: Report) -> str:
    """The year is the one that the period is counted to: of a week, ISO's."""
    return f"Storekeeper reports {report.request.period.slug[:4]}"


def _tab(table: Table) -> tabs.Table:
    kinds = dict(enumerate(column.kind for column in table.columns))
    money = money_format(_currency(table))
    formats: dict[Kind, dict[str, Any]] = {Kind.MONEY: money, Kind.PERCENT: tabs.PERCENT}
    return tabs.Table(
        title=table.title,
        rows=[[column.title for column in table.columns], *([_value(cell) for cell in row] for row in table.rows)],
        heading_rows=table.heading_rows,
        formats={number: formats[kind] for number, kind in kinds.items() if kind in formats},
        numeric_columns=[number for number, kind in kinds.items() if kind is not Kind.TEXT],
        first_column_pixels=NAME_COLUMN_WIDTH if table.is_first_column_wide else None,
        charts=[_chart(table, chart) for chart in table.charts],
    )


def _value(cell: Cell) -> Any:
    return cell.amount if isinstance(cell, Money) else cell


def _currency(table: Table) -> str:
    """The one that all amounts are in. Of several each line names its own, and the amounts bear no symbol."""
    currencies = {cell.currency for row in table.rows for cell in row if isinstance(cell, Money)}
    return next(iter(currencies)) if len(currencies) == 1 else ""


def _chart(table: Table, chart: Chart) -> charts.Chart:
    titles = [column.title for column in table.columns]
    return charts.Chart(
        chart.title,
        "COLUMN",
        series_columns=[titles.index(title) for title in chart.series],
        value_title=chart.currency,
        rows=chart.rows,
        anchor=chart.anchor,
        width_pixels=CHART_WIDTH,
        height_pixels=CHART_HEIGHT,
    )
