"""Writes tables for people into Google Sheets."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision, get_currency_symbol

from include.google.charts import FREE_COLUMNS, Chart, chart_request
from include.google.client import Google
from include.google.drive import SpreadsheetFile, find_or_create, share
from include.google.patience import patiently

Cell = str | int | float | Decimal | None
HEADER = {
    "textFormat": {"bold": True},
    "backgroundColorStyle": {"rgbColor": {"red": 0.93, "green": 0.94, "blue": 0.96}},
    "wrapStrategy": "WRAP",
    "verticalAlignment": "BOTTOM",
}
# The tab that a new spreadsheet has always has this id; ours get others.
FIRST_TAB_ID = 0


@dataclass(frozen=True)
class Tab:
    """:param charts: title → id."""

    id: int
    charts: Mapping[str, int]


def replace_tab(
    google: Google,
    spreadsheet: str,
    tab: str,
    rows: Sequence[Sequence[Cell]],
    *,
    share_with: Sequence[str],
    header_rows: int = 1,
    currency_columns: Mapping[int, str] | None = None,
    charts: Sequence[Chart] = (),
) -> str:
    """Makes the tab hold exactly these rows; spreadsheet and tab are made if they are missing.

    Readers see the old tab or the new one and nothing between, and links to it stay valid: one batchUpdate resizes the
    tab and overwrites all of it (docs/decisions/0020-replacing-a-tab.md). Text stays text, also when it begins
    with ``=``. Four calls, and one more for each person who is new.

    For up to about 25,000 cells; more than that is `include.google.long_tabs.replace_long_tab`.

    :param rows: amounts of money in major units (``Decimal("12.50")``); the first ``header_rows`` are bold and frozen.
    :param share_with: mail addresses that get to read the spreadsheet.
    :param currency_columns: column, counted from 0 → ISO 4217 code. An empty code gives two decimals and no symbol.
    :param charts: drawn beside the table; a chart whose title the tab knows already stays where people moved it.
    :returns: the tab's address.
    :raises gspread.exceptions.APIError, googleapiclient.errors.HttpError: Google keeps refusing.
    """
    file = find_or_create(google, spreadsheet)
    share(google, file.id, share_with)
    cells = _rows(rows, header_rows, currency_columns or {})
    tab_id = patiently(lambda: _replace(google, file, tab, cells, header_rows, charts))
    return f"{file.url}#gid={tab_id}"


def _replace(
    google: Google,
    file: SpreadsheetFile,
    tab: str,
    cells: list[dict[str, Any]],
    header_rows: int,
    charts: Sequence[Chart],
) -> int:
    """Looks which tabs are there each time, so that a repetition after a lost reply finds the tab that was added."""
    tabs = read_tabs(google, file)
    found = tabs.get(tab)
    tab_id = random.randrange(1, 2**31) if found is None else found.id
    # Sheets refuses to freeze every row.
    row_count = max(len(cells), header_rows + 1)
    column_count = max((len(row["values"]) for row in cells), default=1) or 1
    properties: dict[str, Any] = {
        "sheetId": tab_id,
        "gridProperties": {
            "rowCount": row_count,
            "columnCount": column_count + (FREE_COLUMNS if charts else 0),
            "frozenRowCount": header_rows,
        },
    }
    requests: list[dict[str, Any]] = []
    if found is None:
        requests.append({"addSheet": {"properties": properties | {"title": tab, "index": 0}}})
        requests.extend(drop_first_tab(file, tabs.values()))
    else:
        grid = "gridProperties(rowCount,columnCount,frozenRowCount)"
        requests.append({"updateSheetProperties": {"properties": properties, "fields": grid}})
    whole_tab = {"sheetId": tab_id}
    # What the rows do not reach of the range is cleared.
    requests.append(
        {"updateCells": {"range": whole_tab, "rows": cells, "fields": "userEnteredValue,userEnteredFormat"}}
    )
    requests.append({"autoResizeDimensions": {"dimensions": whole_tab | {"dimension": "COLUMNS"}}})
    known = {} if found is None else found.charts
    requests.extend(chart_request(chart, tab_id, row_count, column_count, known) for chart in charts)
    google.sheets.batch_update(file.id, {"requests": requests})
    return tab_id


def read_tabs(google: Google, file: SpreadsheetFile) -> dict[str, Tab]:
    """The spreadsheet's tabs by their titles."""
    parts = "sheets(properties(sheetId,title),charts(chartId,spec(title)))"
    return {
        sheet["properties"]["title"]: Tab(
            sheet["properties"]["sheetId"],
            {chart["spec"].get("title", ""): chart["chartId"] for chart in sheet.get("charts", [])},
        )
        for sheet in google.sheets.fetch_sheet_metadata(file.id, {"fields": parts})["sheets"]
    }


def drop_first_tab(file: SpreadsheetFile, tabs: Collection[Tab]) -> list[dict[str, Any]]:
    """The request that removes the empty tab that a new spreadsheet of ours begins with."""
    is_alone = [tab.id for tab in tabs] == [FIRST_TAB_ID]
    return [{"deleteSheet": {"sheetId": FIRST_TAB_ID}}] if file.is_ours and is_alone else []


def _rows(
    rows: Sequence[Sequence[Cell]], header_rows: int, currency_columns: Mapping[int, str]
) -> list[dict[str, Any]]:
    """RowData with its formats. A heading stands on the side on which Sheets puts what is below it."""
    body = rows[header_rows:]
    numeric = {column for row in body for column, value in enumerate(row) if isinstance(value, int | float | Decimal)}
    formats = {column: money_format(currency) for column, currency in currency_columns.items()}
    headings = {column: HEADER | {"horizontalAlignment": "RIGHT"} for column in numeric}
    return [
        {
            "values": [
                _cell(value, headings.get(column, HEADER) if number < header_rows else formats.get(column))
                for column, value in enumerate(row)
            ]
        }
        for number, row in enumerate(rows)
    ]


def _cell(value: Cell, cell_format: dict[str, Any] | None) -> dict[str, Any]:
    cell: dict[str, Any] = {}
    if isinstance(value, str):
        cell["userEnteredValue"] = {"stringValue": value}
    elif value is not None:
        # A sheet's numbers are doubles: two decimals stay exact to the cent below 90 trillion.
        cell["userEnteredValue"] = {"numberValue": value if isinstance(value, int) else float(value)}
    if cell_format:
        cell["userEnteredFormat"] = cell_format
    return cell


def money_format(currency: str) -> dict[str, Any]:
    """The CellFormat of amounts in major units; an empty code gives two decimals and no symbol."""
    decimals = get_currency_precision(currency) if currency else 2
    symbol = f'"{get_currency_symbol(currency, locale="en_US")}"' if currency else ""
    pattern = f"{symbol}#,##0" + ("." + "0" * decimals if decimals else "")
    return {"numberFormat": {"type": "CURRENCY" if currency else "NUMBER", "pattern": pattern}}
