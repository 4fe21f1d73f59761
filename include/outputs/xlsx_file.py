"""XLSX files of any length, written row by row in constant memory: typed cells, and text that is nothing but text.

    with open_workbook("reports/7/Sales.xlsx") as workbook:
        sheet = workbook.add_sheet("Sales", [SheetColumn("Day"), SheetColumn("Net", money_format("USD"))])
        sheet.write_row([date(2026, 11, 20), Decimal("1204.50")])

Sheets may be written in turns, each from top to bottom. Charts may come at any time.
"""

import re
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import chain, count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO, Any, BinaryIO, Literal, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from include.outputs.drafts import draft
from include.outputs.xlsx_cells import Cell, RowXml, SheetColumn

# What a sheet holds below its headings.
MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class Chart:
    """A chart over columns of a sheet, named by their titles.

    :param categories: what stands along the axis, once for each row: dates too.
    :param first_row: the first of the rows, 1 being the first below the headings, and ``last_row`` the last; all unless
        given.
    """

    kind: Literal["column", "bar", "line", "pie"]
    title: str
    source: "Sheet"
    categories: str
    values: Sequence[str]
    first_row: int = 1
    last_row: int | None = None


class TooManyRowsError(ValueError):
    """A sheet is full."""


@contextmanager
def open_workbook(
    filename: str, zone: tzinfo = UTC, folder: Path | None = None, made_at: datetime | None = None
) -> Iterator["Workbook"]:
    """A workbook in a folder (`STOREKEEPER_OUTPUTS` unless given), there once the block has ended well: as
    `workbook.file`."""
    with draft(filename, folder) as (file, part), Workbook(part, zone, made_at) as workbook:
        workbook.file = file
        yield workbook


