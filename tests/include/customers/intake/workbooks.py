"""Workbooks as others make them, and such as nobody should."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles.numbers import FORMAT_DATE_DATETIME

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PARTS = {
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    '<sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
HEADINGS = "".join(
    f'<c t="inlineStr"><is><t>{name}</t></is></c>'
    for name in ("customer_id", "customer_name", "mobile_number", "region")
)


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData><row>{HEADINGS}</row>{rows}</sheetData></worksheet>'


def write_parts(file: Path, parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A workbook of the least parts, with these besides or in their place."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in {**PARTS, **parts}.items():
            archive.writestr(name, content)
    return file


def write_rows(file: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A workbook as openpyxl makes it, times as Excel has them."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    for cells in page.iter_rows():
        for cell in cells:
            if isinstance(cell.value, datetime):
                cell.number_format = FORMAT_DATE_DATETIME
    book.save(file)
    return file
