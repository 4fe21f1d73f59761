"""Searching orders: filters, sorting, cursors, limits, and a year of orders loaded at once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from square import Square
from square.core.api_error import ApiError

from tests.sandbox.square.conftest import errors_of, usd
from tests.sandbox_process import Sandbox

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def past_order(number: int, location_id: str = "L1", state: str = "COMPLETED", **fields: Any) -> dict[str, Any]:
    """The order of minute `number` of the year."""
    at = (FIRST + timedelta(minutes=number)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    closing = {"closed_at": at} if state == "COMPLETED" else {}
    order = {"id": f"O{number:06}", "location_id": location_id, "state": state, "created_at": at, "updated_at": at}
    return {**order, **closing, "version": 2, "total_money": usd(number), **fields}


def load(sandbox: Sandbox, orders: list[dict[str, Any]]) -> None:
    lines = "\n".join(json.dumps(order) for order in orders)
    answer = sandbox.request("POST", "/sandbox/square/orders", content=lines)
    assert answer.json() == {"loaded": len(orders)}


def search(sandbox: Sandbox, **body: Any) -> Any:
    return sandbox.request("POST", "/square/v2/orders/search", json={"location_ids": ["L1"], **body}).json()


def all_pages(sandbox: Sandbox, **body: Any) -> list[list[str]]:
    pages = []
    answer = search(sandbox, **body)
    while True:
        pages.append([order["id"] for order in answer.get("orders", [])])
        if "cursor" not in answer:
            return pages
        answer = search(sandbox, cursor=answer["cursor"], **body)


def by_time(field: str, order: str = "ASC", **span: str) -> dict[str, Any]:
    query: dict[str, Any] = {"sort": {"sort_field": field.upper(), "sort_order": order}}
    return query | ({"filter": {"date_time_filter": {field: span}}} if span else {})


def test_cursors_lead_through_every_order_once_even_where_times_are_equal(sandbox: Sandbox) -> None:
    same_minute = past_order(7)
    orders = [past_order(n) | {"updated_at": same_minute["updated_at"]} for n in range(25)]
    load(sandbox, orders)
    for way in ("ASC", "DESC"):
        pages = all_pages(sandbox, limit=10, query=by_time("updated_at", way))
        assert [len(page) for page in pages] == [10, 10, 5]
        found = [order_id for page in pages for order_id in page]
        assert found == sorted(found, reverse=way == "DESC")
        assert len(set(found)) == 25


def test_both_ends_of_a_time_range_are_inclusive(sandbox: Sandbox) -> None:
    load(sandbox, [past_order(n) for n in range(10)])
    span = {"start_at": "2026-01-01T00:03:00Z", "end_at": "2026-01-01T01:05:00+01:00"}
    for field in ("created_at", "updated_at", "closed_at"):
        assert all_pages(sandbox, query=by_time(field, **span)) == [["O000003", "O000004", "O000005"]]


def test_an_order_that_changes_while_pages_are_read_is_not_lost(sandbox: Sandbox) -> None:
    load(sandbox, [past_order(n) for n in range(6)])
    query = by_time("updated_at", start_at="2026-01-01T00:00:00Z")
    first = search(sandbox, limit=3, query=query)
    load(sandbox, [past_order(1) | {"updated_at": past_order(100)["updated_at"]}])
    second = search(sandbox, limit=10, query=query, cursor=first["cursor"])
    assert [order["id"] for order in second["orders"]] == ["O000003", "O000004", "O000005", "O000001"]


def test_filters_by_location_state_customer_and_source(sandbox: Sandbox) -> None:
    load(
        sandbox,
        [
            past_order(1, state="OPEN"),
            past_order(2, customer_id="ANN"),
            past_order(3, source={"name": "Web shop"}),
            past_order(4, location_id="L2"),
        ],
    )

    def found(**wish: Any) -> list[list[str]]:
        return all_pages(sandbox, query={"filter": wish})

    assert found(state_filter={"states": ["OPEN"]}) == [["O000001"]]
    assert found(customer_filter={"customer_ids": ["ANN"]}) == [["O000002"]]
    assert found(source_filter={"source_names": ["Web shop"]}) == [["O000003"]]
    assert all_pages(sandbox, location_ids=["L1", "L2"]) == [["O000004", "O000003", "O000002", "O000001"]]


def test_a_page_has_500_orders_unless_asked_and_1000_at_most(sandbox: Sandbox) -> None:
    load(sandbox, [past_order(n) for n in range(1002)])
    assert [len(page) for page in all_pages(sandbox)] == [500, 500, 2]
    assert [len(page) for page in all_pages(sandbox, limit=1000)] == [1000, 2]
    with pytest.raises(httpx.HTTPStatusError) as error:
        search(sandbox, limit=1001)
    assert error.value.response.json()["errors"][0]["code"] == "VALUE_TOO_HIGH"


def test_entries_instead_of_orders(square: Square, sandbox: Sandbox) -> None:
    load(sandbox, [past_order(1)])
    answer = square.orders.search(location_ids=["L1"], return_entries=True)
    assert answer.orders is None
    assert [(entry.order_id, entry.version) for entry in answer.order_entries or []] == [("O000001", 2)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MISSING_REQUIRED_PARAMETER"),
        ({"location_ids": ["L"] * 11}, "ARRAY_LENGTH_TOO_LONG"),
        ({"location_ids": ["L"], "cursor": "nonsense"}, "INVALID_CURSOR"),
        (
            {"location_ids": ["L"], "query": {"filter": {"date_time_filter": {"updated_at": {"start_at": "2026"}}}}},
            "BAD_REQUEST",
        ),
        (
            {"location_ids": ["L"], "query": by_time("closed_at", start_at="2026-02-01T00:00:00Z", end_at="2026")},
            "INVALID_TIME",
        ),
        (
            {
                "location_ids": ["L"],
                "query": by_time("closed_at", start_at="2026-02-01T00:00:00Z", end_at="2026-01-01T00:00:00Z"),
            },
            "INVALID_TIME_RANGE",
        ),
    ],
)
def test_a_search_that_square_would_refuse_is_refused(square: Square, body: dict[str, Any], code: str) -> None:
    with pytest.raises(ApiError) as error:
        square.orders.search(**body)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", code)]


def test_a_cursor_of_another_query_is_refused(sandbox: Sandbox) -> None:
    load(sandbox, [past_order(n) for n in range(3)])
    cursor = search(sandbox, limit=1)["cursor"]
    with pytest.raises(httpx.HTTPStatusError) as error:
        search(sandbox, limit=1, cursor=cursor, query=by_time("updated_at"))
    assert error.value.response.json()["errors"][0]["code"] == "INVALID_CURSOR"


def test_loading_is_all_or_nothing_and_names_the_line(sandbox: Sandbox) -> None:
    lines = "\n".join([json.dumps(past_order(1)), json.dumps({"id": "O2", "location_id": "L1"})])
    with pytest.raises(httpx.HTTPStatusError) as error:
        sandbox.request("POST", "/sandbox/square/orders", content=lines)
    assert error.value.response.json() == {"detail": "line 2: Object missing required field `state`"}
    assert search(sandbox) == {}


def test_loaded_orders_come_back_as_they_were(sandbox: Sandbox) -> None:
    order = past_order(1, note="ünïcode", metadata={"a": "b"})
    load(sandbox, [order])
    assert search(sandbox) == {"orders": [order]}


def test_customers_are_loaded_too(square: Square, sandbox: Sandbox) -> None:
    at = "2026-01-01T00:00:00Z"
    customer = {"id": "ANN", "given_name": "Ann", "created_at": at, "updated_at": at, "version": 0}
    sandbox.request("POST", "/sandbox/square/customers", content=json.dumps(customer))
    found = square.customers.get(customer_id="ANN").customer
    assert found
    assert found.given_name == "Ann"
