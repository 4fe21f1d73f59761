"""A table that goes on on further sheets where one is full."""

from collections.abc import Sequence

from include.outputs.xlsx_cells import Cell, SheetColumn
from include.outputs.xlsx_file import MOST_ROWS, Sheet, Workbook


class LongSheet:
    """Writes like a `Sheet`: what one does not hold comes on ``Title 2``, ``Title 3``, each with the same headings.

    :param most_rows: of a sheet, below its headings.
    """

    def __init__(
        self, workbook: Workbook, title: str, columns: Sequence[SheetColumn], most_rows: int = MOST_ROWS
    ) -> None:
        self.sheets: list[Sheet] = [workbook.add_sheet(title, columns)]
        self._workbook = workbook
        self._title = title
        self._columns = columns
        self._most_rows = most_rows

    @property
    def row_count(self) -> int:
        return sum(sheet.row_count for sheet in self.sheets)

    def write_row(self, cells: Sequence[Cell]) -> None:
        if self.sheets[-1].row_count >= self._most_rows:
            self.sheets.append(self._workbook.add_sheet(self._title, self._columns))
        self.sheets[-1].write_row(cells)
