"""The demo's year as `make run` loads it: set up through the SDK, then `python -m sandbox.demo`."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from square import Square

from include.config import load_chain
from include.square.retry import RetryingClient
from include.square.setup import set_up
from include.warehouse.typed_order import type_order
from sandbox.demo.load import load_year
from sandbox.demo.seller import NotSetUpError
from sandbox.square.pricing import price
from tests.sandbox_process import Sandbox, running_sandbox

Json = dict[str, Any]
LAST_DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A stand-in with the demo chain's year, loaded by the command."""
    with running_sandbox(tmp_path_factory.mktemp("demo") / "state") as sandbox:
        _set_up(sandbox)
        _load(sandbox)
        yield sandbox


@pytest.fixture(scope="module")
def orders(seller: Sandbox) -> list[Json]:
    return _orders(seller)


def _set_up(sandbox: Sandbox) -> None:
    with RetryingClient(timeout=30) as http:
        set_up(Square(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http), load_chain())


def _load(sandbox: Sandbox) -> str:
    options = ["--square-url", sandbox.square_url, "--token", sandbox.token, "--until", LAST_DAY.isoformat()]
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.demo", *options],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _locations(sandbox: Sandbox) -> dict[str, Json]:
    return {each["id"]: each for each in sandbox.request("GET", "/square/v2/locations").json()["locations"]}


def _orders(sandbox: Sandbox) -> list[Json]:
    body: Json = {"location_ids": list(_locations(sandbox)), "limit": 1000}
    found: list[Json] = []
    while True:
        page = sandbox.request("POST", "/square/v2/orders/search", json=body).json()
        found += page["orders"]
        if "cursor" not in page:
            return found
        body["cursor"] = page["cursor"]


def test_every_order_and_line_of_the_data_is_there(orders: list[Json]) -> None:
    sales = [order for order in orders if "returns" not in order]
    assert len(sales) == 21_350
    assert sum(len(order["line_items"]) for order in sales) == 49_574


def test_amounts_are_what_the_stand_in_itself_would_reckon(orders: list[Json]) -> None:
    for order in orders[::50]:
        if "returns" in order:
            continue
        again = deepcopy(order)
        price(again, "USD", "US")
        assert again == order


def test_the_warehouse_can_type_every_order(orders: list[Json]) -> None:
    for order in orders[::10]:
        type_order(json.dumps(order).encode(), "USD")


def test_the_year_ends_on_the_day_asked_for_in_local_time(orders: list[Json], seller: Sandbox) -> None:
    zones = {location_id: ZoneInfo(each["timezone"]) for location_id, each in _locations(seller).items()}
    sales = [order for order in orders if "returns" not in order]
    placed = [datetime.fromisoformat(each["created_at"]).astimezone(zones[each["location_id"]]) for each in sales]
    assert max(at.date() for at in placed) == LAST_DAY
    assert all(9 <= at.hour <= 23 for at in placed)
    assert set(Counter(order["location_id"] for order in sales)) == set(zones), "every location sells"


def test_a_year_has_all_that_happens_at_a_till(orders: list[Json]) -> None:
    for part in ("discounts", "service_charges", "customer_id", "returns"):
        assert any(order.get(part) for order in orders), part
    lines = [line for order in orders for line in order.get("line_items", [])]
    assert 0.2 < sum("modifiers" in line for line in lines) / len(lines) < 0.5
    tenders = [order["tenders"] for order in orders if "tenders" in order]
    assert any(len(each) == 2 for each in tenders)
    assert {tender["type"] for each in tenders for tender in each} == {"CARD", "CASH"}
    assert any(tender["tip_money"]["amount"] for each in tenders for tender in each)


def test_customers_come_back_some_often_most_seldom(orders: list[Json], seller: Sandbox) -> None:
    visits = Counter(order["customer_id"] for order in orders if "customer_id" in order)
    often = sorted(visits.values(), reverse=True)
    assert sum(often[: len(often) // 10]) > 0.3 * sum(often)
    assert often[len(often) // 2] <= 3
    customer_id = next(iter(visits))
    customer = seller.request("GET", f"/square/v2/customers/{customer_id}").json()["customer"]
    assert customer["email_address"].endswith("@example.com")


def test_loading_it_again_changes_nothing(orders: list[Json], seller: Sandbox) -> None:
    assert "21350 orders" in _load(seller)
    assert _orders(seller) == orders


def test_a_stand_in_that_is_not_set_up_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(NotSetUpError, match="square_setup"):
        load_year(sandbox.url, sandbox.token, LAST_DAY, 1, lambda _made, _total: None)


def test_a_wrong_token_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        load_year(sandbox.url, "wrong", LAST_DAY, 1, lambda _made, _total: None)
