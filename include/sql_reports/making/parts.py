"""A report's rows, each location's to itself: one statement is run once, and every location's people get their rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from include.sql_reports.definitions.definition import Format
from include.sql_reports.query.columns import Column
from include.sql_reports.query.errors import StatementError
from include.sql_reports.query.sinks import Row, RowSink, Sink, raw_cells


class FirstRows(RowSink):
    """The first rows, for people to look at. Reads no block more than it needs."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.first: list[Row] = []

    def block(self, block: bytes) -> None:
        if len(self.first) < self._most:
            super().block(block)

    def rows(self, rows: Iterable[Row]) -> None:
        self.first += rows
        del self.first[self._most :]


@dataclass
class Piece:
    """The whole report (`location_name` None) or a location's part: its files, and its first rows for the mail."""

    location_name: str | None
    sinks: list[Sink]
    first_rows: FirstRows
    files: dict[Format, Path]
    row_count: int = 0


class PartsSink:
    """Deals the lines out by the column that holds locations' names; those of other locations it counts.

    :param open_part: called at the first row of a location that has people to tell.
    :param location_names: those that have.
    """

    def __init__(self, column: str, location_names: Iterable[str], open_part: Callable[[str], Piece]) -> None:
        self._column = column
        self._location_names = frozenset(location_names)
        self._open_part = open_part
        self.parts: dict[str, Piece] = {}
        self.other_names: set[str] = set()

    def begin(self, columns: Sequence[Column]) -> None:
        names = [column.name for column in columns]
        if self._column not in names:
            raise StatementError(
                f"the statement has no column {self._column}, which says whose rows they are: it has {', '.join(names)}"
            )
        self._columns = tuple(columns)
        self._index = names.index(self._column)
        self._is_quoted = columns[self._index].is_quoted

    def block(self, block: bytes) -> None:
        cells = raw_cells(block)
        width = len(self._columns)
        lines: dict[str, list[str]] = {}
        for first in range(0, len(cells), width):
            row = cells[first : first + width]
            lines.setdefault(row[self._index], []).append(",".join(row))
        for cell, of_location in lines.items():
            name = cell[1:-1].replace('""', '"') if self._is_quoted else cell
            if name not in self._location_names:
                self.other_names.add(name)
                continue
            part = self.parts.get(name) or self._begin_part(name)
            part.row_count += len(of_location)
            for sink in part.sinks:
                sink.block("".join(f"{line}\n" for line in of_location).encode())

    def end(self) -> None:
        for part in self.parts.values():
            for sink in part.sinks:
                sink.end()

    def _begin_part(self, name: str) -> Piece:
        part = self.parts[name] = self._open_part(name)
        for sink in part.sinks:
            sink.begin(self._columns)
        return part
