import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from include.outputs import xlsx_file
from include.outputs.number_formats import money_format
from include.outputs.xlsx_cells import Money, Number, SheetColumn
from include.outputs.xlsx_file import Chart, Sheet, TooManyRowsError, Workbook, open_workbook


def sheet_of(rows: list[list[Any]], columns: list[SheetColumn] | None = None, zone: str = "UTC") -> Any:
    content = BytesIO()
    with Workbook(content, ZoneInfo(zone)) as workbook:
        sheet = workbook.add_sheet("Sheet", columns or [SheetColumn(f"C{n}") for n in range(len(rows[0]))])
        for row in rows:
            sheet.write_row(row)
    return load_workbook(content).active


def test_cells_are_typed() -> None:
    sheet = sheet_of(
        [
            [1, Decimal("12.50"), 0.5, True, "text", None, date(2026, 11, 21), time(6, 30)],
            [10**15, Decimal("-1"), float("nan"), False, "", None, date(1899, 1, 1), time(0)],
        ]
    )
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [1, 12.5, 0.5, True, "text", None, datetime(2026, 11, 21), time(6, 30)],  # noqa: DTZ001
        ["1000000000000000", -1, "nan", False, "", None, "1899-01-01", time(0)],
    ]
    assert [cell.data_type for cell in sheet[2]] == ["n", "n", "n", "b", "s", "n", "d", "d"]


def test_times_are_those_of_clocks_in_the_zone() -> None:
    at = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    sheet = sheet_of([[at, at.replace(tzinfo=None)]], zone="America/New_York")
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 6, 30)]  # noqa: DTZ001


def test_money_is_written_as_its_currency_is() -> None:
    columns = [SheetColumn("Net", money_format("USD")), SheetColumn("Amount")]
    sheet = sheet_of(
        [[Decimal("1204.50"), Money(Decimal(980), "JPY")], [Decimal(0), Money(Decimal("2.5"), "CHF")]], columns
    )
    assert [cell.number_format for cell in sheet["A"][1:]] == ['"$"#,##0.00;-"$"#,##0.00'] * 2
    assert [cell.number_format for cell in sheet["B"][1:]] == ['"¥"#,##0;-"¥"#,##0', '#,##0.00 "CHF"']


def test_a_column_may_hold_different_things() -> None:
    sheet = sheet_of([[Number(Decimal("0.125"), "0.0%")], [Number(1200, "#,##0")]])
    assert [(cell.value, cell.number_format) for cell in sheet["A"][1:]] == [(0.125, "0.0%"), (1200, "#,##0")]


def test_the_same_cells_make_the_same_bytes() -> None:
    def content() -> bytes:
        made = BytesIO()
        with Workbook(made, made_at=datetime(2026, 11, 20, tzinfo=UTC)) as workbook:
            workbook.add_sheet("Sales", [SheetColumn("Net", money_format("USD"))]).write_row([Decimal("1.50")])
        return made.getvalue()

    assert content() == content()


def test_headings_are_bold_stay_in_view_and_filter() -> None:
    sheet = sheet_of([[1, 2], [3, 4]], [SheetColumn("One", width=30), SheetColumn("A longer heading")])
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width > 12


def test_on_paper_it_is_as_wide_as_the_page_under_its_headings() -> None:
    sheet = sheet_of([[1]], [SheetColumn("One")])
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://x")', "{=1}", "\t=1", "\r=1", "DDE(1)", "#REF!", "TRUE"),
        *("http://example.com", "mailto:a@b.c", "internal:A1", "file:///etc/passwd", "1e5", "&amp;", "]]>", " a "),
        *("<r><t>x</t></r>", "<r></r>", "_x0041_", "a\x01b", "\n"),
    ],
)
def test_text_is_nothing_but_text(text: str) -> None:
    [cell] = sheet_of([[text]])[2]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert unescape(cell.value) == text


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30), number=st.floats(allow_subnormal=False))
@example(text="_x005F_x0041_", number=0.1 + 0.2)
@settings(deadline=None, max_examples=50)
def test_what_is_written_is_read_again(text: str, number: float) -> None:
    found = [cell.value for cell in sheet_of([[text, number]])[2]]
    assert unescape(found[0]) == text
    assert found[1] == (number if isfinite(number) else str(number))


