import csv
import json
import random
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from include.outputs.formulas import STARTS, is_formula
from include.sql_reports.query import sinks
from include.sql_reports.query.columns import Column, Kind
from include.sql_reports.query.errors import TooMuchError
from include.sql_reports.query.sinks import CsvSink, JsonSink, RowSink, Sink, XlsxSink


def columns(*kinds: Kind) -> list[Column]:
    return [Column(f"c{number}", kind, kind) for number, kind in enumerate(kinds)]


TEN_TEXTS = [Column(f"c{number}", "text", "text") for number in range(10)]


def quoted(*rows: Sequence[str]) -> bytes:
    lines = (",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def fill(sink: Sink, described: Sequence[Column], *blocks: bytes) -> None:
    sink.begin(described)
    for block in blocks:
        sink.block(block)
    sink.end()


def active_sheet(file: BytesIO) -> Any:
    return load_workbook(file).active


def as_json(kinds: Sequence[Kind], *blocks: bytes) -> str:
    file = BytesIO()
    fill(JsonSink(file), columns(*kinds), *blocks)
    return file.getvalue().decode()


@pytest.fixture(scope="module")
def hostile_cells() -> list[list[str]]:
    """10,000 cells that begin as formulas do, or hold what CSV and XLSX are made of."""
    chance = random.Random(11)
    pieces = [
        *STARTS,
        " ",
        "\u00a0",
        '"',
        ",",
        "\n",
        "'",
        "<r>",
        "</r>",
        "]]>",
        "&",
        "cmd|' /C calc'!A0",
        "1+1",
        "a",
        "Ä",
        "😀",
    ]
    return [["".join(chance.choices(pieces, k=chance.randint(0, 5))) for _ in range(10)] for _ in range(1000)]


def test_no_cell_of_a_csv_file_begins_as_a_formula(hostile_cells: list[list[str]]) -> None:
    file = BytesIO()
    fill(CsvSink(file), TEN_TEXTS, quoted(*hostile_cells[:300]), quoted(*hostile_cells[300:]))
    written = list(csv.reader(StringIO(file.getvalue().decode("utf-8-sig"), newline="")))[1:]
    assert not any(is_formula(cell) for row in written for cell in row)
    assert written == [[f"'{cell}" if is_formula(cell) else cell for cell in row] for row in hostile_cells]


def test_every_cell_of_an_xlsx_file_is_text(hostile_cells: list[list[str]]) -> None:
    file = BytesIO()
    fill(XlsxSink(file), TEN_TEXTS, quoted(*hostile_cells))
    sheet = active_sheet(file)
    for row, written in zip(sheet.iter_rows(min_row=2), hostile_cells, strict=True):
        for cell, text in zip(row, written, strict=True):
            assert cell.data_type in {"s", "inlineStr"} or cell.value is None
            value = unescape(cell.value) if isinstance(cell.value, str) else ""
            # XML has one kind of line's end, and text that looks like the file's markup has a space behind it.
            assert value.replace("\r", "\n") in (text.replace("\r", "\n"), f"{text} ".replace("\r", "\n"))


def test_numbers_stay_numbers_and_headings_are_hardened() -> None:
    file = BytesIO()
    described = [Column('=net "x"', "numeric", "decimal"), Column("Öl", "text", "text")]
    fill(CsvSink(file), described, b'-1.50,"-x"\n,\n')
    assert file.getvalue().decode("utf-8-sig") == '"\'=net ""x""","Öl"\n-1.50,"\'-x"\n,\n'
    assert file.getvalue().startswith(b"\xef\xbb\xbf")


def test_json_has_all_digits_and_the_times_offset() -> None:
    kinds: list[Kind] = [
        "decimal",
        "integer",
        "float",
        "boolean",
        "date",
        "timestamp",
        "timestamptz",
        "time",
        "json",
        "text",
    ]
    line = "12345678901234567890.10,-5,1e-05,true,2026-11-21,2026-11-21 06:00:00,2026-11-21 06:00:00.5-05,06:00:00,"
    text = as_json(kinds, f'{line}"{{""a"": 1.10}}","é ""x""\n"\n'.encode())
    assert text == (
        '[\n{"c0": 12345678901234567890.10, "c1": -5, "c2": 1e-05, "c3": true, "c4": "2026-11-21", '
        '"c5": "2026-11-21T06:00:00", "c6": "2026-11-21T06:00:00.5-05:00", "c7": "06:00:00", '
        '"c8": {"a": 1.10}, "c9": "é \\"x\\"\\n"}\n]\n'
    )


def test_json_without_rows_is_an_empty_array() -> None:
    assert json.loads(as_json(["text"])) == []


def test_null_is_null_and_an_empty_text_is_none() -> None:
    assert json.loads(as_json(["text", "decimal", "json"], b'"",,\n,1,"null"\n')) == [
        {"c0": "", "c1": None, "c2": None},
        {"c0": None, "c1": 1, "c2": None},
    ]


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        *(("decimal", "NaN"), ("float", "-Infinity"), ("date", "infinity"), ("timestamptz", "-infinity")),
        *(("date", "0044-03-15 BC"), ("timestamp", "0044-03-15 12:00:00 BC"), ("time", "24:00:00")),
    ],
)
def test_what_has_no_type_of_its_own_elsewhere_is_text(kind: Kind, cell: str) -> None:
    assert json.loads(as_json([kind], f"{cell}\n".encode())) == [{"c0": cell}]
    file = BytesIO()
    fill(XlsxSink(file), columns(kind), f"{cell}\n".encode())
    assert active_sheet(file)["A2"].value == cell


def test_a_heading_with_a_percent_sign_is_one() -> None:
    file = BytesIO()
    fill(JsonSink(file), [Column('share "%" %s', "int4", "integer")], b"5\n")
    assert json.loads(file.getvalue()) == [{'share "%" %s': 5}]


def test_excel_shows_the_clocks_of_the_reports_zone() -> None:
    file = BytesIO()
    fill(XlsxSink(file, "Title"), columns("timestamptz"), b"2026-11-21 06:00:00-05\n")
    sheet = active_sheet(file)
    assert sheet.title == "Title"
    assert sheet["A2"].value.isoformat() == "2026-11-21T06:00:00"


def test_more_rows_than_a_sheet_holds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "MOST_ROWS", 2)
    with pytest.raises(TooMuchError, match="choose CSV or JSON"):
        fill(XlsxSink(BytesIO()), columns("integer"), b"1\n2\n", b"3\n")


def test_a_row_sink_that_does_nothing_with_rows_says_so() -> None:
    with pytest.raises(NotImplementedError):
        fill(RowSink(), columns("integer"), b"1\n")
