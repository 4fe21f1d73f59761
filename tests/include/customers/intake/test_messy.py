"""Whatever comes is taken in rightly or quarantined: nothing else is ever raised."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.config.partner import COLUMNS, Kind
from include.customers.intake import OrderRow, QuarantineError
from tests.include.customers.intake.partners import TOLERANT, put, read
from tests.include.customers.intake.workbooks import write_rows

NAMES = COLUMNS["orders"]
KINDS = st.sampled_from(["customers", "orders"])
# What XML 1.0 can hold at all, and line breaks of which every format makes the same.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
)
GOOD = {
    "order_id": st.from_regex(r"[A-Z]{1,3}-[0-9]{1,5}", fullmatch=True),
    "mobile_number": st.sampled_from(["+12127365000", "(212) 736-5000", "", "n/a"]),
    "order_date_time": st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)).map(str),  # noqa: DTZ001
    "sku_id": st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True),
    "sku_count": st.integers(1, 1000).map(str),
    "total_amount": st.decimals(0, 10**6, places=2).map(str),
}
ROWS = st.lists(st.tuples(*(st.one_of(GOOD[name], GOOD[name], GOOD[name], TEXT) for name in NAMES)), max_size=8)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


def write_csv(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    return text.getvalue().encode()


def write_xml(rows: list[tuple[str, ...]]) -> bytes:
    elements = (
        "".join(f"<{name}>{escape(value)}</{name}>" for name, value in zip(NAMES, row, strict=True)) for row in rows
    )
    return f"<orders>{''.join(f'<order>{element}</order>' for element in elements)}</orders>".encode()


@given(ROWS)
@settings(max_examples=40, deadline=None)
def test_all_formats_tell_the_same_and_what_is_taken_is_right(folder: Path, given_rows: list[tuple[str, ...]]) -> None:
    rows = [row for row in given_rows if any(map(str.strip, row))]
    intake, taken = read(put(folder, write_csv(rows)), "orders", TOLERANT)
    assert intake.row_count == len(rows) == intake.taken_count + intake.rejected_count
    assert len(taken) == intake.taken_count
    assert {problem.row_number for problem in intake.problems if problem.is_rejected} == set(
        range(1, len(rows) + 1)
    ) - {row.row_number for row in taken}
    for row in taken:
        assert isinstance(row, OrderRow)
        order_id, mobile, at, sku_id, count, amount = rows[row.row_number - 1]
        assert (row.order_id, row.sku_id, row.sku_count) == (order_id.strip(), sku_id.strip(), int(count))
        assert Decimal(row.total_amount_cents) == Decimal(amount.strip()) * 100
        local = datetime.fromisoformat(at.strip()).replace(tzinfo=TOLERANT.zone)
        assert row.ordered_at == local.astimezone(UTC)
        assert row.business_date == row.ordered_at.astimezone(TOLERANT.zone).date()
        assert row.mobile_number in {"+12127365000", None}
        assert (row.raw_mobile_number or "") == ("" if row.mobile_number else " ".join(mobile.split()))
    other, other_taken = read(put(folder, write_xml(rows)), "orders", TOLERANT)
    assert (other_taken, other.problem_counts) == (taken, intake.problem_counts)
    # openpyxl makes formulas and errors of some texts.
    if not any(value.startswith(("=", "#")) for row in rows for value in row):
        assert read(write_rows(folder / "book", [NAMES, *rows]), "orders", TOLERANT)[1] == taken


@given(st.binary(max_size=300), KINDS)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_quarantined(folder: Path, content: bytes, kind: Kind) -> None:
    with suppress(QuarantineError):
        read(put(folder, content), kind, TOLERANT)


SEEDS = [
    write_csv([("A-1", "+12127365000", "2026-11-20 18:30:00", "s1", "2", "12.50"), ("A-2", "", "", "", "", "")]),
    write_xml([("A-1", "+12127365000", "2026-11-20 18:30:00", "s1", "2", "12.50"), ("A-2", "", "", "", "", "")]),
]
PIECES = st.sampled_from(
    [b"", b"\0", b'"', b"<", b">", b"&", b"]]>", b"\xff", b"\xe2\x80", b"\n", b",", b"<!--", b"<?x"]
)
DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.one_of(PIECES, st.binary(max_size=6))), max_size=4)


def damaged(content: bytes, damage: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in damage:
        start = int(place * len(content))
        content = content[:start] + piece + content[start + length :]
    return content


@given(st.sampled_from(SEEDS), DAMAGE, st.sampled_from(["utf-8", "utf-16"]))
@settings(max_examples=80, deadline=None)
def test_damaged_files_are_read_or_quarantined(
    folder: Path, seed: bytes, damage: list[tuple[float, int, bytes]], encoding: str
) -> None:
    content = damaged(seed.decode().encode(encoding), damage)
    with suppress(QuarantineError):
        intake, taken = read(put(folder, content), "orders", TOLERANT)
        assert intake.row_count == len(taken) + intake.rejected_count


@given(DAMAGE)
@settings(max_examples=80, deadline=None)
def test_damaged_workbooks_are_read_or_quarantined(folder: Path, damage: list[tuple[float, int, bytes]]) -> None:
    book = folder / "seed"
    if not book.exists():
        write_rows(book, [NAMES, ("A-1", "+12127365000", "2026-11-20 18:30:00", "s1", 2, 12.5)])
    with suppress(QuarantineError):
        read(put(folder, damaged(book.read_bytes(), damage)), "orders", TOLERANT)


@given(
    st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]), DAMAGE
)
@settings(max_examples=80, deadline=None)
def test_workbooks_with_a_damaged_part_are_read_or_quarantined(
    folder: Path, part: str, damage: list[tuple[float, int, bytes]]
) -> None:
    book = folder / "seed"
    if not book.exists():
        write_rows(book, [NAMES, ("A-1", "+12127365000", "2026-11-20 18:30:00", "s1", 2, 12.5)])
    with zipfile.ZipFile(book) as seed, zipfile.ZipFile(folder / "file", "w") as archive:
        for name in seed.namelist():
            content = seed.read(name)
            archive.writestr(name, damaged(content, damage) if name == part else content)
    with suppress(QuarantineError):
        read(folder / "file", "orders", TOLERANT)
