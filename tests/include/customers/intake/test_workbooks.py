from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.customers.intake import OrderRow
from include.customers.intake.xlsx_workbook import is_date_format
from tests.include.customers.intake.partners import ORDERS, TOLERANT, read
from tests.include.customers.intake.workbooks import MAIN, PACKAGE, RELATIONS, write_parts

STYLES = f"""<styleSheet xmlns="{MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="dd.mm.yyyy\\ hh:mm"/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="22"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs>
</styleSheet>"""
TEXTS = (
    f'<sst xmlns="{MAIN}"><si><t>hidden</t></si><si><r><t>S</t></r><r><rPr/><t>1</t></r><rPh><t>x</t></rPh></si></sst>'
)
RELATION = '<Relationship Id="{}" Type="' + RELATIONS + '/{}" Target="{}"/>'
BOOK = """<workbook xmlns="{}" xmlns:r="{}"><workbookPr date1904="{}"/><sheets>
<sheet name="Notes" state="hidden" r:id="r1"/><sheet name="Orders" r:id="r2"/></sheets></workbook>"""


def workbook(file: Path, cell: str, date1904: str = "0") -> Path:
    """A workbook with one order, whose time is the cell."""
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ORDERS.strip().split(","))
    values = f'<c><v>1</v></c><c/>{cell}<c t="s"><v>1</v></c><c><v>2</v></c><c r="F2"><v>12.5</v></c>'
    relations = "".join(
        RELATION.format(*each)
        for each in (
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "worksheet", "/xl/worksheets/sheet2.xml"),
            ("r3", "styles", "styles.xml"),
            ("r4", "sharedStrings", "sharedStrings.xml"),
        )
    )
    return write_parts(
        file,
        {
            "xl/workbook.xml": BOOK.format(MAIN, RELATIONS, date1904),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
            "xl/styles.xml": STYLES,
            "xl/sharedStrings.xml": TEXTS,
            "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row>{names}</row><row>{values}</row>'
            "</sheetData></worksheet>",
        },
    )


@pytest.mark.parametrize(
    ("cell", "date1904"),
    [
        ('<c s="1"><v>46346.770833333336</v></c>', "0"),
        ('<c s="2"><v>46346.770833333336</v></c>', "false"),
        ('<c s="1"><v>44884.770833333336</v></c>', "1"),
        ('<c t="d"><v>2026-11-20T18:30:00</v></c>', "0"),
        ('<c t="str"><f>TEXT(NOW())</f><v>2026-11-20 18:30</v></c>', "0"),
    ],
)
def test_times_are_read_in_all_ways_that_a_workbook_has(tmp_path: Path, cell: str, date1904: str) -> None:
    _, rows = read(workbook(tmp_path / "file", cell, date1904), "orders")
    at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert rows == [OrderRow(1, "1", "S1", None, None, at, at.date(), 2, 1250)]


@pytest.mark.parametrize("style", ["0", "3", "-1", "x"])
def test_a_number_without_a_format_of_days_is_no_time(tmp_path: Path, style: str) -> None:
    intake, rows = read(workbook(tmp_path / "file", f'<c s="{style}"><v>46346.77</v></c>'), "orders", TOLERANT)
    assert (rows, [problem.kind for problem in intake.problems if problem.is_rejected]) == ([], ["no time"])


@pytest.mark.parametrize("value", ["1e300", "nan", "-700000", "inf", "noon", ""])
def test_a_day_that_there_is_not_is_no_time(tmp_path: Path, value: str) -> None:
    intake, _ = read(workbook(tmp_path / "file", f'<c s="1"><v>{value}</v></c>'), "orders", TOLERANT)
    assert intake.rejected_count == 1


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd hh:mm", True),
        ("[$-409]d-mmm-yy;@", True),
        ("[h]:mm", True),
        ("General", False),
        ("0.00E+00", False),
        ('0 "days"', False),
        ("[Red]#,##0", False),
        ("#,##0\\ \\d", False),
        ("@", False),
        ("", False),
    ],
)
def test_formats_of_days_and_times_are_told_from_others(code: str, is_date: bool) -> None:
    assert is_date_format(code) is is_date
