from pathlib import Path

import pytest

from include.customers.intake import CustomerRow, QuarantineError, open_file
from tests.include.customers.intake.partners import ORDERS, partner, put, read


def test_names_of_columns_are_the_same_in_any_spelling(tmp_path: Path) -> None:
    file = put(tmp_path, "Region;Customer-ID;Mobile Number;CUSTOMER.NAME\nNorth;7;;Ann\n")
    intake, rows = read(file, "customers")
    assert rows == [CustomerRow(1, "7", "Ann", None, None, "North")]
    assert intake.columns == {
        "missing": [],
        "extra": [],
        "renamed": {
            "Customer-ID": "customer_id",
            "CUSTOMER.NAME": "customer_name",
            "Mobile Number": "mobile_number",
            "Region": "region",
        },
    }


def test_a_column_may_have_the_names_of_the_partner(tmp_path: Path) -> None:
    who = partner(columns={"customers": {"customer_id": ["KdNr."], "region": ["area", "zone"]}})
    intake, rows = read(put(tmp_path, "kdnr,Zone,vip\n7,North,yes\n"), "customers", who)
    assert rows == [CustomerRow(1, "7", None, None, None, "North")]
    assert intake.columns == {
        "missing": ["customer_name", "mobile_number"],
        "extra": ["vip"],
        "renamed": {"kdnr": "customer_id", "Zone": "region"},
    }


def test_what_the_whole_file_does_not_have_is_no_problem_of_each_row(tmp_path: Path) -> None:
    intake, _ = read(put(tmp_path, "customer_id,region\n7,\n"), "customers")
    assert [problem.column_name for problem in intake.problems] == ["region"]


def test_a_file_without_a_column_that_rows_must_have_is_quarantined_with_all_that_are_missing(tmp_path: Path) -> None:
    file = put(tmp_path, "Order ID,mobile_number,order_date_time,sku_count,note\n1,2,3,4,5\n")
    with pytest.raises(QuarantineError, match="columns are missing: sku_id, total_amount") as caught:
        open_file(file, "orders", partner())
    assert caught.value.columns == {
        "missing": ["sku_id", "total_amount"],
        "extra": ["note"],
        "renamed": {"Order ID": "order_id"},
    }


def test_a_file_without_a_header_tells_no_value_of_its_first_row(tmp_path: Path) -> None:
    with pytest.raises(QuarantineError) as caught:
        open_file(put(tmp_path, "7,Ann Lee,+12127365000,North\n"), "customers", partner())
    assert "Ann" not in str(caught.value)
    assert caught.value.columns["extra"] == []


def test_a_column_that_is_there_twice_is_not_guessed_at(tmp_path: Path) -> None:
    who = partner(columns={"customers": {"mobile_number": ["phone"]}})
    for header in ("customer_id,phone,mobile_number", "customer_id,phone,phone", "customer_id,phone,PHONE"):
        with pytest.raises(QuarantineError, match=r"mobile_number|twice"):
            open_file(put(tmp_path, f"{header}\n1,2,3\n"), "customers", who)


def test_customers_are_no_orders(tmp_path: Path) -> None:
    with pytest.raises(QuarantineError, match="Are these customers"):
        open_file(put(tmp_path, ORDERS), "customers", partner())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_what_separates_values(tmp_path: Path, delimiter: str) -> None:
    lines = [["customer_id", "a,b;c", "region"], ["7", "x", "North"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert read(put(tmp_path, text), "customers")[1] == [CustomerRow(1, "7", None, None, None, "North")]
