"""A spreadsheet while `spreadsheets.batchUpdate` changes it."""

from dataclasses import dataclass
from typing import Any

from sandbox.google.a1 import Area
from sandbox.google.errors import GoogleError
from sandbox.google.tab import Tab

Wish = dict[str, Any]


@dataclass
class Change:
    """All of it is kept at the end, or nothing."""

    title: str
    tabs: list[Tab]

    def tab(self, sheet_id: int) -> Tab:
        for one in self.tabs:
            if one.id == sheet_id:
                return one
        raise GoogleError(400, f"No grid with id: {sheet_id}")

    def check_title(self, title: str, but: int | None = None) -> None:
        if any(one.title.casefold() == title.casefold() and one.id != but for one in self.tabs):
            raise GoogleError(400, f'A sheet with the name "{title}" already exists. Please enter another name.')

    def range(self, wish: Wish) -> tuple[Tab, tuple[int, int, int, int]]:
        """The tab of a GridRange, and top, left, bottom, right of it inside the grid."""
        one = self.tab(wish.get("sheetId", 0))
        area = Area(
            wish.get("startRowIndex", 0),
            wish.get("startColumnIndex", 0),
            wish.get("endRowIndex"),
            wish.get("endColumnIndex"),
        )
        return one, one.within(area)
