"""Rows out of text that somebody pasted: comma, semicolon or tab between the cells, the columns' names first."""

import csv
from collections.abc import Iterator, Sequence

SEPARATORS = "\t;,"


class TellingError(ValueError):
    """What was told cannot be booked; the message lists every problem, one a line."""


def read_lines(text: str, columns: Sequence[str], required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The number and the cells of every line that holds something; what a row leaves empty is not in it.

    :raises TellingError: when the first line does not name columns that are known, or a line has more or fewer cells.
    """
    text = text.lstrip("\ufeff").strip("\r\n")
    first = text.partition("\n")[0]
    rows = _rows(text, max(SEPARATORS, key=first.count))
    header = [cell.strip().casefold().replace(" ", "_") for cell in next(rows, (1, []))[1]]
    listed = f"the columns are {', '.join(columns)}, of which {' and '.join(required)} must be there"
    if wrong := [cell or "(empty)" for cell in header if cell not in columns]:
        raise TellingError(f"line 1: there is no column {', '.join(wrong)}: the first line names the columns; {listed}")
    if missing := [column for column in required if column not in header]:
        raise TellingError(f"line 1: the column {', '.join(missing)} is missing; {listed}")
    if len(set(header)) < len(header):
        raise TellingError("line 1: a column stands there twice")
    for number, row in rows:
        if any(cell.strip() for cell in row):
            if len(row) != len(header):
                raise TellingError(f"line {number}: has {len(row)} cells, but there are {len(header)} columns")
            cells = zip(header, row, strict=True)
            yield number, {column: cell.strip() for column, cell in cells if cell.strip()}


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(text.splitlines(), delimiter=separator, strict=True)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        raise TellingError(f"line {rows.line_num}: {error}") from error
