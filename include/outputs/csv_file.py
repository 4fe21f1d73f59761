"""CSV files that people open in a spreadsheet program: whole or not there, and never a formula."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TextIO

from include.outputs.drafts import draft
from include.outputs.formulas import harden

# Decimals are money in major units, or exact quantities; days are written as ISO 8601 has them.
Cell = str | int | Decimal | None

# Excel takes a file without the byte order mark for its own code page.
ENCODING = "utf-8-sig"


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark; lines end in CR LF.

    Text that a spreadsheet program would run as a formula gets an apostrophe in front; numbers stay numbers.
    """
    text = StringIO()
    _write(text, headings, rows)
    return text.getvalue().encode(ENCODING)


def write_csv(filename: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[Path, int]:
    """Writes a table of any length, as `csv_bytes` has it, into the folder; holds a row at a time.

    :returns: the file, and how many rows stand below its headings.
    """
    with draft(filename) as (file, part):
        text = TextIOWrapper(part, encoding=ENCODING, newline="")
        row_count = _write(text, headings, rows)
        text.flush()
        text.detach()
    return file, row_count


def _write(text: TextIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    writer = csv.writer(text)
    writer.writerow(headings)
    row_count = 0
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
        row_count += 1
    return row_count


def _cell(cell: Cell) -> Cell:
    return harden(cell) if isinstance(cell, str) else cell
