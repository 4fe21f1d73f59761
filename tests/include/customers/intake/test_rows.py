from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from include.customers.intake import CustomerRow, OrderRow, Problem, QuarantineError, open_file
from include.customers.intake.intake import MOST_PROBLEMS
from tests.include.customers.intake.partners import CUSTOMERS, ORDERS, TOLERANT, partner, put, read
from tests.include.customers.intake.workbooks import write_rows

# As Excel has times: in no time zone.
NAIVE = datetime(2026, 11, 20, 18, 30, 5)  # noqa: DTZ001
XML = """<?xml version="1.0"?>
<export xmlns="urn:partner" created="2026-11-21">
  <summary><count>2</count></summary>
  <orders>
    <order note="x">
      <order_id>A&amp;1</order_id><sku_id> S1 </sku_id>
      <mobile_number>(212) 736-5000</mobile_number>
      <order_date_time>2026-11-20T18:30:00</order_date_time>
      <sku_count>2</sku_count><total_amount><![CDATA[1,204.5]]></total_amount>
    </order>
    <order order_id="A2" sku_id="S2" order_date_time="2026-11-20 18:31" sku_count="1" total_amount="0"/>
  </orders>
  <cancelled>
    <order order_id="A3" sku_id="S2" order_date_time="2026-11-20 18:31" sku_count="1" total_amount="0"/>
  </cancelled>
</export>"""


def test_orders_are_read_from_elements_and_from_attributes(tmp_path: Path) -> None:
    intake, rows = read(put(tmp_path, XML), "orders")
    at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    day = date(2026, 11, 20)
    assert rows == [
        OrderRow(1, "A&1", "S1", "+12127365000", None, at, day, 2, 120450),
        OrderRow(2, "A2", "S2", None, None, at.replace(minute=31), day, 1, 0),
    ]
    assert (intake.format, intake.row_count, intake.taken_count, intake.rejected_count) == ("xml", 2, 2, 0)
    assert intake.columns == {"missing": [], "extra": ["note"], "renamed": {}}


def test_a_workbook_tells_what_a_text_file_would(tmp_path: Path) -> None:
    file = write_rows(
        tmp_path / "file",
        [
            [],
            ["Order ID", "Mobile number", "Order date-time", "SKU id", "SKU count", "Total amount", "note"],
            [1001, 12127365000, NAIVE, "S1", 2.0, 0.1 + 0.2],
            [],
            ["1002", "+49 30 901820", "2026-11-20 18:30", 7, 1, 1204.5, "x"],
        ],
    )
    intake, rows = read(file, "orders")
    at = datetime(2026, 11, 20, 23, 30, 5, tzinfo=UTC)
    day = date(2026, 11, 20)
    assert rows == [
        OrderRow(1, "1001", "S1", "+12127365000", None, at, day, 2, 30),
        OrderRow(2, "1002", "7", "+4930901820", None, at.replace(second=0), day, 1, 120450),
    ]
    assert (intake.format, intake.encoding, intake.columns["extra"]) == ("xlsx", None, ["note"])


def test_decimals_of_a_workbook_are_right_also_where_the_partner_writes_commas(tmp_path: Path) -> None:
    header = ORDERS.strip().split(",")
    file = write_rows(
        tmp_path / "file",
        [header, [1, None, "2026-11-20 18:30", "S", 1, 1.234], [2, None, "2026-11-20 18:30", "S", 1, 1.5]],
    )
    who = partner(decimal_mark=",", limits={"rejected_percentage": "50"})
    intake, rows = read(file, "orders", who)
    assert [row.total_amount_cents for row in rows if isinstance(row, OrderRow)] == [150]
    assert intake.problem_counts[-1]["kind"] == "no amount"


def test_every_column_that_is_wrong_is_told_of_a_row_that_is_left_out(tmp_path: Path) -> None:
    intake, rows = read(put(tmp_path, f"{ORDERS}1,nobody,yesterday,,1.5,-3\n"), "orders", TOLERANT)
    assert rows == []
    assert (intake.row_count, intake.taken_count, intake.rejected_count) == (1, 0, 1)
    number, time = "is no telephone number of US, nor one with a country code", "is no time such as"
    assert intake.problems[0] == Problem(1, "mobile_number", "no number", False, "nobody", number)
    assert intake.problems[1].message.startswith(time)
    assert [(problem.column_name, problem.kind, problem.value) for problem in intake.problems[1:]] == [
        ("order_date_time", "no time", "yesterday"),
        ("sku_id", "missing", None),
        ("sku_count", "no count", "1.5"),
        ("total_amount", "negative", "-3"),
    ]


