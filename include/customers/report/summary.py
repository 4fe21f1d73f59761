"""The first sheet: what the day was, what stands on the other sheets, and charts of two of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from include.customers.kpis import Headline, Table
from include.customers.report.cells import headline_cell
from include.outputs.long_sheet import LongSheet
from include.outputs.xlsx_cells import Cell, Number, SheetColumn
from include.outputs.xlsx_file import Chart, Workbook

TITLE = "Summary"
COLUMNS = (SheetColumn("Figure", width=50), SheetColumn("Value", width=16), SheetColumn("Note", width=72))


@dataclass(frozen=True)
class Wish:
    """A chart over a table.

    :param categories: a column's title; ``values`` too.
    :param rows: how many rows it shows: the first, or with ``is_newest`` the last.
    :param cell: where it stands on the summary.
    """

    kind: Literal["column", "bar"]
    title: str
    categories: str
    values: str
    rows: int
    is_newest: bool
    cell: str


WISHES = {
    "KPI_Monthly_Order_Trends": Wish("column", "Revenue by month", "Month", "Revenue", 36, True, "E2"),
    "KPI_Regional_Revenue": Wish(
        "bar", "Revenue by region, month to date", "Region", "Revenue this month", 20, False, "E21"
    ),
}


class Summary:
    """The sheet, to which rows are added in the order in which they are known."""

    def __init__(self, workbook: Workbook, currency: str) -> None:
        self._workbook = workbook
        self._currency = currency
        self._sheet = workbook.add_sheet(TITLE, COLUMNS)

    def add_day(self, day: date, zone: ZoneInfo) -> None:
        self._add("Business day", day, f"{day:%A}; times are those of {zone.key}, amounts are in {self._currency}")

    def add_headlines(self, headlines: Iterable[Headline]) -> None:
        for headline in headlines:
            self._add(headline.label, headline_cell(headline, self._currency))

    def add_table(self, table: Table, sheet: LongSheet) -> None:
        """How long a table is that is written, and its chart if one is wished."""
        self._add(f"Rows of {table.name}", Number(sheet.row_count, "#,##0"), table.note)
        wish = WISHES.get(table.name)
        if wish and sheet.row_count:
            self._workbook.add_chart(self._sheet, _chart(wish, sheet), wish.cell)

    def _add(self, figure: str, value: Cell, note: str = "") -> None:
        self._sheet.write_row([figure, value, note or None])


def _chart(wish: Wish, sheet: LongSheet) -> Chart:
    row_count = sheet.row_count
    return Chart(
        wish.kind,
        wish.title,
        sheet.sheets[0],
        wish.categories,
        [wish.values],
        first_row=max(1, row_count - wish.rows + 1) if wish.is_newest else 1,
        last_row=row_count if wish.is_newest else min(row_count, wish.rows),
    )
