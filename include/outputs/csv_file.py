"""CSV files that people open in a spreadsheet program: whole or not there, and never a formula."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

# Decimals are money in major units, or exact quantities; days are written as ISO 8601 has them.
Cell = str | int | Decimal | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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
    with _draft(filename) as (file, draft):
        text = TextIOWrapper(draft, encoding=ENCODING, newline="")
        row_count = _write(text, headings, rows)
        text.flush()
        text.detach()
    return file, row_count


def write_output(filename: str, content: bytes) -> Path:
    """Writes a file into the folder `STOREKEEPER_OUTPUTS` (default: ``outputs``); nobody sees a half-written one."""
    with _draft(filename) as (file, draft):
        draft.write(content)
    return file


def _write(text: TextIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    writer = csv.writer(text)
    writer.writerow(headings)
    row_count = 0
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
        row_count += 1
    return row_count


def _cell(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


@contextmanager
def _draft(filename: str) -> Iterator[tuple[Path, BinaryIO]]:
    """The file as it will be called, and a draft beside it that takes its name when all has gone well."""
    folder = Path(os.environ.get("STOREKEEPER_OUTPUTS") or "outputs")
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield folder / filename, file
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(folder / filename)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
