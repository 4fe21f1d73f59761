"""Simulated years, held against the stand-in's own calculation of the same orders."""

import json
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.config import Chain, Item, Tax, load_chain
from include.sales.simulation.years import Simulation, order_bodies
from sandbox.square.pricing import price

Json = dict[str, Any]
CHAIN = load_chain()


def simulation(
    *, chain: Chain = CHAIN, location: int = 0, last_day: date = date(2026, 11, 20), seed: int = 1, days: int = 1
) -> Simulation:
    return Simulation(
        products=chain.products,
        location=chain.locations[location],
        location_id="SIM",
        last_day=last_day,
        days=days,
        orders_per_day=60,
        customers=50,
        seed=seed,
    )


def orders(wanted: Simulation) -> list[Json]:
    return [order for order in map(json.loads, order_bodies(wanted)) if "returns" not in order]


def amounts(order: Json) -> Json:
    """All that a calculation decides."""
    names = ("gross_sales_money", "total_tax_money", "total_discount_money", "total_money")
    return {
        "lines": [{name: line[name] for name in names} for line in order["line_items"]],
        "order": {name: order[name] for name in (*names[1:], "total_tip_money")},
        "taxes": [tax["applied_money"] for tax in order["taxes"]],
        "discounts": [discount["applied_money"] for discount in order["discounts"]],
        "shares": [
            {entry["tax_uid"]: entry["applied_money"] for entry in line.get("applied_taxes", [])}
            for line in order["line_items"]
        ],
    }


def recalculated(order: Json, country: str) -> Json:
    again = deepcopy(order)
    price(again, "USD", country)
    return again


@settings(max_examples=20, deadline=None)
@given(
    location=st.integers(0, 3),
    seed=st.integers(0, 10**6),
    percentages=st.lists(st.sampled_from(["8.875", "10.25", "0.5", "20", "7", "0.00001"]), max_size=3),
    inclusive=st.lists(st.booleans(), min_size=3, max_size=3),
    untaxed=st.booleans(),
    country=st.sampled_from(["US", "GB"]),
)
def test_amounts_are_what_square_would_reckon(
    location: int, seed: int, percentages: list[str], inclusive: list[bool], untaxed: bool, country: str
) -> None:
    taxes = tuple(
        Tax(name=f"tax {number}", percentage=percentage, inclusive=is_inclusive)
        for number, (percentage, is_inclusive) in enumerate(zip(percentages, inclusive, strict=False))
    )
    items = CHAIN.products.items
    if untaxed:
        items = tuple(_with_fewer_taxes(item, taxes[number % 2 :]) for number, item in enumerate(items))
    products = CHAIN.products.model_copy(update={"taxes": taxes, "items": items})
    places = tuple(each.model_copy(update={"country": country}) for each in CHAIN.locations)
    chain = CHAIN.model_copy(update={"products": products, "locations": places})
    for order in orders(simulation(chain=chain, location=location, seed=seed)):
        assert amounts(order) == amounts(recalculated(order, country))
        assert order["total_money"]["amount"] == sum(t["amount_money"]["amount"] for t in order["tenders"])


def _with_fewer_taxes(item: Item, taxes: tuple[Tax, ...]) -> Item:
    return item.model_copy(update={"taxes": tuple(tax.name for tax in taxes)})


def test_the_same_seed_makes_the_same_orders() -> None:
    assert orders(simulation(seed=7)) == orders(simulation(seed=7))
    assert orders(simulation(seed=7)) != orders(simulation(seed=8))


def test_a_day_is_the_same_in_a_longer_simulation() -> None:
    assert orders(simulation(days=3))[-60:] == orders(simulation())


def test_order_and_line_ids_are_unique() -> None:
    made = orders(simulation(days=5))
    assert len({order["id"] for order in made}) == len(made) == 300
    for order in made:
        uids = [line["uid"] for line in order["line_items"]]
        uids += [modifier["uid"] for line in order["line_items"] for modifier in line.get("modifiers", [])]
        assert len(set(uids)) == len(uids)


@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1)])
@pytest.mark.parametrize("number", range(4))
def test_orders_belong_to_their_business_day(number: int, day: date) -> None:
    location = CHAIN.locations[number]
    for order in orders(simulation(location=number, last_day=day)):
        assert location.business_date(datetime.fromisoformat(order["created_at"])) == day
        assert location.business_date(datetime.fromisoformat(order["closed_at"])) == day


def test_a_closed_day_has_no_orders() -> None:
    closed = CHAIN.locations[0].model_copy(
        update={"opening_hours": CHAIN.locations[0].opening_hours.model_copy(update={"friday": ()})}
    )
    chain = CHAIN.model_copy(update={"locations": (closed,)})
    assert orders(simulation(chain=chain)) == []


def test_names_stand_in_the_json_as_they_are_written() -> None:
    odd = 'Grandma\'s 100% "best" \\ Käse\tpizza'
    items = tuple(item.model_copy(update={"name": odd}) for item in CHAIN.products.items[:1])
    chain = CHAIN.model_copy(update={"products": CHAIN.products.model_copy(update={"items": items})})
    assert {line["name"] for order in orders(simulation(chain=chain)) for line in order["line_items"]} == {odd}


def test_an_order_has_close_to_four_lines() -> None:
    made = orders(simulation(days=100))
    assert 3.7 < sum(len(order["line_items"]) for order in made) / len(made) < 3.95


def test_a_refund_is_an_order_of_its_own_that_returns_half_of_the_sale() -> None:
    made = {order["id"]: order for order in map(json.loads, order_bodies(simulation(days=10)))}
    refunds = [order for order in made.values() if "returns" in order]
    assert refunds
    for order in refunds:
        sale = made[order["returns"][0]["source_order_id"]]
        half = sale["total_money"]["amount"] // 2
        assert order["return_amounts"]["total_money"] == {"amount": half, "currency": "USD"}
        assert order["refunds"][0]["amount_money"]["amount"] == half
        assert order["created_at"] > sale["created_at"]
