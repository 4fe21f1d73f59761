"""The partner's files of a day."""

import csv
import io
from datetime import date, timedelta

from defusedxml.ElementTree import fromstring

from sandbox.partner.files import FORGOTTEN_ORDERS, content, filename, of_filename

DAY = date(2026, 11, 20)


def customers(day: date, *, is_first: bool = False) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content("customers", day, is_first=is_first).decode("utf-8-sig"))))


def orders(content: bytes) -> dict[str, set[tuple[str, ...]]]:
    """The rows of each order."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in fromstring(content):
        found.setdefault(row.findtext("order_id"), set()).add(tuple(field.text for field in row))
    return found


def test_a_day_is_the_same_whenever_it_is_asked_for() -> None:
    assert content("orders", DAY) == content("orders", DAY)
    assert content("orders", DAY) != content("orders", DAY - timedelta(days=1))


def test_a_customer_file_goes_on_where_the_day_before_ended() -> None:
    before = [row["Customer ID"] for row in customers(DAY - timedelta(days=1), is_first=True)]
    new = [row["Customer ID"] for row in customers(DAY)]
    assert new
    assert [row["Customer ID"] for row in customers(DAY, is_first=True)] == before + new


def test_a_correction_brings_what_was_forgotten_and_changes_nothing_else() -> None:
    usual, corrected = orders(content("orders", DAY)), orders(content("orders", DAY, "corrected"))
    assert len(corrected.keys() - usual.keys()) == FORGOTTEN_ORDERS
    assert usual == {order_id: rows for order_id, rows in corrected.items() if order_id in usual}


def test_a_name_tells_kind_and_day() -> None:
    assert of_filename(filename("orders", DAY)) == ("orders", DAY)
    assert of_filename("orders_20261120.csv") is None
    assert of_filename("orders_20261399.xml") is None
