"""One tab of a spreadsheet: its properties and its cells, and how they are kept."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from sandbox.google import a1
from sandbox.google.errors import GoogleError
from sandbox.state import State

TABLES = """
    CREATE TABLE IF NOT EXISTS google_tab (
        file_id  TEXT NOT NULL REFERENCES google_file ON DELETE CASCADE,
        position INTEGER NOT NULL,
        body     TEXT NOT NULL,
        PRIMARY KEY (file_id, position)
    );
    CREATE TABLE IF NOT EXISTS google_cells (
        file_id  TEXT NOT NULL REFERENCES google_file ON DELETE CASCADE,
        sheet_id INTEGER NOT NULL,
        body     TEXT NOT NULL,
        PRIMARY KEY (file_id, sheet_id)
    );
"""
Value = str | int | float | bool
LARGEST_GRID = 10_000_000


@dataclass
class Cell:
    """A value as the user entered it (a formula begins with `=` and has `is_formula`), and its format."""

    value: Value | None = None
    is_formula: bool = False
    format: dict[str, Any] = field(default_factory=dict)


Cells = dict[tuple[int, int], Cell]


@dataclass
class Tab:
    """`properties` is Google's SheetProperties; `kept` holds accepted requests that only change looks, by kind.

    Of a long log the cells take seconds to read: `read_cells` does it, by the tab's id, when they are first asked for.
    """

    properties: dict[str, Any]
    column_widths: dict[int, int] = field(default_factory=dict)
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    read_cells: Callable[[int], Cells] = lambda _: {}

    @cached_property
    def cells(self) -> Cells:
        return self.read_cells(self.id)

    @property
    def is_read(self) -> bool:
        return "cells" in vars(self)

    @property
    def id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def is_hidden(self) -> bool:
        return bool(self.properties.get("hidden"))

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        grid = self.properties["gridProperties"]
        return grid["rowCount"], grid["columnCount"]

    def resize(self, rows: int, columns: int) -> None:
        if rows < 1 or columns < 1 or rows * columns > LARGEST_GRID:
            raise GoogleError(400, "The grid must have at least one row and column and at most 10000000 cells.")
        before = self.size
        self.properties["gridProperties"] |= {"rowCount": rows, "columnCount": columns}
        if rows < before[0] or columns < before[1]:
            self.cells = {at: cell for at, cell in self.cells.items() if at[0] < rows and at[1] < columns}

    def cell(self, row: int, column: int) -> Cell:
        """The cell, made if it is new. Raises GoogleError 400 outside the grid."""
        rows, columns = self.size
        if not (0 <= row < rows and 0 <= column < columns):
            place = a1.write(self.title, row, column, row + 1, column + 1)
            raise GoogleError(400, f"Range ({place}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")
        return self.cells.setdefault((row, column), Cell())

    def used(self) -> tuple[int, int]:
        """Rows and columns up to the last cell that holds a value."""
        rows = columns = 0
        for (row, column), cell in self.cells.items():
            if cell.value is not None:
                rows, columns = max(rows, row + 1), max(columns, column + 1)
        return rows, columns

    def within(self, area: a1.Area) -> tuple[int, int, int, int]:
        """top, left, bottom, right of the area inside the grid. Raises GoogleError 400 if it begins outside."""
        rows, columns = self.size
        if area.top >= rows or area.left >= columns:
            place = a1.write(self.title, area.top, area.left, area.top + 1, area.left + 1)
            raise GoogleError(400, f"Range ({place}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")
        bottom = rows if area.bottom is None else min(area.bottom, rows)
        right = columns if area.right is None else min(area.right, columns)
        return area.top, area.left, bottom, right


def new_properties(sheet_id: int, title: str, index: int, **more: Any) -> dict[str, Any]:
    grid = {"rowCount": 1000, "columnCount": 26} | more.pop("gridProperties", {})
    return {"sheetId": sheet_id, "title": title, "index": index, "sheetType": "GRID", **more, "gridProperties": grid}


def load(state: State, file_id: str) -> list[Tab]:
    """The spreadsheet's tabs in their order; their cells are read when somebody asks for them."""
    rows = state.db.execute("SELECT * FROM google_tab WHERE file_id = ? ORDER BY position", [file_id])
    return [_loaded(state, file_id, json.loads(row["body"])) for row in rows]


def _loaded(state: State, file_id: str, body: dict[str, Any]) -> Tab:
    return Tab(body["properties"], dict(body["widths"]), body["kept"], partial(_read_cells, state, file_id))


def _read_cells(state: State, file_id: str, sheet_id: int) -> Cells:
    where = [file_id, sheet_id]
    row = state.db.execute("SELECT body FROM google_cells WHERE file_id = ? AND sheet_id = ?", where).fetchone()
    return {(row, column): Cell(*cell) for row, column, *cell in json.loads(row["body"])} if row else {}


def save(db: sqlite3.Connection, file_id: str, tabs: list[Tab]) -> None:
    """Replaces all tabs of the spreadsheet; cells that nobody read stay as they are. For use inside a transaction."""
    db.execute("UPDATE google_file SET modified_at = ? WHERE file_id = ?", [datetime.now(UTC).isoformat(), file_id])
    db.execute("DELETE FROM google_tab WHERE file_id = ?", [file_id])
    for position, tab in enumerate(tabs):
        tab.properties["index"] = position
        body = {"properties": tab.properties, "widths": list(tab.column_widths.items()), "kept": tab.kept}
        db.execute("INSERT INTO google_tab VALUES (?, ?, ?)", [file_id, position, json.dumps(body)])
        if tab.is_read:
            db.execute("REPLACE INTO google_cells VALUES (?, ?, ?)", [file_id, tab.id, _cells_json(tab.cells)])
    gone = {row["sheet_id"] for row in db.execute("SELECT sheet_id FROM google_cells WHERE file_id = ?", [file_id])}
    for sheet_id in gone - {tab.id for tab in tabs}:
        db.execute("DELETE FROM google_cells WHERE file_id = ? AND sheet_id = ?", [file_id, sheet_id])


def _cells_json(cells: Cells) -> str:
    return json.dumps(
        [
            [*at, cell.value, cell.is_formula, cell.format] if cell.format or cell.is_formula else [*at, cell.value]
            for at, cell in cells.items()
        ]
    )
