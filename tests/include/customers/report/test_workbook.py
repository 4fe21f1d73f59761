"""The golden workbook: every cell, its numbers worked out by hand from the story's orders.

In cents, by order: O1 1000 (20 October); O2 2000 (the 18th); O3 1000, O4 555, O10 2000 (the 19th); O5 1000 + 3000,
O6 1000, O7 1998, O8 700, O9 100 (the day, the 20th): 7798 on the day, 3555 the day before, 13353 in the month.
C1 ordered O1, O3, O5, O6; C2 O2 and O10; C3 O4; C4 O7.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest
from openpyxl import Workbook, load_workbook

from include.customers.deliveries import receive, take_in
from include.customers.intake import guess_kind_and_date
from include.customers.kpis import PartnerWarehouse, Source, files
from include.customers.report.workbook import Report, write_workbook
from tests.conftest import Database
from tests.include.customers.report.story import DAY, PARTNER, write_files


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    """A cell knows no time zone: the partner's clock."""
    return datetime(2026, month, day, hour, minute, second)  # noqa: DTZ001


ADA, BOB = ("C1", "Ada King", "+12125550101"), ("C2", "Bob", "+12125550102")
CLEO, DORA = ("C3", "Cleo", "+12125550103"), ("C4", "=Dora", "+12125550104")
NOBODY = "(no customer)"

