"""CSV files that people open in a spreadsheet program: whole or not there, and never a formula."""

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

from include.sales.report.table import Cell

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes the text for its own code page; lines end in CR LF.

    Text that a spreadsheet program would run as a formula gets an apostrophe in front; numbers stay numbers.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def write_output(filename: str, content: bytes) -> Path:
    """Writes a file into the folder `STOREKEEPER_OUTPUTS` (default: ``outputs``); nobody sees a half-written one."""
    folder = Path(os.environ.get("STOREKEEPER_OUTPUTS") or "outputs")
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        return Path(draft).replace(folder / filename)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(draft).unlink()
        raise
