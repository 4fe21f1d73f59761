"""Tables longer than a request: batches, one swap, and nothing half-written in sight."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from gspread.exceptions import APIError

from include.google import long_tabs
from include.google.client import Google
from include.google.drive import find_or_create
from include.google.long_tabs import replace_long_tab, write_long_tab
from tests.include.google.test_sheets import shown, spreadsheets, titles
from tests.sandbox_process import Sandbox

HEADINGS = ["Order", "Ingredient", "Quantity"]
# Some 4 MB: three batches.
LONG = 4_000
LONG_NAME = "Mozzarella " * 90


def rows(count: int, name: str = "Mozzarella") -> Iterator[tuple[str, str, Decimal]]:
    return ((f"order {number}", name, Decimal("0.125")) for number in range(count))


def test_a_long_table_comes_whole(google: Google) -> None:
    url = replace_long_tab(google, "Log", "it's Friday", HEADINGS, rows(LONG, LONG_NAME), LONG, share_with=[])

    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["it's Friday"]
    assert f"{file['id']}#gid=" in url
    ends = google.sheets.values_batch_get(file["id"], ["A1:C2", f"A{LONG + 1}:C{LONG + 1}"])["valueRanges"]
    assert ends[0]["values"][0] == HEADINGS
    assert ends[1]["values"] == [[f"order {LONG - 1}", LONG_NAME, "0.125"]]


def test_a_rerun_replaces_the_rows_and_keeps_the_address(google: Google) -> None:
    first = replace_long_tab(google, "Log", "Friday", HEADINGS, rows(5), 5, share_with=[])
    again = replace_long_tab(google, "Log", "Friday", HEADINGS, rows(2, "Basil"), 2, share_with=[])

    assert again == first
    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["Friday"]
    assert [row[1] for row in shown(google, "Friday")] == ["Ingredient", "Basil", "Basil"]


def test_columns_have_their_looks_and_a_new_tab_its_place(google: Google) -> None:
    file = find_or_create(google, "Log")
    days = {1: {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}
    write_long_tab(google, file, "Second", ["Day"], [["x"]], 1)
    write_long_tab(google, file, "First", ["Name", "Day"], [["x", 46347]], 1, formats=days)
    write_long_tab(google, file, "Third", ["Name", "Day"], [["x", 46347]], 1, formats=days, index=2)

    assert titles(google, file.id) == ["First", "Second", "Third"]
    assert [shown(google, tab)[1] for tab in ("First", "Third")] == [["x", "2026-11-21"]] * 2


def test_text_that_looks_like_a_formula_stays_text(google: Google) -> None:
    replace_long_tab(google, "Log", "Friday", ["Item"], [["=1+1"], ["007"]], 2, share_with=[])

    (file,) = spreadsheets(google)
    found = google.sheets.fetch_sheet_metadata(file["id"], {"includeGridData": "true"})
    cells = [row["values"][0]["userEnteredValue"] for row in found["sheets"][0]["data"][0]["rowData"]]
    assert cells[1:] == [{"stringValue": "=1+1"}, {"stringValue": "007"}]


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(("method", "is_late"), [("POST", False), ("PUT", False), ("POST", True)])
def test_a_lost_reply_ends_in_the_same_tab(
    google: Google, sandbox: Sandbox, is_new: bool, method: str, is_late: bool
) -> None:
    """Of the request that makes the draft, of a batch, and of the one that shows it."""
    if not is_new:
        replace_long_tab(google, "Log", "Friday", HEADINGS, rows(5), 5, share_with=[])

    def lose_a_reply() -> None:
        sandbox.set_fault(lost_reply=True, method=method, path="/google/v4/spreadsheets", times=1)

    def basil() -> Iterator[tuple[str, str, Decimal]]:
        if is_late:
            lose_a_reply()
        yield from rows(3, "Basil")

    if not is_late:
        lose_a_reply()
    replace_long_tab(google, "Log", "Friday", HEADINGS, basil(), 3, share_with=[])

    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["Friday"]
    assert [row[1] for row in shown(google, "Friday")[1:]] == ["Basil"] * 3


def test_what_breaks_off_shows_nothing_and_the_next_run_clears_up(google: Google, sandbox: Sandbox) -> None:
    replace_long_tab(google, "Log", "Friday", HEADINGS, rows(5), 5, share_with=[])
    sandbox.set_fault(status=400, method="PUT", path="/google/v4/spreadsheets", times=1)
    with pytest.raises(APIError):
        replace_long_tab(google, "Log", "Friday", HEADINGS, rows(3, "Basil"), 3, share_with=[])
    assert [row[1] for row in shown(google, "Friday")[1:]] == ["Mozzarella"] * 5

    replace_long_tab(google, "Log", "Friday", HEADINGS, rows(3, "Basil"), 3, share_with=[])
    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["Friday"]


def test_more_than_a_spreadsheet_holds_is_refused_before_anything_is_written(google: Google) -> None:
    with pytest.raises(ValueError, match="a tab may have"):
        replace_long_tab(google, "Log", "Friday", HEADINGS, [], long_tabs.MOST_CELLS, share_with=[])
    assert spreadsheets(google) == []
