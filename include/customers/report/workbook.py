"""The report as an XLSX file, written in constant memory: a summary, and a sheet for each table."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from include.customers.kpis import Headline, Source, Table, headlines
from include.customers.report.cells import cells, sheet_column
from include.customers.report.summary import Summary
from include.customers.report.tables import TABLES
from include.outputs.long_sheet import LongSheet
from include.outputs.xlsx_file import Workbook, open_workbook

STEP_ROWS = 20_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Report:
    """A workbook that was written.

    :param headlines: of its day; they name nobody.
    :param row_counts: of its tables, by their names; the headings not counted.
    """

    path: Path
    sha256: str
    byte_count: int
    headlines: Sequence[Headline]
    row_counts: dict[str, int]


def filename(day: date) -> str:
    return f"Daily_Report_{day:%Y%m%d}.xlsx"


def write_workbook(folder: Path, source: Source, day: date, *, progress: Progress | None = None) -> Report:
    """Writes ``Daily_Report_YYYYMMDD.xlsx`` into a folder, in the place of one that is there.

    The same source and day make the same bytes.

    :param source: open.
    :param progress: told a table's name and how many of its rows are written, each so many rows.
    """
    told = headlines(source, day)
    row_counts: dict[str, int] = {}
    with open_workbook(filename(day), source.zone, folder, datetime.combine(day, time(), UTC)) as workbook:
        summary = Summary(workbook, source.currency)
        summary.add_day(day, source.zone)
        summary.add_headlines(told)
        for make in TABLES:
            table = make(source, day)
            sheet = _write(workbook, table, source.currency, progress)
            row_counts[table.name] = sheet.row_count
            summary.add_table(table, sheet)
    with workbook.file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Report(workbook.file, digest, workbook.file.stat().st_size, told, row_counts)


def _write(workbook: Workbook, table: Table, currency: str, progress: Progress | None) -> LongSheet:
    sheet = LongSheet(workbook, table.name, [sheet_column(column, currency) for column in table.columns])
    for number, row in enumerate(cells(table.columns, table, currency), 1):
        sheet.write_row(row)
        if progress and number % STEP_ROWS == 0:
            progress(table.name, number)
    return sheet
