"""Orders into bronze and silver: late, repeated, reordered, malformed and of unknown places."""

import random
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.warehouse.rejections import announce_rejections
from tests.include.warehouse.conftest import Warehouse, location
from tests.include.warehouse.square_json import encode, line, order, return_order


def test_a_new_version_replaces_the_order_and_all_below_it(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line("a", modifiers={"olives": 150}), line("b"), version=1))
    warehouse.load(order("o", line("a", price=1200), version=2, updated_at="2026-03-02T18:05:00Z"))
    assert warehouse.rows("SELECT version, total_cents FROM silver.orders") == [(2, 1200)]
    assert warehouse.rows("SELECT line_uid FROM silver.order_lines") == ["a"]
    assert warehouse.rows("SELECT * FROM silver.order_line_modifiers") == []
    assert warehouse.rows("SELECT version FROM bronze.square_orders") == [2]


def test_an_older_or_equal_version_changes_nothing(warehouse: Warehouse) -> None:
    newest = order("o", line(price=1200), version=3)
    assert warehouse.load(newest).changed_count == 1
    before = warehouse.dump()
    assert warehouse.load(order("o", line(price=900), version=2)).changed_count == 0
    assert warehouse.load(newest).changed_count == 0
    assert warehouse.dump() == before


def test_orders_without_a_version_go_by_their_last_change(warehouse: Warehouse) -> None:
    for minute, price in ((5, 1200), (1, 900)):
        body = order("o", line(price=price), updated_at=f"2026-03-02T18:0{minute}:00Z")
        del body["version"]
        warehouse.load(body)
    assert warehouse.rows("SELECT total_cents FROM silver.orders") == [1200]


def test_bronze_keeps_the_text_as_it_came(warehouse: Warehouse) -> None:
    body = encode(order("o", line())).replace(b'"id"', b'  "id" ')
    warehouse.load(body)
    assert warehouse.row("SELECT body FROM bronze.square_orders").encode() == body
    assert warehouse.row("SELECT line_uid FROM bronze.square_line_items") == "line-1"


def versions() -> list[bytes]:
    """Three orders in several versions, one of them malformed in between, one canceled, one a return."""
    bodies = [
        order("a", line(), version=1, state="OPEN"),
        order("a", line(), line("extra", price=500, modifiers={"olives": 50}), version=2),
        order("a", line(price=700), version=3, tip=100),
        order("b", line(), version=1, customer_id="c"),
        order("b", line(), version=2) | {"total_money": {"amount": 1, "currency": "USD"}},
        order("b", line(), version=3, state="CANCELED"),
        order("c", line(), version=1),
        order("c", line(), version=2) | {"state": "LOST"},
        return_order("d", version=1, gross=500),
        return_order("d", version=2, gross=600, tax=48),
    ]
    for minute, body in enumerate(bodies):
        body["updated_at"] = f"2026-03-02T18:{minute:02d}:00Z"
    return [encode(body) for body in bodies]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(), repeats=st.lists(st.integers(0, 9), max_size=8), cuts=st.sets(st.integers(1, 17), max_size=6)
)
def test_any_order_and_repetition_of_versions_ends_in_the_same_rows(
    warehouse: Warehouse, seed: int, repeats: list[int], cuts: set[int]
) -> None:
    bodies = versions()
    shuffled = bodies + [bodies[number] for number in repeats]
    random.Random(seed).shuffle(shuffled)
    edges = [0, *sorted(cuts), len(shuffled)]

    def load(pages: list[list[bytes]]) -> dict[str, list[Any]]:
        warehouse.connection.execute("SAVEPOINT empty")
        for page in pages:
            warehouse.load(*page)
            if seed % 2:
                warehouse.take_over()
        warehouse.take_over()
        dump = warehouse.dump()
        warehouse.connection.execute("ROLLBACK TO empty")
        return dump

    dump = load([shuffled[start:end] for start, end in pairwise(edges)])
    assert dump == load([bodies])
    assert {row["order_id"]: row["version"] for row in dump["orders"]} == {"a": 3, "b": 3, "c": 1, "d": 2}
    assert [(row[0], row[1]) for row in dump["rejected"]] == [("c", 2)]


def test_a_malformed_order_stays_out_and_the_others_load(warehouse: Warehouse) -> None:
    bad = order("bad", line()) | {"total_money": {"amount": 1, "currency": "USD"}}
    loaded = warehouse.load(order("good", line()), bad, b'{"id": 7}', b"\xff{", order("also good", line()))
    assert (loaded.changed_count, loaded.rejected_count) == (2, 3)
    assert warehouse.rows("SELECT order_id FROM silver.orders ORDER BY 1") == ["also good", "good"]
    rejected = dict(warehouse.rows("SELECT object_id, reason FROM bronze.rejected"))
    assert rejected["bad"] == "the amounts do not add up: total_money is 1, but its parts make 1000"
    assert len(rejected) == 3