GOLDEN: dict[str, list[tuple[Any, ...]]] = {
    "Summary": [
        ("Figure", "Value", "Note"),
        ("Business day", at(20), "Friday; times are those of America/New_York, amounts are in USD"),
        ("Orders", 5, None),
        ("Revenue", 77.98, None),
        # 1559.6 cents.
        ("Average order", 15.60, None),
        ("SKUs sold", 9, None),
        # (7798 - 3555) / 3555
        ("Revenue against the day before", 1.19353, None),
        ("Revenue against the same weekday a week before", None, None),
        ("Revenue this month", 133.53, None),
        ("Customers who ordered", 2, None),
        ("New customers", 1, None),
        ("Returning customers", 1, None),
        # C1 of C1 and C4; C1 and C2 of all four.
        ("Customers with more than one order on the day", 0.5, None),
        ("Customers with more than one order ever", 0.5, None),
        # Of 30, 1 and 0 days between C1's, and 1 between C2's.
        ("Median days between orders", 1, None),
        # C1's 6000 of 12553 since 22 October.
        ("Top tenth of customers' share of revenue, last 30 days", 0.477973, None),
        ("Orders without a customer", 2, None),
        # 800 of 7798.
        ("Share of revenue without a customer", 0.10259, None),
        ("Late orders that came with the day", 1, None),
        ("Rows of Customers", 4, None),
        ("Rows of Current_Day_Orders", 6, None),
        ("Rows of Archived_Previous_Day", 3, "The orders of 2026-11-19."),
        ("Rows of KPI_Repeat_Customers", 2, None),
        (
            "Rows of KPI_Regional_Revenue",
            4,
            "This month: 2026-11-01 to 2026-11-20. The month before: 2026-10-01 to 2026-10-20.",
        ),
        ("Rows of KPI_Monthly_Order_Trends", 2, "2026-11 to 2026-11-20, compared with 2026-10-01 to 2026-10-20."),
        ("Rows of KPI_Top_Customers_Last_30_Days", 4, "The 30 days from 2026-10-22 to 2026-11-20."),
        ("Rows of KPI_SKUs_By_Region", 6, "This month: 2026-11-01 to 2026-11-20."),
        ("Rows of Unmatched_Orders", 2, "Placed or come in the 30 days from 2026-10-22 to 2026-11-20."),
        ("Rows of Data_Quality", 21, None),
    ],
    "Customers": [
        (
            *("Customer", "Name", "Mobile number", "Number as it came", "Region", "Name from history"),
            *("Region from history", "Known since", "Orders", "Revenue", "First order", "Last order"),
        ),
        (*ADA, None, "North", False, True, at(18), 4, 70, at(20, month=10), at(20)),
        (*BOB, None, "South", False, False, at(18), 2, 40, at(18), at(19)),
        (*CLEO, None, "North", False, False, at(18), 1, 5.55, at(19), at(19)),
        (*DORA, None, "West", False, False, at(20), 1, 19.98, at(20), at(20)),
    ],
    "Current_Day_Orders": [
        (
            *("Order", "SKU", "Customer", "Name", "Mobile number", "Region", "Ordered at", "Business day"),
            *("Count", "Amount", "Came late"),
        ),
        ("O5", "A", *ADA, "North", at(20, 8, 30), at(20), 1, 10, False),
        ("O5", "B", *ADA, "North", at(20, 8, 30), at(20), 3, 30, False),
        ("O8", "C", None, None, "+12125550199", NOBODY, at(20, 12), at(20), 1, 7, False),
        ("O9", "A", None, None, None, NOBODY, at(20, 13), at(20), 1, 1, False),
        ("O6", "A", *ADA, "North", at(20, 20), at(20), 1, 10, False),
        ("O7", "A", *DORA, "West", at(20, 21, 15), at(20), 2, 19.98, False),
    ],
    "Archived_Previous_Day": [
        (
            *("Order", "SKU", "Customer", "Name", "Mobile number", "Region", "Ordered at", "Business day"),
            *("Count", "Amount", "Came late"),
        ),
        ("O3", "A", *ADA, "North", at(19, 9), at(19), 1, 10, False),
        ("O10", "B", *BOB, "South", at(19, 18), at(19), 1, 20, True),
        ("O4", "B", *CLEO, "North", at(19, 23, 59, 59), at(19), 1, 5.55, False),
    ],
    "KPI_Repeat_Customers": [
        (
            *("Customer", "Name", "Mobile number", "Region", "Orders on the day", "Orders ever"),
            *("Revenue on the day", "Revenue ever", "First order", "Last order", "Mean days between orders"),
            "Repeat on the day",
        ),
        # 31 days and three gaps.
        (*ADA, "North", 2, 4, 50, 70, at(20, month=10), at(20), 10.33, True),
        (*BOB, "South", 0, 2, 0, 40, at(18), at(19), 1, False),
    ],
    "KPI_Regional_Revenue": [
        (
            *("Region", "Revenue on the day", "Orders on the day", "Customers on the day", "Average order on the day"),
            *("Revenue this month", "Orders this month", "Customers this month", "Average order this month"),
            *("Share of this month", "Revenue in the same days of the month before", "Change"),
        ),
        # 6555 cents of O3 to O6: 1638.75 each, 0.4909 of the month; 1000 in October.
        ("North", 50, 2, 1, 25, 65.55, 4, 2, 16.39, 0.490901, 10, 5.555),
        ("South", 0, 0, 0, None, 40, 2, 1, 20, 0.299558, 0, None),
        ("West", 19.98, 1, 1, 19.98, 19.98, 1, 1, 19.98, 0.149629, 0, None),
        (NOBODY, 8, 2, 0, 4, 8, 2, 0, 4, 0.059912, 0, None),
    ],
    "KPI_Monthly_Order_Trends": [
        (
            *("Month", "Orders", "Customers", "New customers", "SKUs sold", "Revenue", "Average order"),
            "Change of revenue",
        ),
        (at(1, month=10), 1, 1, 1, 1, 10, 10, None),
        # 13353 / 9; against the 1000 to 20 October.
        (at(1), 9, 4, 3, 14, 133.53, 14.84, 12.353),
    ],
    "KPI_Top_Customers_Last_30_Days": [
        (
            *("Rank", "Customer", "Name", "Mobile number", "Region", "Revenue", "Orders", "Average order"),
            *("Share of revenue", "Last order"),
        ),
        # Of 13353, unmatched orders included.
        (1, *ADA, "North", 60, 3, 20, 0.449337, at(20)),
        (2, *BOB, "South", 40, 2, 20, 0.299558, at(19)),
        (3, *DORA, "West", 19.98, 1, 19.98, 0.149629, at(20)),
        (4, *CLEO, "North", 5.55, 1, 5.55, 0.041564, at(19)),
    ],
    "KPI_SKUs_By_Region": [
        (
            *("Region", "SKU", "Sold on the day", "Revenue on the day", "Sold this month", "Orders this month"),
            *("Revenue this month", "Share of the region"),
        ),
        # 3555 and 3000 of 6555.
        ("North", "B", 3, 30, 4, 2, 35.55, 0.542334),
        ("North", "A", 2, 20, 3, 3, 30, 0.457666),
        ("South", "B", 0, 0, 3, 2, 40, 1),
        ("West", "A", 2, 19.98, 2, 1, 19.98, 1),
        (NOBODY, "C", 1, 7, 1, 1, 7, 0.875),
        (NOBODY, "A", 1, 1, 1, 1, 1, 0.125),
    ],
    "Unmatched_Orders": [
        (
            *("Order", "SKU", "Mobile number", "Number as it came", "Reason", "Ordered at", "Business day"),
            *("Came with", "Count", "Amount"),
        ),
        ("O9", "A", None, "call me", "not a mobile number", at(20, 13), at(20), at(20), 1, 1),
        ("O8", "C", "+12125550199", None, "nobody has this number", at(20, 12), at(20), at(20), 1, 7),
    ],
}
# Check, day, file, row, column, count, value. What the details say is the KPIs' business.
QUALITY = [
    ("Check", "Day", "File", "Row", "Column", "Count", "Value"),
    ("Customers", None, None, None, None, 4, None),
    ("Customers without a name", None, None, None, None, 0, None),
    ("Customers with a name from history", None, None, None, None, 0, None),
    ("Customers without a region", None, None, None, None, 0, None),
    ("Customers with a region from history", None, None, None, None, 1, None),
    ("Customers without a mobile number", None, None, None, None, 0, None),
    ("Orders", None, None, None, None, 10, None),
    ("Orders without a customer", None, None, None, None, 2, None),
    ("Absent file", at(19), None, None, None, None, None),
    ("File loaded", at(20), "customers_2026-11-20.csv", None, None, 2, None),
    ("File loaded", at(20), "orders_2026-11-20.xml", None, None, 8, None),
    ("File loaded", at(19), "orders_2026-11-19.xml", None, None, 2, None),
    ("File loaded", at(18), "customers_2026-11-18.csv", None, None, 3, None),
    ("File loaded", at(18), "orders_2026-11-18.xml", None, None, 2, None),
    ("Rows noted", at(20), "customers_2026-11-20.csv", None, "region", 1, None),
    ("Rows noted", at(20), "orders_2026-11-20.xml", None, "mobile_number", 1, None),
    ("Rows rejected", at(20), "orders_2026-11-20.xml", None, "total_amount", 1, None),
    ("Late orders", at(19), None, None, None, 1, None),
    ("Row noted", at(20), "customers_2026-11-20.csv", 1, "region", None, None),
    ("Row noted", at(20), "orders_2026-11-20.xml", 6, "mobile_number", None, "call me"),
    ("Row rejected", at(20), "orders_2026-11-20.xml", 8, "total_amount", None, "much"),
]