class Workbook:
    """Writes into an open file; the ``with`` block ends it.

    :param zone: the time zone that times are shown in: a cell knows none.
    :param made_at: what the file says of itself: with the same, the same cells make the same bytes. Now unless given.
    """

    file: Path

    def __init__(self, content: BinaryIO, zone: tzinfo = UTC, made_at: datetime | None = None) -> None:
        self.zone = zone
        # xlsxwriter leaves its drafts behind when it is not closed: they get a folder that goes in any case.
        folder = mkdtemp(prefix="storekeeper-xlsx-")
        self._drafts: list[IO[str]] = []
        self._clean = weakref.finalize(self, _clean, folder, self._drafts)
        self._book = xlsxwriter.Workbook(content, {"constant_memory": True, "tmpdir": folder, "use_zip64": True})
        if made_at:
            self._book.set_properties({"created": made_at})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._sheets: list[Sheet] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def close(self) -> None:
        """Writes the file; for who cannot hold a ``with`` block open."""
        try:
            for sheet in self._sheets:
                sheet.end()
            self._book.close()
        finally:
            self.discard()

    def discard(self) -> None:
        """Gives up the drafts; of a workbook that is closed there are none."""
        for sheet in self._sheets:
            sheet.worksheet.row_data_fh.close()
        self._clean()

    def add_sheet(self, title: str, columns: Sequence[SheetColumn]) -> "Sheet":
        """A sheet with bold headings that stay in view, and a filter on them.

        :param title: changed where Excel does not take it as it is: 31 characters, not ``[]:*?/\\``, each only once.
        """
        sheet = Sheet(self, self._book.add_worksheet(self._free_title(title), _Worksheet), columns)
        self._sheets.append(sheet)
        self._drafts.append(sheet.worksheet.row_data_fh)
        return sheet

    def add_chart(self, sheet: "Sheet", chart: Chart, cell: str, *, width: int = 720, height: int = 360) -> None:
        """Puts a chart onto a sheet, its upper left corner at ``cell`` (``"F2"``); its source's rows are all written.

        :param width: in pixels, as `height` is.
        """
        drawn = self._book.add_chart({"type": chart.kind})
        source = chart.source
        last_row = chart.last_row or max(source.row_count, chart.first_row)
        categories, *values = map(source.titles.index, [chart.categories, *chart.values])
        for column in values:
            drawn.add_series(
                {
                    "name": [source.name, 0, column],
                    "categories": [source.name, chart.first_row, categories, last_row, categories],
                    "values": [source.name, chart.first_row, column, last_row, column],
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        if chart.kind != "pie":
            set_category_axis, set_value_axis = drawn.set_x_axis, drawn.set_y_axis
            if chart.kind == "bar":
                # Its x axis is the one that lies, whatever stands along it.
                set_category_axis, set_value_axis = set_value_axis, set_category_axis
            # Not every program looks at the cells for it.
            set_category_axis({"num_format": source.columns[categories].number_format, "text_axis": True})
            set_value_axis({"num_format": source.columns[values[0]].number_format})
            if len(values) == 1:
                drawn.set_legend({"none": True})
        drawn.set_size({"width": width, "height": height})
        sheet.worksheet.insert_chart(cell, drawn)

    def format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def number_style(self, number_format: str) -> int:
        index: int = self.format(num_format=number_format)._get_xf_index()
        return index

    def _free_title(self, title: str) -> str:
        stem = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", title).strip("'")[:31] or "Sheet"
        taken = {sheet.name.casefold() for sheet in self._sheets}
        candidates = (f"{stem[: 30 - len(str(number))]} {number}" for number in count(2))
        return next(title for title in chain([stem], candidates) if title.casefold() not in taken)


class _Worksheet(Worksheet):  # type: ignore[misc]
    """Takes rows as XML too: xlsxwriter takes several times as long for a cell, looking at what it may be."""

    def write_xml(self, row: int, xml: str) -> None:
        """:param row: below all that were written, counted from 0; as wide as they."""
        if self.table:
            # What it holds of the row before.
            self._write_single_row(row)
        self.previous_row = self.dim_rowmax = row
        self.row_data_fh.write(xml)


class Sheet:
    """A table on a sheet of its own."""

    def __init__(self, workbook: Workbook, worksheet: _Worksheet, columns: Sequence[SheetColumn]) -> None:
        if len(columns) > MOST_COLUMNS:
            raise ValueError(f"a sheet holds {MOST_COLUMNS:,} columns, not {len(columns):,}")
        self.worksheet = worksheet
        self.name: str = worksheet.get_name()
        self.columns = columns
        self.titles = [column.title for column in columns]
        self.row_count = 0
        self._workbook = workbook
        self._rows = RowXml(columns, workbook.zone, workbook.number_style)
        heading = workbook.format(bold=True, bottom=1)
        for number, column in enumerate(columns):
            worksheet.set_column(number, number, column.width or min(max(len(column.title) + 4, 12), 40))
            worksheet.write_string(0, number, _plain(column.title), heading)
        worksheet.freeze_panes(1, 0)
        # On paper: as wide as the page, the headings on each.
        worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(0)

    def write_row(self, cells: Sequence[Cell]) -> None:
        """
        :raises TooManyRowsError: the sheet is full.
        """
        if self.row_count >= MOST_ROWS:
            raise TooManyRowsError(f"a sheet holds {MOST_ROWS:,} rows below its headings")
        self.row_count = row = self.row_count + 1
        self.worksheet.write_xml(row, self._rows.row(row + 1, cells))

    def end(self) -> None:
        """Puts the filter over what was written."""
        if self.titles:
            self.worksheet.autofilter(0, 0, self.row_count, len(self.titles) - 1)

    def cell(self, row: int, title: str) -> str:
        """The address of a cell, such as ``B3``; row 1 is the first below the headings."""
        return str(xl_rowcol_to_cell(row, self.titles.index(title)))


def _clean(folder: str, drafts: list[IO[str]]) -> None:
    for file in drafts:
        file.close()
    rmtree(folder, ignore_errors=True)


def _plain(title: str) -> str:
    """What xlsxwriter writes as it is: ``<r>…</r>`` it takes for its own markup."""
    return f"{title} " if title.startswith("<r>") and title.endswith("</r>") else title