def test_a_text_longer_than_a_cell_is_cut_visibly() -> None:
    [cell] = sheet_of([["x" * 40_000]])[2]
    assert cell.value == f"{'x' * 32_766}…"


def test_a_text_is_as_long_as_excel_counts_it() -> None:
    [fits, cut] = sheet_of([["😀" * 16_383, "😀" * 16_384]])[2]
    assert fits.value == "😀" * 16_383
    assert cut.value == f"{'😀' * 16_383}…"


def test_a_full_sheet_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    with pytest.raises(TooManyRowsError, match="2 rows"):
        sheet_of([[1], [2], [3]])


def test_titles_are_made_to_fit() -> None:
    content = BytesIO()
    titles = ["Sales: [Main/Street]?", "sales- -main-street--", "x" * 40, "x" * 35, "'quoted'", ""]
    with Workbook(content) as workbook:
        for title in titles:
            workbook.add_sheet(title, [])
    assert load_workbook(content).sheetnames == [
        *("Sales- -Main-Street--", "sales- -main-street-- 2", "x" * 31, f"{'x' * 29} 2", "quoted", "Sheet")
    ]


def test_a_chart_draws_a_sheets_columns_on_another_sheet() -> None:
    content = BytesIO()
    with Workbook(content) as workbook:
        summary = workbook.add_sheet("Summary", [SheetColumn("A")])
        sales: Sheet = workbook.add_sheet("Sales", [SheetColumn("Day"), SheetColumn("Net"), SheetColumn("Tax")])
        for number in range(1, 4):
            sales.write_row([date(2026, 11, number), number, number * 2])
        workbook.add_chart(summary, Chart("line", "By day", sales, "Day", ["Net", "Tax"]), "C2")
    with ZipFile(content) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
        assert b"drawing1" in parts.read("xl/worksheets/_rels/sheet1.xml.rels")
        assert "xl/worksheets/_rels/sheet2.xml.rels" not in parts.namelist()
    assert "<c:f>Sales!$A$2:$A$4</c:f>" in chart
    assert "<c:f>Sales!$B$2:$B$4</c:f>" in chart
    assert "<c:f>Sales!$C$2:$C$4</c:f>" in chart


@pytest.mark.parametrize("kind", ["column", "bar", "line"])
def test_a_charts_axes_look_like_the_cells(kind: Any) -> None:
    content = BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_sheet("Sales", [SheetColumn("Month", "yyyy-mm"), SheetColumn("Net", "0.00")])
        sheet.write_row([date(2026, 11, 1), 1])
        workbook.add_chart(sheet, Chart(kind, "By month", sheet, "Month", ["Net"]), "D2")
    with ZipFile(content) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()
    assert re.findall(r'<c:(catAx|valAx)>.*?<c:numFmt formatCode="(.*?)"', chart) == [
        ("catAx", "yyyy-mm"),
        ("valAx", "0.00"),
    ]


def write_workbook(number: int, error: Exception | None = None) -> Path:
    with open_workbook("reports/7/Sales.xlsx") as workbook:
        workbook.add_sheet("Sales", [SheetColumn("A")]).write_row([number])
        if error:
            raise error
    return workbook.file


def test_a_workbook_is_there_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path))
    file = write_workbook(1)
    assert file == tmp_path / "reports/7/Sales.xlsx"
    content = file.read_bytes()
    with pytest.raises(ValueError, match="gone"):
        write_workbook(2, ValueError("the connection is gone"))
    assert [file.name for file in file.parent.iterdir()] == ["Sales.xlsx"]
    assert file.read_bytes() == content