def alone(folder: Path) -> AbstractContextManager[Source]:
    return files(*write_files(folder), PARTNER)


def cells(workbook: Workbook) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("story")
    with alone(folder) as source:
        return write_workbook(folder / "out", source, DAY)


@pytest.fixture(scope="module")
def workbook(report: Report) -> Iterator[Workbook]:
    workbook = load_workbook(report.path)
    yield workbook
    workbook.close()


def test_the_workbook_is_the_golden_one_cell_by_cell(workbook: Workbook) -> None:
    assert workbook.sheetnames == [*GOLDEN, "Data_Quality"]
    found = cells(workbook)
    quality = found.pop("Data_Quality")
    assert found == GOLDEN
    assert [row[:7] for row in quality] == QUALITY


def test_what_is_told_of_the_workbook_is_so(report: Report) -> None:
    content = report.path.read_bytes()
    assert report.path.name == "Daily_Report_20261120.xlsx"
    assert (report.sha256, report.byte_count) == (hashlib.sha256(content).hexdigest(), len(content))
    assert report.row_counts == {title: len(rows) - 1 for title, rows in GOLDEN.items() if title != "Summary"} | {
        "Data_Quality": len(QUALITY) - 1
    }
    assert [headline.value for headline in report.headlines][:3] == [5, 7798, 1560]


def test_the_same_files_make_the_same_bytes(report: Report, tmp_path: Path) -> None:
    with alone(tmp_path) as source:
        again = write_workbook(tmp_path, source, DAY)
    assert again.path.read_bytes() == report.path.read_bytes()


