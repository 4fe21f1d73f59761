"""Files that are made to harm: each is refused with its reason, soon and in little memory."""

import codecs
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from include.customers.intake import QuarantineError, open_file
from tests.include.customers.intake.partners import ORDERS, TOLERANT, partner, put, read
from tests.include.customers.intake.workbooks import HEADINGS, MAIN, sheet, write_parts

BODY = "<customers><customer><customer_id>7</customer_id><customer_name>{}</customer_name></customer></customers>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DTDS = {
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>{BODY.format("&l9;")}',
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>{BODY.format("&a;" * 50_000)}',
    "a file of ours": f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{BODY.format("&a;")}',
    "a page of ours": f'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:8080/">]>{BODY.format("&a;")}',
    "a parameter entity": f'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:8080/"> %a;]>{BODY.format("")}',
    "a DTD elsewhere": f'<!DOCTYPE x SYSTEM "http://127.0.0.1:8080/x.dtd">{BODY.format("")}',
    "an empty DTD": f"<!DOCTYPE x>{BODY.format('')}",
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("attack", DTDS)
def test_no_xml_brings_a_dtd(tmp_path: Path, attack: str, mark: str) -> None:
    with pytest.raises(DefusedXmlException):
        fromstring(DTDS[attack], forbid_dtd=True)
    with pytest.raises(QuarantineError, match="holds a DTD"):
        read(put(tmp_path, mark + DTDS[attack]), "customers")
    with pytest.raises(QuarantineError, match="holds a DTD"):
        read(put(tmp_path, codecs.BOM_UTF16_BE + DTDS[attack].encode("utf-16-be")), "customers")


@pytest.mark.parametrize("attack", DTDS)
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_no_part_of_a_workbook_brings_a_dtd(tmp_path: Path, part: str, attack: str) -> None:
    file = write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet(""), part: DTDS[attack]})
    with pytest.raises(QuarantineError, match=r"holds a DTD|times as large"):
        read(file, "customers")


@pytest.mark.parametrize(
    ("begin", "text", "reason"),
    [
        ("", "<a>", "deep"),
        ("", "x", "without end"),
        ("", "&amp;x&lt;", "without end"),
        ("<!--", "x", "without end"),
        ("<x", " a='x'", "without end"),
        ("<", "x", "without end"),
        ("<x a='", "x", "without end"),
    ],
)
def test_what_does_not_end_does_not_fill_the_memory(tmp_path: Path, begin: str, text: str, reason: str) -> None:
    content = f"<customers><customer><customer_id>7</customer_id>{begin}{text * (6_000_000 // len(text))}"
    file = put(tmp_path, content)
    tracemalloc.start()
    try:
        with pytest.raises(QuarantineError, match=reason):
            read(file, "customers")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", ["x", "x,", '\n","'])
def test_a_row_of_a_csv_does_not_fill_the_memory(tmp_path: Path, text: str) -> None:
    file = put(tmp_path, 'customer_id,region\n7,"' + text * (1_200_000 // len(text)))
    tracemalloc.start()
    try:
        with pytest.raises(QuarantineError, match=r"no CSV|quotation mark not closed"):
            read(file, "customers")
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_long_values_are_not_remembered(tmp_path: Path) -> None:
    row = "{0},{0},2026-11-20 18:30,{0},{0},{0}\n".replace("{0}", "{:0100000}")
    file = put(tmp_path, ORDERS + "".join(row.format(*range(number, number + 5)) for number in range(0, 200, 5)))
    tracemalloc.start()
    try:
        read(file, "orders", TOLERANT)
        assert tracemalloc.get_traced_memory()[0] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_namespace_does_not_make_much_out_of_little(tmp_path: Path) -> None:
    names = "".join(f"<x{number}/>" for number in range(20_000))
    file = put(tmp_path, f"<c xmlns='{'x' * 100_000}'><r><customer_id>1</customer_id>{names}</r></c>")
    tracemalloc.start()
    try:
        with pytest.raises(QuarantineError, match="namespace"):
            read(file, "customers")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_names_without_end_end_the_reading(tmp_path: Path) -> None:
    names = "".join(f"<name-number-{number}/>" for number in range(100_000))
    with pytest.raises(QuarantineError, match="names of elements without end"):
        read(put(tmp_path, f"<c><r><customer_id>1</customer_id>{names}</r></c>"), "customers")


def test_many_names_are_not_remembered_and_ours_are(tmp_path: Path) -> None:
    names = "".join(f"<x{number}/>" for number in range(20_000))
    text = (
        f"<c><r><customer_id>1</customer_id>{names}</r>" + "<r><customer_id>2</customer_id><region>N</region></r>" * 2
    )
    intake, rows = read(put(tmp_path, f"{text}</c>"), "customers")
    assert [row[1] for row in rows] == ["1", "2", "2"]
    assert len(intake.columns["extra"]) == 100


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    file = write_parts(tmp_path / "file", {"xl/media/image1.png": bytes(60_000_000)})
    with pytest.raises(QuarantineError, match="more than 50 MB"):
        open_file(file, "customers", partner())


def test_a_workbook_that_unpacks_to_a_hundred_times_its_size_is_not_unpacked(tmp_path: Path) -> None:
    file = write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet("<row/>" * 1_000_000)})
    with pytest.raises(QuarantineError, match="100 times"):
        open_file(file, "customers", partner())