def test_names_regions_and_numbers_may_be_empty(tmp_path: Path) -> None:
    intake, rows = read(put(tmp_path, f"{CUSTOMERS}7,,call me,  \n"), "customers")
    assert rows == [CustomerRow(1, "7", None, None, "call me", None)]
    assert intake.rejected_count == 0
    assert intake.problem_counts == [
        {"column": "customer_name", "kind": "missing", "is_rejected": False, "count": 1},
        {"column": "mobile_number", "kind": "no number", "is_rejected": False, "count": 1},
        {"column": "region", "kind": "missing", "is_rejected": False, "count": 1},
    ]


def test_a_value_may_hold_quotes_delimiters_and_line_breaks(tmp_path: Path) -> None:
    _, rows = read(
        put(tmp_path, f'{CUSTOMERS}"7"," Ann\r\n ""Nan"",  Lee",,North\n\n,,,\n8,Bo,,South,,\n'), "customers"
    )
    assert [row[:3] for row in rows] == [(1, "7", 'Ann "Nan", Lee'), (2, "8", "Bo")]


def test_rows_with_too_few_or_too_many_values_are_left_out(tmp_path: Path) -> None:
    intake, rows = read(put(tmp_path, f"{CUSTOMERS}7,Ann\n8,Bo,,South,x\n9,Cy,,\n"), "customers", TOLERANT)
    assert [row[1] for row in rows] == ["9"]
    assert [problem.message for problem in intake.problems[:2]] == [
        "has 2 values in place of 4",
        "has 5 values in place of 4",
    ]


def test_a_field_that_an_element_has_twice_is_not_guessed_at(tmp_path: Path) -> None:
    text = "<c><x><customer_id>7</customer_id><region>N</region><region>S</region></x><x customer_id='8'/></c>"
    intake, rows = read(put(tmp_path, text), "customers", TOLERANT)
    assert [row[1] for row in rows] == ["8"]
    assert intake.problems[0].message == "has region twice"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.500", 1250),
        ("$1,204.50", 120450),
        ("USD 12.50", 1250),
        ("12.50 USD", 1250),
        ("0", 0),
        ("12.505", None),
        ("1,20", None),
        ("12,34.00", None),
        ("€12.00", None),
        ("1e3", None),
        ("NaN", None),
        ("٣", None),
        ("9999999999", None),
    ],
)
def test_an_amount_is_exact_or_none(tmp_path: Path, text: str, cents: int | None) -> None:
    _, rows = read(put(tmp_path, f'{ORDERS}1,,2026-11-20 18:30,S,1,"{text}"\n'), "orders", TOLERANT)
    assert [row.total_amount_cents for row in rows if isinstance(row, OrderRow)] == ([] if cents is None else [cents])


