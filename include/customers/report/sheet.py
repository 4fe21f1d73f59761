"""The report as a Google Sheet: the tabs are read from the workbook, so that they are what was approved.

docs/decisions/0107-the-sheet-is-read-from-the-workbook.md
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from include.customers.report.summary import TITLE, WISHES
from include.google.charts import Chart
from include.google.client import Google
from include.google.drive import SpreadsheetFile, find_or_create_in, share
from include.google.long_tabs import write_long_tab
from include.google.sheets import Cell
from include.google.tabs import Table, replace_tabs
from include.outputs.number_formats import DATE_FORMAT, DATETIME_FORMAT, MONTH_FORMAT

# More rows than that nobody reads in a browser.
MOST_ROWS = 50_000
# More cells than that take longer than a request.
SHORT_CELLS = 25_000
# Day 0 of a spreadsheet.
DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 (a cell knows no time zone)
TYPES = {DATE_FORMAT: "DATE", MONTH_FORMAT: "DATE", DATETIME_FORMAT: "DATE_TIME", "0.0%": "PERCENT"}
# A table that did not fit a sheet goes on on one of these.
CONTINUED = re.compile(r" \d+$")


def publish(google: Google, workbook: Path, *, key: str, name: str, day: date, share_with: Sequence[str]) -> str:
    """Writes the workbook's sheets as tabs of a spreadsheet, or replaces them.

    The short ones come in one step, the long ones after them one by one; of a table with more than 50,000 rows the tab
    says that it is in the workbook only. Other tabs stay.

    :param key: tells the spreadsheet from others: the same source and day have the same.
    :param name: of the spreadsheet if it is new, in the folder of the day's year.
    :returns: the address of the summary; it stays the same for the same key.
    :raises gspread.exceptions.APIError, googleapiclient.errors.HttpError: Google keeps refusing.
    """
    file = find_or_create_in(google, f"Storekeeper reports {day.year}", key, name)
    share(google, file.id, share_with)
    book = load_workbook(workbook, read_only=True)
    try:
        sheets = [sheet for sheet in book.worksheets if not CONTINUED.search(sheet.title)]
        long = {sheet.title for sheet in sheets if _cell_count(sheet) > SHORT_CELLS and _row_count(sheet) <= MOST_ROWS}
        short = [_short_tab(sheet, workbook.name) for sheet in sheets if sheet.title not in long]
        addresses = replace_tabs(google, file, short)
        for index, sheet in enumerate(sheets):
            if sheet.title in long:
                _write_long(google, file, index, _read(sheet))
    finally:
        book.close()
    return addresses[TITLE]


@dataclass
class _Read:
    """A sheet's content.

    :param formats: column, counted from 0 → Excel's number format of its first number.
    :param cell_formats: row and column → that of a number that differs.
    """

    title: str
    rows: list[list[Cell]]
    formats: dict[int, str] = field(default_factory=dict)
    cell_formats: dict[tuple[int, int], str] = field(default_factory=dict)


def _read(sheet: ReadOnlyWorksheet) -> _Read:
    read = _Read(sheet.title, [])
    for row_number, row in enumerate(sheet.rows):
        read.rows.append([_value(cell.value) for cell in row])
        for column, cell in enumerate(row):
            if cell.value is None or isinstance(cell.value, str) or cell.number_format == "General":
                continue
            if read.formats.setdefault(column, cell.number_format) != cell.number_format:
                read.cell_formats[row_number, column] = cell.number_format
    return read


def _short_tab(sheet: ReadOnlyWorksheet, filename: str) -> Table:
    if (row_count := _row_count(sheet)) > MOST_ROWS:
        told = f"{row_count:,} rows: more than {MOST_ROWS:,} are in the workbook only, {filename}"
        return Table(sheet.title, [[told]])
    read = _read(sheet)
    return Table(
        read.title,
        read.rows,
        formats={column: _look(number_format) for column, number_format in read.formats.items()},
        cell_formats={place: _look(number_format) for place, number_format in read.cell_formats.items()},
        numeric_columns=list(read.formats),
        charts=_charts(read),
    )


def _write_long(google: Google, file: SpreadsheetFile, index: int, read: _Read) -> None:
    headings, *rows = read.rows
    looks = {column: _look(number_format) for column, number_format in read.formats.items()}
    write_long_tab(google, file, read.title, list(map(str, headings)), rows, len(rows), formats=looks, index=index)


def _charts(read: _Read) -> list[Chart]:
    """As on the workbook's summary, beside the rows that it draws: a chart of a tab knows no other tab."""
    wish = WISHES.get(read.title)
    if wish is None or len(read.rows) < 2:
        return []
    headings = read.rows[0]
    return [
        Chart(
            wish.title,
            "COLUMN",
            series_columns=[headings.index(wish.values)],
            label_column=headings.index(wish.categories),
            rows=None if wish.is_newest else (0, min(len(read.rows), wish.rows + 1)),
            anchor=(1, len(headings) + 1),
        )
    ]


def _row_count(sheet: ReadOnlyWorksheet) -> int:
    """Below the headings."""
    return (sheet.max_row or 1) - 1


def _cell_count(sheet: ReadOnlyWorksheet) -> int:
    return (sheet.max_row or 1) * (sheet.max_column or 1)


def _value(value: Any) -> Cell:
    if isinstance(value, str):
        return str(unescape(value))
    if isinstance(value, datetime):
        return (value - DAY_0) / timedelta(days=1)
    return value  # type: ignore[no-any-return]


def _look(number_format: str) -> dict[str, Any]:
    """The CellFormat of an Excel format. What an amount below zero looks like, Sheets knows itself."""
    pattern = number_format.partition(";")[0]
    return {"numberFormat": {"type": TYPES.get(number_format, "NUMBER"), "pattern": pattern}}
