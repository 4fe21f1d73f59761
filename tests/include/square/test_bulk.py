"""Bulk reads over HTTP: whole pages, cut out of the answer as they came."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from square import Square

from include.square import bulk
from include.square.client import square_client
from include.square.raw import closing
from tests.sandbox_process import Sandbox

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def client(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    connection = {"conn_type": "http", "host": sandbox.square_url, "password": sandbox.token}
    monkeypatch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", json.dumps(connection))
    with closing(square_client()) as client:
        yield client


def sell(sandbox: Sandbox, count: int) -> list[bytes]:
    bodies = [
        json.dumps(
            {
                "id": f"order-{number:05d}",
                "location_id": "L",
                "state": "COMPLETED",
                "created_at": "2026-01-05T10:00:00.000Z",
                "closed_at": f"2026-01-{number % 28 + 1:02d}T10:00:00.000Z",
                "updated_at": f"2026-02-{number % 28 + 1:02d}T10:00:00.000Z",
                "note": 'a "quoted" \\ é note',
            }
        ).encode()
        for number in range(count)
    ]
    sandbox.request("POST", "/sandbox/square/orders", content=b"\n".join(bodies))
    return bodies


def test_all_pages_of_orders_come_oldest_first_and_unchanged(client: Square, sandbox: Sandbox) -> None:
    bodies = sell(sandbox, 2300)
    pages = list(bulk.order_pages(client, ["L"], start_at=START))
    assert [len(page) for page in pages] == [1000, 1000, 300]
    received = [body for page in pages for body in page]
    assert sorted(received) == sorted(bodies)
    changes = [json.loads(body)["updated_at"] for body in received]
    assert changes == sorted(changes)


def test_orders_can_be_asked_for_by_their_closing(client: Square, sandbox: Sandbox) -> None:
    sell(sandbox, 56)
    day = datetime(2026, 1, 7, tzinfo=UTC)
    (page,) = bulk.order_pages(client, ["L"], start_at=day, end_at=day.replace(hour=23), by="closed_at")
    assert {json.loads(body)["closed_at"] for body in page} == {"2026-01-07T10:00:00.000Z"}


def test_nothing_new_is_one_empty_page(client: Square) -> None:
    assert list(bulk.order_pages(client, ["L"], start_at=START)) == [[]]


def test_more_than_ten_locations_are_refused_here(client: Square) -> None:
    with pytest.raises(ValueError, match="10 locations a call, not 11"):
        next(bulk.order_pages(client, [str(number) for number in range(11)], start_at=START))


def test_customers_and_catalog_come_by_their_last_change(client: Square) -> None:
    client.customers.create(given_name="Ada", idempotency_key="ada")
    client.catalog.object.upsert(
        idempotency_key="category",
        object={"type": "CATEGORY", "id": "#new", "category_data": {"name": "Classic"}},
    )
    (customers,) = bulk.customer_pages(client, START)
    (catalog,) = bulk.catalog_pages(client, None)
    assert json.loads(customers[0])["given_name"] == "Ada"
    assert json.loads(catalog[0])["category_data"] == {"name": "Classic"}
    later = datetime.now(UTC).replace(year=2200)
    assert list(bulk.catalog_pages(client, later)) == [[]]


def test_orders_come_by_their_ids_a_hundred_a_call_and_unknown_ones_are_left_out(
    client: Square, sandbox: Sandbox
) -> None:
    bodies = sell(sandbox, 230)
    ids = [json.loads(body)["id"] for body in bodies]
    assert sorted(bulk.orders_by_id(client, [*ids, "unknown"])) == sorted(bodies)
    assert bulk.orders_by_id(client, []) == []


def test_locations_have_names(client: Square) -> None:
    made = client.locations.create(location={"name": "Brooklyn"}).location
    assert made is not None
    assert bulk.location_names(client)[made.id or ""] == "Brooklyn"
