"""A workbook's records: the rows of its first visible sheet below the first row that is not blank.

Read without macros, formulas (their last results count), links to other files, and in constant memory but for the texts
that the workbook itself keeps in one place.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache, reduce
from pathlib import Path

from include.customers.intake.columns import Columns
from include.customers.intake.records import Record
from include.customers.intake.rows import QuarantineError
from include.customers.intake.xlsx_archive import Archive, open_archive
from include.customers.intake.xlsx_workbook import Workbook, read_workbook
from include.customers.intake.xml_parser import MOST_DEPTH, local, parse, too_deep

MOST_COLUMNS = 1_000


def xlsx_records(path: Path, columns: Columns, decimal_mark: str) -> Iterator[Record]:
    """The records below the header; numbers are written with the decimal mark.

    :raises QuarantineError: before the first record when columns are missing, at any record where the file is broken.
    """
    with open_archive(path) as archive:
        rows = _rows(archive, read_workbook(archive), decimal_mark)
        header = next(rows, None)
        if header is None:
            raise QuarantineError("Its first visible sheet is empty.")
        if len(header) > MOST_COLUMNS:
            raise QuarantineError(f"It has {len(header):,} columns. Are these {columns.kind}?")
        names = {number: name.strip() for number, name in header.items()}
        positions = columns.positions(list(names.values()))
        numbers = list(names)
        ours = [None if position is None else numbers[position] for position in positions]
        for cells in rows:
            yield [None if number is None else cells.get(number) for number in ours]


def _rows(archive: Archive, workbook: Workbook, decimal_mark: str) -> Iterator[dict[int, str]]:
    """Each row that is not blank: the column's number → the value, of the cells that have one."""
    rows: list[dict[int, str]] = []
    cells: dict[int, str] = {}
    texts: list[str] = []
    runs: list[str] = []
    depth, column, kind, style, is_phonetic = 0, 0, "n", "0", False

    def start(name: str, attributes: list[str]) -> None:
        nonlocal cells, depth, column, kind, style, is_phonetic
        depth += 1
        texts.clear()
        match local(name):
            case "c":
                given = dict(zip(attributes[::2], attributes[1::2], strict=True))
                column = _column(given.get("r", "")[:12].rstrip("0123456789")) or column + 1
                kind, style = given.get("t", "n"), given.get("s", "0")
                runs.clear()
            case "row":
                cells, column = {}, 0
            case "rPh":
                is_phonetic = True
            case _ if depth > MOST_DEPTH:
                raise too_deep()

    def end(name: str) -> None:
        nonlocal depth, is_phonetic
        depth -= 1
        match local(name):
            case "v" | "t" if not is_phonetic:
                runs.append("".join(texts))
            case "c":
                text = _text(workbook, kind, style, "".join(runs), decimal_mark)
                if text and column <= MOST_COLUMNS:
                    cells[column] = text
            case "row" if cells:
                rows.append(cells)
            case "rPh":
                is_phonetic = False

    for _ in parse(archive.chunks(workbook.sheet), start, end, texts):
        yield from rows
        rows.clear()


@lru_cache(maxsize=1_000)
def _column(letters: str) -> int:
    """``AB`` → 28; 0 of what is no column."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        return 0
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)


def _text(workbook: Workbook, kind: str, style: str, value: str, decimal_mark: str) -> str:
    """A cell's value as a file of text would have it; nothing of one that is an error."""
    match kind:
        case "s":
            if value.isdecimal() and len(value) < 10 and int(value) < len(workbook.texts):
                return workbook.texts[int(value)]
            raise QuarantineError("It is a broken workbook: a cell refers to a text that is not there.")
        case "e":
            return ""
        case "n" if value and style in workbook.date_styles:
            return _time(workbook, value)
        case "n":
            return _number(value).replace(".", decimal_mark)
        case _:
            return value


def _number(value: str) -> str:
    """Excel keeps 15 digits: 0.30000000000000004 is its 0.3."""
    if value.isdecimal():
        return value
    with suppress(ValueError):
        return f"{float(value):.15g}"
    return value


def _time(workbook: Workbook, value: str) -> str:
    """Days since the epoch, to the millisecond that a number of 15 digits tells."""
    with suppress(ValueError, OverflowError):
        return (workbook.epoch + timedelta(seconds=round(float(value) * 86_400, 3))).isoformat(" ")
    return value
