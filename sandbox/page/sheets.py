"""Spreadsheets as the page shows them."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.google import drive, numbers, tab
from sandbox.google.tab import Cell, Tab
from sandbox.page.charts import Drawing, drawings
from sandbox.state import State

MOST_ROWS = 500


@dataclass(frozen=True)
class Spreadsheet:
    id: str
    name: str
    folder: str
    modified_at: datetime
    readers: list[str]
    tabs: list[tuple[int, str]]


@dataclass(frozen=True)
class ShownCell:
    text: str
    is_number: bool
    is_bold: bool
    is_right: bool


@dataclass(frozen=True)
class Table:
    """One tab. ``rows`` are at most 500, of ``row_count``; the first ``frozen_count`` stay in sight. A row with fewer
    cells than ``column_count`` has one, which is as wide as all."""

    tab_id: int
    title: str
    rows: list[list[ShownCell]]
    row_count: int
    column_count: int
    frozen_count: int
    charts: list[Drawing]


def spreadsheets(state: State) -> list[Spreadsheet]:
    """The one changed last comes first."""
    rows = state.db.execute(
        "SELECT * FROM google_file WHERE mime_type = ? AND NOT is_trashed ORDER BY modified_at DESC",
        [drive.SPREADSHEET],
    )
    return [_spreadsheet(state, row) for row in rows.fetchall()]


def find(state: State, file_id: str) -> Spreadsheet | None:
    row = state.db.execute("SELECT * FROM google_file WHERE file_id = ?", [file_id]).fetchone()
    return _spreadsheet(state, row) if row and row["mime_type"] == drive.SPREADSHEET else None


def table(state: State, file: Spreadsheet, tab_id: str | None) -> Table | None:
    """:param tab_id: None for the first tab."""
    for one in tab.load(state, file.id):
        if tab_id in (None, str(one.id)) and not one.is_hidden:
            row_count, column_count = one.used()
            shown = min(row_count, MOST_ROWS)
            rows = [_row(one, row, column_count) for row in range(shown)]
            frozen_count = int(one.properties["gridProperties"].get("frozenRowCount", 0))
            return Table(one.id, one.title, rows, row_count, column_count, frozen_count, drawings(one))
    return None


def as_json(state: State, file: Spreadsheet) -> dict[str, Any]:
    """All tabs with their rows as people see them, and their charts as Google describes them."""
    return {
        "id": file.id,
        "name": file.name,
        "folder": file.folder,
        "readers": file.readers,
        "tabs": [
            {"id": one.id, "title": one.title, "rows": _texts(one), "charts": one.kept.get("charts", [])}
            for one in tab.load(state, file.id)
            if not one.is_hidden
        ],
    }


def _row(one: Tab, row: int, column_count: int) -> list[ShownCell]:
    """A text that stands alone in its row is the only cell: it reaches over those beside it, as in Sheets."""
    cells = [_shown(one, row, column) for column in range(column_count)]
    return cells[:1] if not any(cell.text for cell in cells[1:]) else cells


def _texts(one: Tab) -> list[list[str]]:
    rows, columns = one.used()
    return [[numbers.shown(one.cells.get((row, column), Cell())) for column in range(columns)] for row in range(rows)]


def _shown(one: Tab, row: int, column: int) -> ShownCell:
    cell = one.cells.get((row, column), Cell())
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    is_bold = bool(cell.format.get("textFormat", {}).get("bold"))
    return ShownCell(numbers.shown(cell), is_number, is_bold, cell.format.get("horizontalAlignment") == "RIGHT")


def _spreadsheet(state: State, row: sqlite3.Row) -> Spreadsheet:
    people = state.db.execute(
        "SELECT email FROM google_permission WHERE file_id = ? AND role <> 'owner' ORDER BY email", [row["file_id"]]
    )
    return Spreadsheet(
        id=row["file_id"],
        name=row["name"],
        folder=drive.folder_name(state, row["parents"]),
        modified_at=datetime.fromisoformat(row["modified_at"]),
        readers=[one["email"] for one in people],
        tabs=[(one.id, one.title) for one in tab.load(state, row["file_id"]) if not one.is_hidden],
    )
