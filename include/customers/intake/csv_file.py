"""A CSV file's records: a header, then rows, separated by commas, semicolons or tabs, quoted as RFC 4180 says."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from include.customers.intake.columns import Columns
from include.customers.intake.records import Misshapen, Record
from include.customers.intake.rows import QuarantineError

DELIMITERS = ",;\t"
MOST_COLUMNS = 1_000
# Of one row with its line breaks, in characters: an open quotation mark must not swallow a file.
LONGEST_RECORD = 1 << 20


def csv_records(path: Path, encoding: str, columns: Columns) -> Iterator[Record]:
    """The records below the header; rows without any value are none.

    :raises QuarantineError: before the first record when columns are missing, at any record where the file is broken.
    """
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        delimiter = _delimiter(lines.first, columns)
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            header = [name.strip() for name in next(rows, [])]
            width = len(header)
            if width > MOST_COLUMNS:
                raise QuarantineError(f"It has {width:,} columns. Are these {columns.kind}?")
            positions = columns.positions(header)
            # What is not there is found behind the last cell.
            picked = itemgetter(*(width if position is None else position for position in positions))
            for cells in rows:
                lines.length = 0
                if not any(cells):
                    continue
                if len(cells) < width or any(cells[width:]):
                    yield Misshapen(f"has {len(cells)} values in place of {width}")
                    continue
                cells.insert(width, "")
                yield picked(cells)
        except csv.Error as error:
            raise QuarantineError(
                f"Line {lines.number} is no CSV: {error}. Quotation marks within a value are to be doubled."
            ) from None


def _delimiter(header: str, columns: Columns) -> str:
    """The one that separates most names of ours."""
    return max(DELIMITERS, key=lambda delimiter: columns.known_count(header.replace('"', "").split(delimiter)))


class _Lines:
    """A file's lines from the first one that is not blank on.

    :ivar first: that one, or nothing.
    :ivar number: of the line that was read last.
    :ivar length: of the lines since it was last set to 0.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0
        self.length = 0
        self.first = "\n"
        while self.first and not self.first.strip():
            self.first = self._read()

    def __iter__(self) -> Iterator[str]:
        if self.first:
            yield self.first
        while line := self._read():
            yield line

    def _read(self) -> str:
        line = self._file.readline(LONGEST_RECORD)
        self.number += 1
        self.length += len(line)
        if self.length >= LONGEST_RECORD:
            raise QuarantineError(
                f"The row that goes on in line {self.number} has more than {LONGEST_RECORD:,} characters: "
                "is a quotation mark not closed?"
            )
        return line
