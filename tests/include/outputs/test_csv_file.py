import csv
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.outputs.csv_file import csv_bytes, write_csv
from include.outputs.drafts import write_output
from include.outputs.formulas import STARTS, is_formula


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", STARTS)
def test_text_never_runs_as_a_formula(start: str) -> None:
    assert rows_of(csv_bytes(["Item"], [[f"{start}cmd|'/c calc'!A1"]]))[1][0].startswith(f"'{start}")


def test_negative_numbers_stay_numbers() -> None:
    assert rows_of(csv_bytes(["A", "B"], [[Decimal("-1.50"), -3]]))[1] == ["-1.50", "-3"]


def test_excel_is_told_that_it_is_utf_8() -> None:
    content = csv_bytes(["Item"], [["Jalapeño"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith("Jalapeño\r\n".encode())


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2))
def test_every_text_comes_back_and_none_begins_as_a_formula(cells: list[str]) -> None:
    read = rows_of(csv_bytes(["A", "B"], [cells]))[1]
    assert not any(map(is_formula, read))
    assert read == [f"'{cell}" if is_formula(cell) else cell for cell in cells]


def test_a_file_is_replaced_as_a_whole_and_leaves_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path / "new" / "outputs"))
    write_output("report.csv", b"first")
    path = write_output("report.csv", b"second")
    assert path.read_bytes() == b"second"
    assert [file.name for file in path.parent.iterdir()] == ["report.csv"]


def test_a_long_table_is_streamed_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path))
    path, row_count = write_csv("log.csv", ["Item", "Quantity"], ((f"=item {n}", Decimal(n)) for n in range(1000)))
    assert row_count == 1000
    assert path.read_bytes() == csv_bytes(["Item", "Quantity"], ((f"=item {n}", n) for n in range(1000)))


def test_a_table_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path))
    write_output("log.csv", b"before")

    def rows() -> Iterator[list[str]]:
        yield ["first"]
        raise ValueError("the connection is gone")

    with pytest.raises(ValueError, match="gone"):
        write_csv("log.csv", ["Item"], rows())
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("log.csv", b"before")]
