import random
from decimal import Decimal
from typing import Any

from include.google.charts import Chart
from include.google.client import Google
from include.google.drive import SpreadsheetFile, find_or_create_in
from include.google.sheets import money_format
from include.google.tabs import PERCENT, Table, replace_tabs
from tests.sandbox_process import Sandbox

SALES = Table(
    "Sales",
    [
        ["Item", "Net", "Share"],
        ["=Soup", Decimal("4.50"), Decimal("0.125")],
        [],
        ["Size", "Net", "Share"],
        ["Small", 3, 1],
    ],
    heading_rows=[3],
    formats={1: money_format("USD"), 2: PERCENT},
    numeric_columns=[1, 2],
    first_column_pixels=200,
    charts=[Chart("Sizes", "COLUMN", [1], rows=(3, 5), anchor=(30, 6))],
)
STOCK = Table("Stock", [["Item"], ["Flour"]])


def made(google: Google, key: str = "sales/1", name: str = "Sales") -> SpreadsheetFile:
    return find_or_create_in(google, "Reports 2026", key, name)


def files(google: Google) -> list[dict[str, Any]]:
    found = google.drive.files().list(fields="files(id,name,mimeType,parents)").execute()
    return list(found["files"])


def sheets(google: Google, file: SpreadsheetFile) -> list[dict[str, Any]]:
    return list(google.sheets.fetch_sheet_metadata(file.id, {"includeGridData": "true"})["sheets"])


def test_a_spreadsheet_is_found_by_its_key_and_lies_in_its_folder(google: Google) -> None:
    first, again, other = made(google), made(google, name="Renamed"), made(google, "sales/2")
    assert first == again != other
    folder_of = {file["id"]: file["parents"] for file in files(google)}
    (folder,) = [file for file in files(google) if file["name"] == "Reports 2026"]
    assert folder_of == {folder["id"]: ["root"], first.id: [folder["id"]], other.id: [folder["id"]]}


def test_a_folder_that_somebody_threw_away_is_made_again(google: Google) -> None:
    file = made(google)
    for each in files(google):
        google.drive.files().update(fileId=each["id"], body={"trashed": True}).execute()
    assert made(google) != file


def test_a_lost_reply_makes_no_second_folder_or_spreadsheet(google: Google, sandbox: Sandbox) -> None:
    sandbox.set_fault(lost_reply=True, method="POST", path="/google/drive", times=1)
    made(google)
    assert len(files(google)) == 2


def test_tabs_are_written_with_headings_formats_and_charts(google: Google) -> None:
    file = made(google)
    addresses = replace_tabs(google, file, [SALES, STOCK])

    sales, stock = sheets(google, file)
    assert [each["properties"]["title"] for each in (sales, stock)] == ["Sales", "Stock"]
    assert addresses["Sales"] == f"{file.url}#gid={sales['properties']['sheetId']}"
    rows = [row["values"] for row in sales["data"][0]["rowData"]]
    assert [[cell.get("formattedValue") for cell in row] for row in rows] == [
        ["Item", "Net", "Share"],
        ["=Soup", "$4.50", "12.5%"],
        [None, None, None],
        ["Size", "Net", "Share"],
        ["Small", "$3.00", "100.0%"],
    ]
    assert rows[1][0]["userEnteredValue"] == {"stringValue": "=Soup"}
    assert [rows[row][0]["effectiveFormat"]["textFormat"]["bold"] for row in (0, 3)] == [True, True]
    assert rows[3][1]["effectiveFormat"]["horizontalAlignment"] == "RIGHT"
    assert sales["properties"]["gridProperties"] == {"rowCount": 31, "columnCount": 7, "frozenRowCount": 1}
    (chart,) = sales["charts"]
    assert chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"] == 30
    (series,) = chart["spec"]["basicChart"]["series"]
    assert series["series"]["sourceRange"]["sources"][0]["startRowIndex"] == 3


def test_a_cell_may_look_unlike_its_column(google: Google) -> None:
    file = made(google)
    rows: list[list[Any]] = [["Figure", "Value"], ["Net", Decimal("4.5")], ["Share", Decimal("0.125")], ["New", True]]
    replace_tabs(
        google, file, [Table("Summary", rows, formats={1: money_format("USD")}, cell_formats={(2, 1): PERCENT})]
    )
    (summary,) = sheets(google, file)
    shown = [row["values"][1].get("formattedValue") for row in summary["data"][0]["rowData"]]
    assert shown == ["Value", "$4.50", "12.5%", "TRUE"]


def test_tabs_written_again_keep_their_ids_and_other_tabs_stay(google: Google) -> None:
    file = made(google)
    first = replace_tabs(google, file, [SALES, STOCK])
    again = replace_tabs(google, file, [Table("Sales", [["Item"], ["Tea"]]), Table("More", [["Item"]])])
    assert again["Sales"] == first["Sales"]
    tabs = {each["properties"]["title"]: each for each in sheets(google, file)}
    assert tabs.keys() == {"Sales", "Stock", "More"}
    rows = [row["values"] for row in tabs["Sales"]["data"][0]["rowData"]]
    assert [[cell.get("formattedValue") for cell in row] for row in rows] == [["Item"], ["Tea"]]


def test_what_is_too_long_for_one_call_takes_more_and_a_tab_is_in_one(google: Google, sandbox: Sandbox) -> None:
    file = made(google)
    # Each of some 0.9 MB.
    long = [
        Table(f"Tab {number}", [["Text"], *([random.randbytes(220).hex()] for _ in range(1800))]) for number in range(3)
    ]
    sandbox.set_fault("counted", latency_ms=0, path="/google/v4", method="POST", times=100)
    replace_tabs(google, file, long)
    assert sandbox.request("GET", "/sandbox/faults").json()["counted"]["times"] == 100 - 3
    assert [each["properties"]["title"] for each in sheets(google, file)] == ["Tab 0", "Tab 1", "Tab 2"]
