"""Selling a day through the stand-in, with the SDK over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from square import AsyncSquare, Square

from include.config import Chain, load_chain
from include.sales.simulation.business_day import (
    DaySold,
    ProductionRefusedError,
    last_full_day,
    refuse_production,
    simulate_business_day,
)
from include.square.catalog import NotInCatalogError
from include.square.raw import call
from include.square.retry import AsyncRetryingClient, RetryingClient
from include.square.setup import set_up
from tests.sandbox_process import Sandbox

CHAIN = load_chain()
DAY = date(2026, 11, 19)
Simulate = Callable[..., dict[str, DaySold]]
Json = dict[str, Any]


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Square]:
    with RetryingClient(timeout=30) as http:
        yield Square(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http)


@pytest.fixture
def simulate(client: Square, sandbox: Sandbox) -> Simulate:
    """Sells on DAY what is asked for, in a stand-in that is set up."""
    set_up(client, CHAIN)

    def async_client() -> AsyncSquare:
        http = AsyncRetryingClient(timeout=30)
        return AsyncSquare(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http)

    def run(orders: int = 12, seed: int = 1, day: date = DAY, chain: Chain = CHAIN) -> dict[str, DaySold]:
        return simulate_business_day(client, async_client, chain, day, orders, seed)

    return run


def orders(client: Square) -> list[Json]:
    ids = [each["id"] for each in call(client, "GET", "v2/locations")["locations"]]
    body = {"location_ids": ids, "limit": 1000}
    found: list[Json] = call(client, "POST", "v2/orders/search", body).get("orders", [])
    return found


def sales(client: Square) -> list[Json]:
    return [order for order in orders(client) if not order.get("returns")]


def test_every_location_sells_and_all_orders_are_paid(client: Square, simulate: Simulate) -> None:
    sold = simulate()
    assert {name: each.order_count for name, each in sold.items()} == {each.name: 12 for each in CHAIN.locations}
    made = sales(client)
    assert len(made) == 48
    assert {order["state"] for order in made} == {"COMPLETED"}
    assert sum(order["total_money"]["amount"] for order in made) == sum(each.paid_cents for each in sold.values())


def test_the_orders_are_dated_on_the_day_within_the_opening_hours(client: Square, simulate: Simulate) -> None:
    simulate()
    names = {each["id"]: each["name"] for each in call(client, "GET", "v2/locations")["locations"]}
    for order in sales(client):
        location = CHAIN.location(names[order["location_id"]])
        for field in ("created_at", "closed_at"):
            assert location.business_date(datetime.fromisoformat(order[field])) == DAY


def test_selling_the_same_again_sells_nothing_more(client: Square, simulate: Simulate) -> None:
    first = simulate(orders=10)
    before = orders(client)
    assert simulate(orders=10) == first
    assert orders(client) == before


def test_a_larger_number_adds_to_the_same_orders(client: Square, simulate: Simulate) -> None:
    simulate(orders=5)
    before = {order["id"] for order in sales(client)}
    simulate(orders=8)
    after = {order["id"] for order in sales(client)}
    assert before < after
    assert len(after) == 32


def test_another_seed_sells_other_orders(client: Square, simulate: Simulate) -> None:
    assert simulate(orders=5, seed=1) != simulate(orders=5, seed=2)
    assert len(sales(client)) == 40


def test_a_day_has_all_that_happens_at_a_till(client: Square, simulate: Simulate) -> None:
    sold = simulate(orders=80)
    made = sales(client)
    lines = [line for order in made for line in order["line_items"]]
    tenders = [tender for order in made for tender in order.get("tenders", [])]
    assert any(line.get("modifiers") for line in lines)
    assert all(line["applied_taxes"] for line in lines)
    assert any(order.get("discounts") for order in made)
    assert {tender["type"] for tender in tenders} == {"CARD", "CASH"}
    assert any(tender["tip_money"]["amount"] for tender in tenders)
    returned = [order for order in orders(client) if order.get("returns")]
    assert returned
    given_back = sum(order["return_amounts"]["total_money"]["amount"] for order in returned)
    assert given_back == sum(each.refunded_cents for each in sold.values()) > 0
    customers = [order["customer_id"] for order in made if "customer_id" in order]
    assert len(set(customers)) < len(customers), "some customers come back"


def test_a_lost_reply_sells_nothing_twice(client: Square, simulate: Simulate, sandbox: Sandbox) -> None:
    for number, step in enumerate(("orders", "payments", "refunds")):
        sandbox.set_fault(f"fault-{number}", method="POST", path=f"/square/v2/{step}", lost_reply=True, times=2)
    simulate(orders=5)
    made = sales(client)
    assert len(made) == 20
    assert {order["net_amount_due_money"]["amount"] for order in made} == {0}


def test_a_closed_location_sells_nothing(simulate: Simulate) -> None:
    closed = CHAIN.locations[0].opening_hours.model_copy(update={"thursday": ()})
    first = CHAIN.locations[0].model_copy(update={"opening_hours": closed})
    chain = CHAIN.model_copy(update={"locations": (first, *CHAIN.locations[1:])})
    sold = simulate(orders=2, chain=chain)
    assert sold[first.name] == DaySold(0, 0, 0)
    assert sold[CHAIN.locations[1].name].order_count == 2


def test_without_a_catalog_it_says_what_to_run(client: Square) -> None:
    for location in CHAIN.locations:
        client.locations.create(location={"name": location.name, "timezone": location.timezone})
    with pytest.raises(NotInCatalogError, match="square_setup"):
        simulate_business_day(client, AsyncSquare, CHAIN, DAY, 1, 1)


@pytest.mark.parametrize("url", ["https://connect.squareup.com", "https://CONNECT.squareup.com.:443/path"])
def test_production_is_refused(url: str) -> None:
    with pytest.raises(ProductionRefusedError, match="a real seller's account"):
        refuse_production(url)


@pytest.mark.parametrize("url", ["https://connect.squareupsandbox.com", "http://127.0.0.1:8081/square"])
def test_sandboxes_are_not_refused(url: str) -> None:
    refuse_production(url)


def test_production_is_refused_before_any_call() -> None:
    client = Square(base_url="https://connect.squareup.com", token="real")
    with pytest.raises(ProductionRefusedError):
        simulate_business_day(client, AsyncSquare, CHAIN, DAY, 1, 1)


def test_the_default_day_had_ended_everywhere() -> None:
    # Four in the morning in New York; in Santa Monica the evening before is still on.
    assert last_full_day(CHAIN, datetime(2026, 11, 20, 9, 0, tzinfo=UTC)) == date(2026, 11, 18)
    assert last_full_day(CHAIN, datetime(2026, 11, 20, 13, 0, tzinfo=UTC)) == date(2026, 11, 19)
