"""The approved workbook as a Google Sheet: what stands in the one stands in the other."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from include.customers.report import sheet
from include.customers.report.sheet import publish
from include.google.client import Google, google_client
from include.outputs.number_formats import money_format
from include.outputs.xlsx_cells import Number, SheetColumn
from include.outputs.xlsx_file import open_workbook
from tests.sandbox_process import Sandbox

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
ORDER = SheetColumn("Order")
COLUMNS = [
    ORDER,
    SheetColumn("Ordered at"),
    SheetColumn("Amount", money_format("USD")),
    SheetColumn("Came late"),
]


@pytest.fixture
def google(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    extra = {"keyfile_dict": json.dumps(sandbox.google_keyfile), "api_root": sandbox.google_url}
    connection = {"conn_type": "google_cloud_platform", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_GOOGLE_DEFAULT", json.dumps(connection))
    with google_client() as google:
        yield google


def workbook(folder: Path, order_count: int = 2, amount: float = 12.5) -> Path:
    with open_workbook("Daily_Report_20261120.xlsx", ZoneInfo("America/New_York"), folder) as book:
        summary = book.add_sheet("Summary", [SheetColumn("Figure"), SheetColumn("Value"), SheetColumn("Note")])
        summary.write_row(["Business day", DAY, "Friday"])
        summary.write_row(["Revenue", Number(1200.5, money_format("USD"))])
        summary.write_row(["Share", Number(0.125, "0.0%")])
        orders = book.add_sheet("Current_Day_Orders", COLUMNS)
        for number in range(order_count):
            orders.write_row([f"=O{number}_x0041_", AT, amount, number == 0])
        regions = book.add_sheet("KPI_Regional_Revenue", [SheetColumn("Region"), SheetColumn("Revenue this month")])
        for number in range(25):
            regions.write_row([f"Region {number}", number])
        book.add_sheet("Current_Day_Orders 2", [ORDER]).write_row(["goes on"])
    return book.file


def published(google: Google, file: Path) -> tuple[str, dict[str, Any]]:
    """The address, and the spreadsheet's tabs by their titles."""
    url = publish(google, file, key="partner/2026-11-20", name="Daily report", day=DAY, share_with=["a@example.com"])
    (made,) = [
        each
        for each in google.drive.files().list(fields="files(id,name,mimeType)").execute()["files"]
        if each["name"] == "Daily report"
    ]
    found = google.sheets.fetch_sheet_metadata(made["id"], {"includeGridData": "true"})["sheets"]
    return url, {each["properties"]["title"]: each for each in found}


def shown(tab: dict[str, Any]) -> list[list[str | None]]:
    return [[cell.get("formattedValue") for cell in row["values"]] for row in tab["data"][0]["rowData"]]


def test_the_tabs_hold_what_the_workbook_holds(google: Google, tmp_path: Path) -> None:
    url, tabs = published(google, workbook(tmp_path))
    assert list(tabs) == ["Summary", "Current_Day_Orders", "KPI_Regional_Revenue"]
    assert url.endswith(f"#gid={tabs['Summary']['properties']['sheetId']}")
    assert [row[:2] for row in shown(tabs["Summary"])] == [
        ["Figure", "Value"],
        ["Business day", "2026-11-20"],
        ["Revenue", "$1,200.50"],
        ["Share", "12.5%"],
    ]
    assert shown(tabs["Current_Day_Orders"]) == [
        ["Order", "Ordered at", "Amount", "Came late"],
        ["=O0_x0041_", "2026-11-20 09:30:00", "$12.50", "TRUE"],
        ["=O1_x0041_", "2026-11-20 09:30:00", "$12.50", "FALSE"],
    ]


def test_charts_stand_beside_what_they_draw(google: Google, tmp_path: Path) -> None:
    _, tabs = published(google, workbook(tmp_path))
    (chart,) = tabs["KPI_Regional_Revenue"]["charts"]
    assert chart["spec"]["title"] == "Revenue by region, month to date"
    (source,) = chart["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"]
    assert (source["startRowIndex"], source["endRowIndex"]) == (0, 21)


@pytest.mark.parametrize("short_cells", [25_000, 50])
def test_another_edition_replaces_the_tabs_and_keeps_their_addresses(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short_cells: int
) -> None:
    monkeypatch.setattr(sheet, "SHORT_CELLS", short_cells)
    before, tabs_before = published(google, workbook(tmp_path, order_count=20))
    after, tabs = published(google, workbook(tmp_path, order_count=15, amount=-1))
    assert after == before
    assert list(tabs) == ["Summary", "Current_Day_Orders", "KPI_Regional_Revenue"]
    assert {title: tab["properties"]["sheetId"] for title, tab in tabs.items()} == {
        title: tab["properties"]["sheetId"] for title, tab in tabs_before.items()
    }
    orders = shown(tabs["Current_Day_Orders"])
    assert len(orders) == 16
    assert orders[-1] == ["=O14_x0041_", "2026-11-20 09:30:00", "-$1.00", "FALSE"]


def test_a_table_too_long_for_a_browser_is_in_the_workbook_only(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 30)
    _, tabs = published(google, workbook(tmp_path, order_count=1_234))
    assert shown(tabs["Current_Day_Orders"]) == [
        ["1,234 rows: more than 30 are in the workbook only, Daily_Report_20261120.xlsx"]
    ]
    assert len(shown(tabs["KPI_Regional_Revenue"])) == 26
