"""Several tables for people at once: the tabs of one spreadsheet, written in as few calls as Google's limits allow."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from include.google.charts import Chart, chart_request
from include.google.client import Google
from include.google.drive import SpreadsheetFile
from include.google.long_tabs import BATCH_BYTES
from include.google.patience import patiently
from include.google.sheets import HEADER, Cell, Tab, drop_first_tab, read_tabs

Wish = dict[str, Any]
PERCENT: Wish = {"numberFormat": {"type": "PERCENT", "pattern": "0.0%"}}


@dataclass(frozen=True)
class Table:
    """What a tab is to hold.

    :param title: of the tab, each of a spreadsheet another.
    :param rows: the first holds the headings, and stays in sight.
    :param heading_rows: further rows of headings, counted from 0.
    :param formats: column, counted from 0 → CellFormat of its numbers; a number without one looks as Sheets has it.
    :param cell_formats: row and column, counted from 0 → CellFormat of one cell.
    :param numeric_columns: those whose headings stand on the right.
    :param first_column_pixels: how wide the first column is; None: as wide as its longest text.
    """

    title: str
    rows: Sequence[Sequence[Cell]]
    heading_rows: Sequence[int] = ()
    formats: Mapping[int, Wish] = field(default_factory=dict)
    cell_formats: Mapping[tuple[int, int], Wish] = field(default_factory=dict)
    numeric_columns: Sequence[int] = ()
    first_column_pixels: int | None = None
    charts: Sequence[Chart] = ()

    @property
    def column_count(self) -> int:
        return max(len(row) for row in self.rows)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the grid: the table's, and where a chart begins. Sheets refuses to freeze every row."""
        corners = [chart.anchor for chart in self.charts if chart.anchor]
        rows = max(len(self.rows), 2, *(row + 1 for row, _ in corners))
        return rows, max(self.column_count, *(column + 1 for _, column in corners), 1)


def replace_tabs(google: Google, file: SpreadsheetFile, tables: Sequence[Table]) -> dict[str, str]:
    """Makes each of these tabs hold exactly its table; what is missing is made, other tabs stay.

    One call to look, and one for every 1.5 MB: mostly one, in which case readers see all of the old report or all of
    the new one. A tab is never in two calls. Links to tabs stay valid, and charts where people moved them.

    :returns: the tabs' addresses by their titles.
    :raises gspread.exceptions.APIError, googleapiclient.errors.HttpError: Google keeps refusing.
    """
    ids = patiently(lambda: _replace(google, file, tables))
    return {title: f"{file.url}#gid={tab_id}" for title, tab_id in ids.items()}


def _replace(google: Google, file: SpreadsheetFile, tables: Sequence[Table]) -> dict[str, int]:
    """Looks which tabs are there each time, so that a repetition after a lost reply finds those that were added."""
    found = read_tabs(google, file)
    ids = {table.title: found[table.title].id if table.title in found else _new_id() for table in tables}
    first_tab = drop_first_tab(file, found.values())
    written = [
        [*_grid(table, index, ids[table.title], found), *_content(table, ids[table.title], found.get(table.title))]
        for index, table in enumerate(tables)
    ]
    for number, batch in enumerate(_batches(written)):
        google.sheets.batch_update(file.id, {"requests": [*batch, *([] if number else first_tab)]})
    return ids


def _new_id() -> int:
    return random.randrange(1, 2**31)


def _grid(table: Table, index: int, tab_id: int, found: Mapping[str, Tab]) -> Iterator[Wish]:
    row_count, column_count = table.size
    grid = {"rowCount": row_count, "columnCount": column_count, "frozenRowCount": 1}
    properties = {"sheetId": tab_id, "gridProperties": grid}
    if table.title in found:
        fields = "gridProperties(rowCount,columnCount,frozenRowCount)"
        yield {"updateSheetProperties": {"properties": properties, "fields": fields}}
    else:
        yield {"addSheet": {"properties": properties | {"title": table.title, "index": index}}}


def _content(table: Table, tab_id: int, known: Tab | None) -> Iterator[Wish]:
    whole = {"sheetId": tab_id}
    rows = [{"values": [_cell(value) for value in row]} for row in table.rows]
    # What the rows do not reach of the tab is cleared, and all of it loses its looks.
    yield {"updateCells": {"range": whole, "rows": rows, "fields": "userEnteredValue,userEnteredFormat"}}
    for first, end, look in _runs(table.formats):
        columns = whole | {"startColumnIndex": first, "endColumnIndex": end, "startRowIndex": 1}
        yield _look(columns, look, ",".join(f"userEnteredFormat.{name}" for name in look))
    for (row, column), look in table.cell_formats.items():
        cell = {"startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": column, "endColumnIndex": column + 1}
        yield _look(whole | cell, look)
    right = HEADER | {"horizontalAlignment": "RIGHT"}
    for heading in (0, *table.heading_rows):
        line = whole | {"startRowIndex": heading, "endRowIndex": heading + 1}
        yield _look(line | {"startColumnIndex": 0, "endColumnIndex": table.column_count}, HEADER)
        for first, end, look in _runs(dict.fromkeys(table.numeric_columns, right)):
            yield _look(line | {"startColumnIndex": first, "endColumnIndex": end}, look)
    yield {"autoResizeDimensions": {"dimensions": whole | {"dimension": "COLUMNS"}}}
    if table.first_column_pixels:
        first_column = whole | {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
        width = {"pixelSize": table.first_column_pixels}
        yield {"updateDimensionProperties": {"range": first_column, "properties": width, "fields": "pixelSize"}}
    for chart in table.charts:
        yield chart_request(chart, tab_id, table.size[0], table.column_count, known.charts if known else {})


def _look(place: Wish, look: Wish, fields: str = "userEnteredFormat") -> Wish:
    return {"repeatCell": {"range": place, "cell": {"userEnteredFormat": look}, "fields": fields}}


def _cell(value: Cell) -> Wish:
    """A value that Sheets does not read for more than it is: text that begins with ``=`` stays text."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {"userEnteredValue": {"stringValue": value}}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    return {"userEnteredValue": {"numberValue": float(value) if isinstance(value, Decimal) else value}}


def _runs(looks: Mapping[int, Wish]) -> Iterator[tuple[int, int, Wish]]:
    """Neighbouring columns of the same look, as first, end and look."""
    columns = sorted(looks)
    while columns:
        first = end = columns.pop(0)
        while columns and columns[0] == end + 1 and looks[columns[0]] == looks[first]:
            end = columns.pop(0)
        yield first, end + 1, looks[first]


def _batches(groups: Iterable[list[Wish]]) -> Iterator[list[Wish]]:
    batch: list[Wish] = []
    size = 0
    for group in groups:
        group_size = len(json.dumps(group))
        if batch and size + group_size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch, size = [*batch, *group], size + group_size
    if batch:
        yield batch