def test_a_workbook_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    honest = write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet("<row/>" * 9_000_000)})
    size = struct.pack("<I", 54_000_000 + len(sheet("")))
    content = honest.read_bytes()
    assert content.count(size) == 2
    with pytest.raises(QuarantineError):
        read(put(tmp_path, content.replace(size, struct.pack("<I", 10_000))), "customers")


def test_a_hundred_parts_that_are_one_are_counted_a_hundred_times(tmp_path: Path) -> None:
    """Entries of the directory may all point at the same bytes."""
    file = tmp_path / "file"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(1_000_000))
        first = archive.infolist()[0]
        for number in range(100):
            copy = zipfile.ZipInfo(f"{number:03}")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(copy, field, getattr(first, field))
            archive.filelist.append(copy)
    with pytest.raises(QuarantineError, match="more than 50 MB"):
        open_file(file, "customers", partner())


def test_a_part_that_lies_before_the_file_is_not_looked_for(tmp_path: Path) -> None:
    content = bytearray(write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet("")}).read_bytes())
    # The directory's own place, in the last record: offsets count from there, so that others become negative.
    content[-6:-2] = struct.pack("<I", struct.unpack("<I", content[-6:-2])[0] + 100)
    with pytest.raises(QuarantineError, match="broken workbook"):
        open_file(put(tmp_path, bytes(content)), "customers", partner())


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_is_packed_as_excel_does_it(tmp_path: Path, compression: int) -> None:
    file = write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet("")}, compression)
    with pytest.raises(QuarantineError, match="otherwise than Excel"):
        open_file(file, "customers", partner())


def test_cells_and_rows_anywhere_cost_nothing(tmp_path: Path) -> None:
    rows = '<row r="999999999"><c r="A1"><v>7</v></c><c r="XFD1"><v>1</v></c><c r="ZZZ9"><v>1</v></c></row>'
    intake, rows_read = read(write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet(rows)}), "customers")
    assert [row[1] for row in rows_read] == ["7"]
    assert intake.row_count == 1


def test_a_text_that_the_workbook_does_not_have_is_noticed(tmp_path: Path) -> None:
    for value in ("0", "-1", "9" * 30, "²", ""):
        rows = f'<row><c t="s"><v>{value}</v></c></row>'
        file = write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet(rows)})
        with pytest.raises(QuarantineError, match="broken workbook"):
            read(file, "customers")


def test_a_sheet_that_lies_outside_of_the_file_is_not_followed(tmp_path: Path) -> None:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    for place in ('TargetMode="External" Target="http://127.0.0.1:8080/"', 'Target="../../../../etc/passwd"'):
        relations = f'<Relationships><Relationship Id="r1" Type="{relation}" {place}/></Relationships>'
        file = write_parts(tmp_path / "file", {"xl/_rels/workbook.xml.rels": relations})
        with pytest.raises(QuarantineError, match="no workbook"):
            open_file(file, "customers", partner())


def test_of_formulas_the_last_result_counts_and_of_errors_nothing(tmp_path: Path) -> None:
    rows = (
        '<row><c><f>1+1</f><v>2</v></c><c t="str"><f>HYPERLINK("http://x")</f><v>Ann</v></c><c/>'
        '<c t="e"><v>#N/A</v></c></row>'
        "<row><c><f>NOW()</f></c></row>"
        '<row><c t="inlineStr"><is><r><t>A</t></r><r><t>7</t></r><rPh><t>x</t></rPh></is></c></row>'
    )
    file = write_parts(tmp_path / "file", {"xl/worksheets/sheet1.xml": sheet(rows)})
    assert [row[1:] for row in read(file, "customers")[1]] == [
        ("2", "Ann", None, None, None),
        ("A7", None, None, None, None),
    ]


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    book = f'<workbook xmlns="{MAIN}"><sheets><sheet name="A" state="veryHidden" id="r1"/></sheets></workbook>'
    file = write_parts(tmp_path / "file", {"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": HEADINGS})
    with pytest.raises(QuarantineError, match="without a visible sheet"):
        open_file(file, "customers", partner())