def test_the_warehouse_makes_the_same_workbook(
    workbook: Workbook, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOREKEEPER_PARTNER_FILES", str(tmp_path / "partner_files"))
    connect = partial(psycopg.connect, database.url())
    for file in [file for kind in write_files(tmp_path) for file in kind]:
        kind, day = guess_kind_and_date(file.name)
        with connect() as connection, file.open("rb") as content:
            receive(
                *(connection, PARTNER, content),
                filename=file.name,
                kind=kind,
                delivery_date=day,
                came_by="upload",
                received_by="uma",
            )
    take_in(connect, PARTNER)
    with connect() as connection, PartnerWarehouse(connection, PARTNER) as source:
        made = load_workbook(write_workbook(tmp_path, source, DAY).path)
    expected, found = cells(workbook), cells(made)
    # Who received a file, and when, only the warehouse knows.
    received = {row[8] for row in found["Data_Quality"] if row[0] == "File loaded"}
    assert received == {"uma"}
    for sheets in (expected, found):
        sheets["Data_Quality"] = [(*row[:8], *row[10:]) for row in sheets["Data_Quality"]]
    assert found == expected


def test_a_day_without_orders_shows_the_month_and_says_so(tmp_path: Path) -> None:
    with alone(tmp_path) as source:
        made = load_workbook(write_workbook(tmp_path, source, date(2026, 11, 21)).path)
    orders = [row[0] for row in made["Current_Day_Orders"].iter_rows(min_row=2, values_only=True)]
    assert orders == ["O2", "O3", "O10", "O4", "O5", "O5", "O8", "O9", "O6", "O7"]
    notes = {row[0]: row[2] for row in made["Summary"].iter_rows(values_only=True)}
    assert notes["Rows of Current_Day_Orders"] == "No orders on 2026-11-21: these are those since 2026-11-01."


def test_where_nothing_has_come_the_sheets_have_headings_only(tmp_path: Path) -> None:
    with files([], [], PARTNER) as source:
        report = write_workbook(tmp_path, source, DAY)
    assert report.row_counts == {title: 0 for title in GOLDEN if title != "Summary"} | {
        "KPI_Monthly_Order_Trends": 1,
        "Data_Quality": 8,
    }
    assert load_workbook(report.path).sheetnames == [*GOLDEN, "Data_Quality"]


def test_cells_have_types_and_formats_people_can_work_with(workbook: Workbook) -> None:
    orders = workbook["Current_Day_Orders"]
    assert [(cell.data_type, cell.number_format) for cell in orders[2]][5:] == [
        ("s", "General"),
        ("d", "yyyy-mm-dd hh:mm:ss"),
        ("d", "yyyy-mm-dd"),
        ("n", "#,##0"),
        ("n", '"$"#,##0.00;-"$"#,##0.00'),
        ("b", "General"),
    ]
    assert [cell.number_format for cell in workbook["Summary"]["B"][2:8]] == [
        *("#,##0", '"$"#,##0.00;-"$"#,##0.00', '"$"#,##0.00;-"$"#,##0.00', "#,##0", "0.0%", "General")
    ]


def test_a_name_that_looks_like_a_formula_is_a_name(workbook: Workbook) -> None:
    cell = workbook["Customers"]["B5"]
    assert (cell.value, cell.data_type) == ("=Dora", "s")


def test_every_sheet_has_headings_that_stay_a_filter_and_widths(workbook: Workbook) -> None:
    for sheet in workbook.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])
        columns = sheet.column_dimensions.values()
        widths = [column.width for column in columns for _ in range(column.min or 0, (column.max or 0) + 1)]
        assert [width for width, cell in zip(widths, sheet[1], strict=True) if width <= len(str(cell.value))] == []


def test_the_summary_draws_the_months_and_the_regions(report: Report) -> None:
    with ZipFile(report.path) as parts:
        charts = sorted(name for name in parts.namelist() if name.startswith("xl/charts/chart"))
        drawn = [parts.read(name).decode() for name in charts]
        assert b"drawing1.xml" in parts.read("xl/worksheets/_rels/sheet1.xml.rels")
    regions, months = drawn
    assert "<c:f>KPI_Regional_Revenue!$A$2:$A$5</c:f>" in regions
    assert "<c:f>KPI_Regional_Revenue!$F$2:$F$5</c:f>" in regions
    assert "<c:f>KPI_Monthly_Order_Trends!$A$2:$A$3</c:f>" in months
    assert "<c:f>KPI_Monthly_Order_Trends!$F$2:$F$3</c:f>" in months
