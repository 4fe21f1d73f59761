"""One tab of a spreadsheet: its properties and its cells, and how they are kept."""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
"""
Value = str | int | float | bool
LARGEST_GRID = 10_000_000


@dataclass
class Cell:
    """A value as the user entered it (a formula begins with `=` and has `is_formula`), and its format."""

    value: Value | None = None
    is_formula: bool = False
    format: dict[str, Any] = field(default_factory=dict)


@dataclass
class Tab:
    """`properties` is Google's SheetProperties; `kept` holds accepted requests that only change looks, by kind."""

    properties: dict[str, Any]
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    column_widths: dict[int, int] = field(default_factory=dict)
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

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
        self.properties["gridProperties"] |= {"rowCount": rows, "columnCount": columns}
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
        filled = [at for at, cell in self.cells.items() if cell.value is not None]
        return (max((row for row, _ in filled), default=-1) + 1, max((column for _, column in filled), default=-1) + 1)

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
    rows = state.db.execute("SELECT body FROM google_tab WHERE file_id = ? ORDER BY position", [file_id])
    return [_from_json(json.loads(row["body"])) for row in rows]


def save(db: sqlite3.Connection, file_id: str, tabs: list[Tab]) -> None:
    """Replaces all tabs of the spreadsheet. For use inside a transaction."""
    db.execute("UPDATE google_file SET modified_at = ? WHERE file_id = ?", [datetime.now(UTC).isoformat(), file_id])
    db.execute("DELETE FROM google_tab WHERE file_id = ?", [file_id])
    for position, tab in enumerate(tabs):
        tab.properties["index"] = position
        db.execute("INSERT INTO google_tab VALUES (?, ?, ?)", [file_id, position, json.dumps(_as_json(tab))])


def _as_json(tab: Tab) -> dict[str, Any]:
    cells = [[*at, cell.value, cell.is_formula, cell.format] for at, cell in sorted(tab.cells.items())]
    return {"properties": tab.properties, "cells": cells, "widths": list(tab.column_widths.items()), "kept": tab.kept}


def _from_json(body: dict[str, Any]) -> Tab:
    cells = {(row, column): Cell(value, is_formula, looks) for row, column, value, is_formula, looks in body["cells"]}
    return Tab(body["properties"], cells, dict(body["widths"]), body["kept"])