def test_a_rejected_order_leaves_with_its_first_good_version(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(), version=2) | {"state": "LOST"})
    warehouse.load(order("o", line(), version=1))
    assert warehouse.rows("SELECT version FROM bronze.rejected") == [2]
    assert warehouse.rows("SELECT version FROM silver.orders") == [1]
    warehouse.load(order("o", line(), version=3))
    assert warehouse.rows("SELECT version FROM bronze.rejected") == []
    warehouse.load(order("o", line(), version=2) | {"state": "LOST"})
    assert warehouse.rows("SELECT version FROM bronze.rejected") == []


def test_operations_hear_of_a_rejected_version_once(warehouse: Warehouse) -> None:
    bad = order("<bad>", line(), version=2) | {"state": "LOST"}
    for expected in (1, 0):
        warehouse.load(bad)
        assert announce_rejections(warehouse.connection, ["operations@example.com"]) == expected
    subject, text, html = warehouse.row("SELECT subject, text_body, html_body FROM outbox.message")
    assert subject == "1 of Square's objects could not be loaded"
    assert "order <bad>, version 2: Invalid enum value 'LOST' - at `$.state`" in text
    assert "&lt;bad&gt;" in html
    warehouse.load(bad | {"version": 3})
    assert announce_rejections(warehouse.connection, ["operations@example.com"]) == 1


def test_orders_of_an_unknown_location_wait_in_bronze_until_it_is_known(warehouse: Warehouse) -> None:
    known, unknown = order("known", line()), order("unknown", line(), location_id="L-NEW")
    wrong = order("wrong", line(), location_id="L-NEW") | {"state": "LOST"}
    loaded = warehouse.load(known, unknown, wrong)
    assert loaded.unknown_location_ids == {"L-NEW"}
    assert warehouse.rows("SELECT order_id FROM silver.orders") == ["known"]

    warehouse.add_location("L-NEW", location("New", "America/Denver", "USD"))
    assert warehouse.rows("SELECT order_id FROM silver.orders ORDER BY 1") == ["known", "unknown"]
    assert warehouse.rows("SELECT object_id FROM bronze.rejected") == ["wrong"]
    assert warehouse.rows("SELECT order_id FROM bronze.square_orders ORDER BY 1") == ["known", "unknown"]


def test_a_load_tells_how_far_each_location_has_come(warehouse: Warehouse) -> None:
    loaded = warehouse.load(
        order("a", line(), updated_at="2026-03-02T18:00:00Z"),
        order("b", line(), updated_at="2026-03-02T19:00:00Z"),
        order("c", line(), location_id="L-LA", updated_at="2026-03-02T17:00:00Z"),
    )
    assert loaded.updated_at == {
        "L-NY": datetime(2026, 3, 2, 19, tzinfo=UTC),
        "L-LA": datetime(2026, 3, 2, 17, tzinfo=UTC),
    }


def test_amounts_in_another_currency_than_the_locations_are_refused(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(currency="USD"), location_id="L-BER"))
    assert "Invalid enum value 'USD'" in warehouse.row("SELECT reason FROM bronze.rejected")


@pytest.mark.parametrize(
    ("timezone", "cutover_hour", "at", "business_date"),
    [
        # The night that daylight saving begins: the hour from 02:00 is skipped.
        ("America/New_York", 3, "2026-03-08T06:59:59Z", "2026-03-07"),
        ("America/New_York", 3, "2026-03-08T07:00:00Z", "2026-03-08"),
        ("America/New_York", 3, "2026-03-09T06:59:59Z", "2026-03-08"),
        ("America/Los_Angeles", 4, "2026-03-08T10:59:59Z", "2026-03-07"),
        ("America/Los_Angeles", 4, "2026-03-08T11:00:00Z", "2026-03-08"),
        ("Europe/Berlin", 3, "2026-03-29T00:59:59Z", "2026-03-28"),
        ("Europe/Berlin", 3, "2026-03-29T01:00:00Z", "2026-03-29"),
        # The night that it ends: the hour before 02:00 (03:00 in Berlin) comes twice.
        ("America/New_York", 3, "2026-11-01T07:59:59Z", "2026-10-31"),
        ("America/New_York", 3, "2026-11-01T08:00:00Z", "2026-11-01"),
        ("America/Los_Angeles", 4, "2026-11-01T11:59:59Z", "2026-10-31"),
        ("America/Los_Angeles", 4, "2026-11-01T12:00:00Z", "2026-11-01"),
        ("Europe/Berlin", 3, "2026-10-25T01:59:59Z", "2026-10-24"),
        ("Europe/Berlin", 3, "2026-10-25T02:00:00Z", "2026-10-25"),
    ],
)
def test_an_order_belongs_to_the_business_day_of_its_closing(
    warehouse: Warehouse, timezone: str, cutover_hour: int, at: str, business_date: str
) -> None:
    described = location("Edge", timezone, "USD", cutover_hour)
    warehouse.add_location("L-EDGE", described)
    warehouse.load(order("o", line(), location_id="L-EDGE", at="2026-01-01T12:00:00Z", closed_at=at))
    assert str(warehouse.row("SELECT business_date FROM silver.orders")) == business_date
    assert str(described.business_date(datetime.fromisoformat(at))) == business_date
