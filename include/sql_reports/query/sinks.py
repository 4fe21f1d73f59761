"""What becomes of a report's rows while they come: files, and whatever else wants to see each of them.

Rows come in blocks of whole lines of CSV: cells of text are quoted, others are not, NULL is an empty cell without
quotes, times are in the run's time zone. A sink holds a block at a time and no more.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, Protocol

from include.outputs.formulas import harden, harden_quoted
from include.outputs.xlsx_cells import SheetColumn
from include.outputs.xlsx_file import MOST_ROWS, Workbook
from include.sql_reports.query.columns import Column, Kind
from include.sql_reports.query.errors import TooMuchError

_CELL = re.compile(r'("[^"]*(?:""[^"]*)*"|[^",\n]*)[,\n]')
Row = tuple[Any, ...]


class Sink(Protocol):
    def begin(self, columns: Sequence[Column]) -> None: ...

    def block(self, block: bytes) -> None: ...

    def end(self) -> None:
        """Once, after the last block; not where the run has failed."""


class CsvSink:
    """UTF-8 with a byte order mark, for spreadsheet programs: text that they would run gets an apostrophe in front."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def begin(self, columns: Sequence[Column]) -> None:
        headings = ",".join('"{}"'.format(harden(column.name).replace('"', '""')) for column in columns)
        self._file.write(f"\ufeff{headings}\n".encode())

    def block(self, block: bytes) -> None:
        self._file.write(harden_quoted(block))

    def end(self) -> None:
        self._file.flush()


def raw_cells(block: bytes) -> list[str]:
    """The cells of all lines one after the other, as they stand there, with their quotes."""
    return _CELL.findall(block.decode())


class RowSink:
    """For whoever wants typed rows: text is str, numbers int, Decimal or float, days and times those of `datetime`,
    JSON and all other types text, NULL None. What Python's calendar does not hold (infinity, years BC) is text."""

    columns: tuple[Column, ...]

    def rows(self, rows: Iterable[Row]) -> None:
        """What to do with the rows of a block."""
        raise NotImplementedError

    def begin(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self._readers = [self.reader(column.kind) for column in columns]

    def block(self, block: bytes) -> None:
        cells = raw_cells(block)
        width = len(self._readers)
        self.rows(zip(*(map(read, cells[number::width]) for number, read in enumerate(self._readers)), strict=True))

    def end(self) -> None:
        """Nothing to do."""

    def reader(self, kind: Kind) -> Callable[[str], Any]:
        """How a cell of this kind is read, NULL included."""
        return _READERS[kind]


class JsonSink(RowSink):
    """An array of objects. Numbers are written with all their digits, times as ISO 8601 with their offset; NaN,
    infinity and their like, which JSON does not know, are strings."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._separator = "\n"

    def begin(self, columns: Sequence[Column]) -> None:
        super().begin(columns)
        names = (json.dumps(column.name, ensure_ascii=False).replace("%", "%%") for column in columns)
        self._template = "{" + ", ".join(f"{name}: %s" for name in names) + "}"
        self._file.write(b"[")

    def rows(self, rows: Iterable[Row]) -> None:
        text = ",\n".join(map(self._template.__mod__, rows))
        self._file.write(f"{self._separator}{text}".encode())
        self._separator = ",\n"

    def end(self) -> None:
        self._file.write(b"\n]\n")
        self._file.flush()

    def reader(self, kind: Kind) -> Callable[[str], Any]:
        return _JSON_READERS[kind]


class XlsxSink(RowSink):
    """One sheet. Its cells are typed, times are the run's time zone's.

    :raises TooMuchError: more rows than a sheet holds.
    """

    def __init__(self, file: BinaryIO, title: str = "Report") -> None:
        self._file = file
        self._title = title
        self._workbook: Workbook | None = None

    def begin(self, columns: Sequence[Column]) -> None:
        super().begin(columns)
        self._workbook = workbook = Workbook(self._file)
        self._sheet = workbook.add_sheet(self._title, [SheetColumn(column.name) for column in columns])

    def rows(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._sheet.row_count == MOST_ROWS:
                raise TooMuchError(
                    f"An Excel sheet holds {MOST_ROWS:,} rows, and the report has more: choose CSV or JSON, or narrow "
                    "it down"
                )
            self._sheet.write_row(row)

    def end(self) -> None:
        if self._workbook:
            self._workbook.close()

    def discard(self) -> None:
        """For a run that has failed; after its end it does nothing."""
        if self._workbook:
            self._workbook.discard()

    def reader(self, kind: Kind) -> Callable[[str], Any]:
        return _XLSX_READERS.get(kind) or super().reader(kind)


def _text(cell: str) -> str | None:
    return cell[1:-1].replace('""', '"') if cell else None


def _or_text(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def reader(cell: str) -> Any:
        if not cell:
            return None
        try:
            return read(cell)
        except ValueError:
            return cell

    return reader


def _local(cell: str) -> datetime:
    """A time as clocks there showed it."""
    return datetime.fromisoformat(cell).replace(tzinfo=None)


def _xlsx_number(cell: str) -> Any:
    """A number cell knows neither NaN nor infinity."""
    return float(cell) if cell[-1:].isdigit() else cell or None


def _json_text(cell: str) -> str:
    return json.dumps(cell[1:-1].replace('""', '"'), ensure_ascii=False) if cell else "null"


def _json_number(cell: str) -> str:
    return cell if cell[-1:].isdigit() else f'"{cell}"' if cell else "null"


def _json_plain(cell: str) -> str:
    return cell or "null"


def _json_quoted(cell: str) -> str:
    return f'"{cell}"' if cell else "null"


def _json_time(cell: str) -> str:
    if not cell:
        return "null"
    offset = ":00" if cell[-3] in "+-" else ""
    return f'"{cell.replace(" ", "T", 1)}{offset}"' if cell[0].isdigit() and not cell.endswith("BC") else f'"{cell}"'


def _json_json(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell else "null"


_READERS: dict[Kind, Callable[[str], Any]] = {
    "text": _text,
    "json": _text,
    "integer": lambda cell: int(cell) if cell else None,
    "decimal": lambda cell: Decimal(cell) if cell else None,
    "float": lambda cell: float(cell) if cell else None,
    "boolean": lambda cell: cell == "true" if cell else None,
    "date": _or_text(date.fromisoformat),
    "time": _or_text(time.fromisoformat),
    "timestamp": _or_text(datetime.fromisoformat),
    "timestamptz": _or_text(datetime.fromisoformat),
}
_XLSX_READERS: dict[Kind, Callable[[str], Any]] = {
    "decimal": _xlsx_number,
    "float": _xlsx_number,
    "timestamptz": _or_text(_local),
}
_JSON_READERS: dict[Kind, Callable[[str], str]] = {
    "text": _json_text,
    "json": _json_json,
    "integer": _json_plain,
    "decimal": _json_number,
    "float": _json_number,
    "boolean": _json_plain,
    "date": _json_quoted,
    "time": _json_quoted,
    "timestamp": _json_time,
    "timestamptz": _json_time,
}