@pytest.mark.parametrize(
    ("currency", "mark", "text", "minor"),
    [
        ("JPY", ".", "1,200", 1200),
        ("JPY", ".", "12.5", None),
        ("KWD", ".", "1.234", 1234),
        ("EUR", ",", "1.204,50 €", 120450),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    tmp_path: Path, currency: str, mark: str, text: str, minor: int | None
) -> None:
    who = partner(currency=currency, decimal_mark=mark, limits={"rejected_percentage": "100"})
    _, rows = read(put(tmp_path, f'{ORDERS}1,,2026-11-20 18:30,S,1,"{text}"\n'), "orders", who)
    assert [row.total_amount_cents for row in rows if isinstance(row, OrderRow)] == ([] if minor is None else [minor])


@pytest.mark.parametrize(
    ("number", "region", "e164"),
    [
        ("(212) 736-5000", "US", "+12127365000"),
        ("+44 20 7946 0958", "US", "+442079460958"),
        ("0044 20 7946 0958", "DE", "+442079460958"),
        ("0151 1", "DE", None),
        ("000 000 0000", "US", None),
        ("2" * 300, "US", None),
    ],
)
def test_a_number_is_one_that_can_be_called(tmp_path: Path, number: str, region: str, e164: str | None) -> None:
    _, rows = read(put(tmp_path, f"{CUSTOMERS}7,Ann,{number},N\n"), "customers", partner(phone_region=region))
    (row,) = rows
    assert row.mobile_number == e164
    assert (row.raw_mobile_number is None) == (e164 is not None)


@pytest.mark.parametrize(
    "row",
    [
        ",,2026-11-20 18:30,S,1,1",
        f"{'x' * 101},,2026-11-20 18:30,S,1,1",
        "A\u200b1,,2026-11-20 18:30,S,1,1",
        "1,,2026-11-20,S,1,1",
        "1,,1999-11-20 18:30,S,1,1",
        "1,,9999-12-31 23:59,S,1,1",
        "1,,2026-02-30 18:30,S,1,1",
        "1,,2026-11-20 18:30,S,0,1",
        "1,,2026-11-20 18:30,S,1000001,1",
        "1,,2026-11-20 18:30,S,two,1",
        "1,,2026-11-20 18:30,S,1,",
    ],
)
def test_a_row_with_a_wrong_value_is_left_out(tmp_path: Path, row: str) -> None:
    intake, rows = read(put(tmp_path, f"{ORDERS}{row}\n"), "orders", TOLERANT)
    assert (rows, intake.rejected_count) == ([], 1)


def test_a_file_of_which_too_much_is_rejected_is_quarantined_with_the_reasons(tmp_path: Path) -> None:
    good, bad = "1,,2026-11-20 18:30,S,1,1\n", "1,,secret,S,1,1\n"
    assert len(read(put(tmp_path, ORDERS + 9 * good + bad), "orders")[1]) == 9
    with pytest.raises(QuarantineError) as caught:
        read(put(tmp_path, ORDERS + 8 * good + bad), "orders")
    assert "1 of 9 rows" in caught.value.reason
    assert "order_date_time: no time (1)" in caught.value.reason
    assert "secret" not in caught.value.reason


def test_problems_are_kept_up_to_a_limit_and_counted_beyond(tmp_path: Path) -> None:
    intake, _ = read(put(tmp_path, CUSTOMERS + f"7,{'x' * 999},,N\n" * (MOST_PROBLEMS + 5)), "customers")
    assert len(intake.problems) == MOST_PROBLEMS
    assert {(each["kind"], each["count"]) for each in intake.problem_counts} == {
        ("missing", MOST_PROBLEMS + 5),
        ("too long", MOST_PROBLEMS + 5),
    }
    assert max(len(problem.value or "") for problem in intake.problems) == 200


@pytest.mark.parametrize("content", [CUSTOMERS, CUSTOMERS.strip(), "<customers/>", "<a>\n<!-- none -->\n</a>"])
def test_a_day_may_bring_nobody(tmp_path: Path, content: str) -> None:
    intake, rows = read(put(tmp_path, content), "customers")
    assert (rows, intake.row_count, intake.columns["missing"]) == ([], 0, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n \n", "missing"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.xls"),
        (b"\x1f\x8b\x08\x00", "packed"),
        (b"PK\x05\x06" + bytes(18), "packed"),
        (b"%PDF-1.7\n", "missing"),
        (b"<html><body><p>Not found</p></body></html>", "No element"),
        (b"<c><x><customer_id>7</customer_id></x>", "Line 1 .*cut off"),
        (b"<c><x><customer_id>7</x></c>", "Line 1 is no XML"),
        (b'customer_id,region\n7,"North\n8,South\n', "no CSV"),
        (b"customer_id" + 1000 * b",x", "1,001 columns"),
    ],
)
def test_what_is_no_such_file_is_quarantined_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        read(put(tmp_path, content), "customers")


def test_what_is_larger_than_allowed_is_not_read(tmp_path: Path) -> None:
    file = put(tmp_path, "")
    with file.open("wb") as sparse:
        sparse.truncate(1_000_001)
    with pytest.raises(QuarantineError, match="larger than the 1 MB"):
        open_file(file, "orders", partner(limits={"orders_megabytes": 1}))
