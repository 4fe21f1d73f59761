"""The stand-in against gspread, which was written against Google."""

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError, SpreadsheetNotFound
from gspread.utils import ValueInputOption, ValueRenderOption


@pytest.fixture
def book(sheets: gspread.Client) -> gspread.Spreadsheet:
    return sheets.create("Book")


def test_a_new_spreadsheet_has_one_tab_and_is_found_by_name(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    assert sheets.open("Book").id == book.id
    assert [tab.title for tab in book.worksheets()] == ["Sheet1"]
    with pytest.raises(SpreadsheetNotFound):
        sheets.open("No such book")


def test_values_are_written_and_read_by_range(book: gspread.Spreadsheet) -> None:
    tab = book.add_worksheet("Joe's Café", rows=10, cols=4)
    tab.update([["a", 1, 2.5], ["b", True, ""]], "A1")

    assert tab.get_all_values() == [["a", "1", "2.5"], ["b", "TRUE", ""]]
    assert tab.get("B1", value_render_option=ValueRenderOption.unformatted) == [[1]]
    assert tab.row_values(2) == ["b", "TRUE"]
    assert tab.col_values(1) == ["a", "b"]
    assert book.values_batch_get(["'Joe''s Café'!A1:A2", "Sheet1"])["valueRanges"][0]["values"] == [["a"], ["b"]]


def test_raw_text_stays_text_and_entered_text_is_read(book: gspread.Spreadsheet) -> None:
    tab = book.sheet1
    tab.update([["=1+1", "12", "007"]], "A1", value_input_option=ValueInputOption.raw)
    tab.update([["=1+1", "12", "'007"]], "A2", value_input_option=ValueInputOption.user_entered)

    cells = book.fetch_sheet_metadata({"includeGridData": "true"})["sheets"][0]["data"][0]["rowData"]
    kinds = [[next(iter(cell["userEnteredValue"])) for cell in row["values"]] for row in cells]
    assert kinds == [["stringValue"] * 3, ["formulaValue", "numberValue", "stringValue"]]


def test_rows_are_appended_below_the_last(book: gspread.Spreadsheet) -> None:
    tab = book.add_worksheet("Small", rows=2, cols=2)
    tab.append_rows([["a", "b"]])
    tab.append_rows([["c", "d"], ["e", "f"]])
    assert tab.get_all_values() == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert tab.row_count == 2 or book.worksheet("Small").row_count == 3


def test_ranges_are_cleared(book: gspread.Spreadsheet) -> None:
    tab = book.sheet1
    tab.update([["a", "b"], ["c", "d"]])
    tab.batch_clear(["A1:B1", "A2"])
    assert tab.get_all_values() == [["", ""], ["", "d"]]
    tab.clear()
    assert tab.get_all_values() == [[]]


def test_looks_are_kept(book: gspread.Spreadsheet) -> None:
    tab = book.sheet1
    tab.update([["Total"], [1234.5]])
    tab.format("A1", {"textFormat": {"bold": True}})
    tab.format("A2", {"numberFormat": {"type": "CURRENCY", "pattern": '"$"#,##0.00'}})
    tab.freeze(rows=1)
    tab.columns_auto_resize(0, 1)
    tab.set_basic_filter()
    tab.merge_cells("B1:C1")

    assert tab.get_all_values() == [["Total"], ["$1,234.50"]]
    assert book.sheet1.frozen_row_count == 1


def test_tabs_are_renamed_ordered_resized_and_deleted(book: gspread.Spreadsheet) -> None:
    second = book.add_worksheet("Second", rows=5, cols=5)
    second.update_title("First")
    book.reorder_worksheets([second, book.sheet1])
    assert [tab.title for tab in book.worksheets()] == ["First", "Sheet1"]
    second.resize(rows=1, cols=1)
    assert book.worksheet("First").row_count == 1
    book.del_worksheet(second)
    assert [tab.title for tab in book.worksheets()] == ["Sheet1"]
    with pytest.raises(APIError, match="can't remove all the sheets"):
        book.del_worksheet(book.sheet1)


@pytest.mark.parametrize(
    ("place", "told"),
    [("A1001", "exceeds grid limits"), ("AB1", "exceeds grid limits"), ("Nowhere!A1", "Unable to parse")],
)
def test_a_place_outside_the_grid_is_refused(book: gspread.Spreadsheet, place: str, told: str) -> None:
    with pytest.raises(APIError, match=told):
        book.values_update(place, params={"valueInputOption": "RAW"}, body={"values": [["x"]]})


def test_two_tabs_cannot_share_a_name(book: gspread.Spreadsheet) -> None:
    with pytest.raises(APIError, match="already exists"):
        book.add_worksheet("sheet1", rows=1, cols=1)


def test_a_batch_is_applied_wholly_or_not_at_all(book: gspread.Spreadsheet) -> None:
    good = {"addSheet": {"properties": {"title": "New"}}}
    bads: list[dict[str, Any]] = [{"deleteSheet": {"sheetId": 99}}, {"paintItBlack": {}}]
    for bad in bads:
        with pytest.raises(APIError, match="400"):
            book.batch_update({"requests": [good, bad]})
    assert [tab.title for tab in book.worksheets()] == ["Sheet1"]


def test_a_chart_is_kept_and_shows_in_the_metadata(book: gspread.Spreadsheet) -> None:
    chart = {"spec": {"title": "Net"}, "position": {"overlayPosition": {"anchorCell": {"sheetId": 0}}}}
    book.batch_update({"requests": [{"addChart": {"chart": chart}}]})
    assert book.fetch_sheet_metadata()["sheets"][0]["charts"][0]["spec"] == {"title": "Net"}
