"""The views of the schema reporting over stock, recipes and what was sold of them: what they add up to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from tests.include.inventory.reports.conftest import DAY, Kitchen
from tests.include.warehouse.square_json import Json, line, order, return_order

AMOUNTS = ("revenue_cents", "cost_cents", "profit_cents")


def products(kitchen: Kitchen) -> dict[str, Sequence[Any]]:
    rows = kitchen.rows(
        "SELECT coalesce(modifier_name || ' on ', '') || item_name, trim_scale(sold_quantity), revenue_cents,"
        " trim_scale(cost_cents), trim_scale(profit_cents), has_recipe FROM reporting.product_sales"
    )
    return {name: row for name, *row in rows}


def ingredients(kitchen: Kitchen) -> dict[str, Sequence[Any]]:
    rows = kitchen.rows(
        "SELECT ingredient_name, trim_scale(used_quantity), trim_scale(cost_cents), round(revenue_cents, 6)"
        " FROM reporting.ingredient_sales"
    )
    return {name: row for name, *row in rows}


def test_a_product_costs_what_its_recipe_takes(pizzeria: Kitchen) -> None:
    pizzeria.sold(order("o", line(quantity=2, price=1000, modifiers={"olives": 150})))
    assert products(pizzeria) == {
        "Margherita-M": [2, 2000, 240, 1760, True],
        "Olives on Margherita-M": [2, 300, 0, 300, True],
    }


def test_an_ingredient_has_its_part_of_the_revenue_by_its_part_of_the_cost(pizzeria: Kitchen) -> None:
    pizzeria.sold(order("o", line(quantity=2, price=1000, modifiers={"olives": 150})))
    # Dough is 30 of the Margherita's 120 cents; of the modifier only what it adds has a part.
    assert ingredients(pizzeria) == {
        "dough": [Decimal("0.5"), 60, 500],
        "cheese": [Decimal("0.1"), 90, 1500],
        "olives": [Decimal("0.06"), 90, 300],
    }


def test_products_and_ingredients_cost_and_bring_in_the_same(pizzeria: Kitchen) -> None:
    """Sales, a modifier, a return that goes back on the shelf and one that does not, a change, a thing without recipe,
    a rounding: to the last place."""
    pizzeria.costs("basil", "33.33333333")
    pizzeria.recipe("basil-pizza", {"dough": "0.21234", "basil": "0.00777"})
    pizzeria.sold(
        order("order-1", line(quantity=3, modifiers={"olives": 150}, discount=77)),
        order("o-2", line("line-2", variation_id="basil-pizza", price=333), line("line-3", variation_id="unknown")),
        order("o-3", line(quantity=2), location_id="L-LA"),
        return_order("return-1", at="2026-03-03T19:00:00Z"),
        unopened(return_order("return-2", at="2026-03-03T19:00:00Z", rounding=2)),
    )
    pizzeria.sold(order("o-3", line(quantity=5), location_id="L-LA", version=2))

    by_product = pizzeria.totals("product_sales", *AMOUNTS)
    by_ingredient = pizzeria.totals("ingredient_sales", *AMOUNTS)
    assert by_product[1] == by_ingredient[1] == pizzeria.totals("ingredient_use", "used_cost_cents")[0]
    assert by_product[0] == round(by_ingredient[0], 10)
    [net_cents] = pizzeria.rows("SELECT sum(net_cents)::bigint FROM gold.daily_sales_summary")
    assert by_product[0] == net_cents
    assert by_product[2] == by_product[0] - by_product[1]
    # What went back on the shelf costs nothing: a Margherita's dough and cheese, and the olives on it.
    assert pizzeria.totals("product_sales", "cost_cents", day=date(2026, 3, 3)) == (-120,)


def unopened(body: Json) -> Json:
    for refund in body["refunds"]:
        refund["reason"] = "Unopened"
    return body


def test_a_cost_holds_from_its_day_on(pizzeria: Kitchen) -> None:
    pizzeria.connection.execute(
        "UPDATE inventory.ingredient_cost SET valid_to_date = '2026-03-03' WHERE ingredient_key = %s",
        [pizzeria.ingredient("cheese")],
    )
    pizzeria.costs("cheese", "1000", since=date(2026, 3, 3))
    pizzeria.sold(order("o", line()), order("p", line(), at="2026-03-03T18:00:00Z"))
    costs = pizzeria.rows("SELECT trim_scale(cost_cents) FROM reporting.product_sales ORDER BY business_date")
    assert costs == [120, 130]
    assert pizzeria.totals("ingredient_sales", "cost_cents") == (250,)
    stretches = pizzeria.rows(
        "SELECT from_date, to_date, trim_scale(cost_cents) FROM reporting.recipe_cost"
        " WHERE modifier_name IS NULL ORDER BY from_date"
    )
    assert stretches == [
        (date(2020, 1, 1), date(2026, 3, 3), 120),
        (date(2026, 3, 3), date.max, 130),
    ]


def test_what_has_no_recipe_costs_nothing_and_is_told(pizzeria: Kitchen) -> None:
    pizzeria.sold(order("o", line(variation_id="lasagne", price=1400)))
    assert products(pizzeria) == {"Margherita": [1, 1400, 0, 1400, False]}
    assert ingredients(pizzeria) == {"No ingredient": [0, 0, 1400]}
    assert pizzeria.rows("SELECT location_name, sold_quantity, order_count FROM reporting.unmapped_product") == [
        ("New York", 1, 1)
    ]


def test_costs_in_another_currency_are_not_held_against_sales(pizzeria: Kitchen) -> None:
    pizzeria.sold(order("o", line(currency="EUR"), location_id="L-BER", currency="EUR"))
    assert products(pizzeria) == {"Margherita-M": [1, 1000, None, None, True]}
    amounts = pizzeria.rows(
        "SELECT currency, sum(round(revenue_cents, 6)), sum(cost_cents)::integer FROM reporting.ingredient_sales"
        " GROUP BY 1 ORDER BY 1"
    )
    assert amounts == [("EUR", 1000, 0), ("USD", 0, 120)]


def test_use_is_told_by_kind(pizzeria: Kitchen) -> None:
    pizzeria.tell("opening", "dough", "10")
    pizzeria.sold(order("o", line()))
    pizzeria.tell("waste", "dough", "0.5")
    pizzeria.tell("receipt", "dough", "5")
    pizzeria.tell("transfer", "dough", "1", to="L-LA")
    row = pizzeria.connection.execute(
        "SELECT trim_scale(used_quantity), trim_scale(wasted_quantity), trim_scale(received_quantity),"
        " trim_scale(transferred_quantity), trim_scale(opening_quantity), trim_scale(wasted_cost_cents)"
        " FROM reporting.ingredient_use WHERE ingredient_name = 'dough' AND location_name = 'New York'"
    ).fetchone()
    assert row == (Decimal("0.25"), Decimal("0.5"), 5, -1, 10, 60)


def test_stock_is_what_has_been_taken_over(pizzeria: Kitchen) -> None:
    pizzeria.tell("opening", "dough", "10")
    pizzeria.sold(order("o", line()))
    rows = pizzeria.rows("SELECT ingredient_name, trim_scale(on_hand_quantity), value_cents FROM reporting.stock")
    assert rows == [("dough", Decimal("9.75"), 1170)]


def test_a_movement_names_what_was_sold_and_when_by_the_clock_there(pizzeria: Kitchen) -> None:
    pizzeria.sold(order("o", line(modifiers={"olives": 150})))
    rows = pizzeria.rows(
        "SELECT order_id, item_name, modifier_name, ingredient_name, trim_scale(quantity), occurred_at_local::text"
        " FROM reporting.stock_movement WHERE ingredient_name = 'cheese' ORDER BY quantity"
    )
    assert rows == [
        ("o", "Margherita-M", None, "cheese", Decimal("-0.1"), "2026-03-02 13:00:00"),
        ("o", "Margherita-M", "Olives", "cheese", Decimal("0.05"), "2026-03-02 13:00:00"),
    ]


def test_periods_begin_where_people_begin_them(connection: psycopg.Connection) -> None:
    grains = ["day", "week", "month", "quarter", "year"]
    rows = connection.execute("SELECT reporting.period_start(unnest(%s::text[]), %s)", [grains, date(2026, 3, 4)])
    assert [day for (day,) in rows] == [
        date(2026, 3, 4), date(2026, 3, 2), date(2026, 3, 1), date(2026, 1, 1), date(2026, 1, 1),
    ]  # fmt: skip


def test_the_day_is_the_one_of_the_location(pizzeria: Kitchen) -> None:
    pizzeria.sold(order("o", line(), at="2026-03-03T06:00:00Z"))
    assert pizzeria.rows("SELECT business_date FROM reporting.product_sales") == [DAY]
