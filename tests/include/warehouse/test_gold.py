"""Gold: what a day says for every kind of order, and that it ties out with what the orders state."""

from datetime import date
from typing import Any

import pytest

from include.warehouse import gold
from include.warehouse.tie_out import TieOutError, tie_out
from tests.conftest import Database
from tests.include.warehouse.conftest import Warehouse
from tests.include.warehouse.square_json import Json, line, order, return_order

DAY = date(2026, 3, 2)
MEASURES = (
    "gross_cents, discount_cents, refund_cents, net_cents, tax_cents, service_charge_cents, tip_cents, total_cents"
)


def summary(warehouse: Warehouse) -> Any:
    return warehouse.row(f"SELECT order_count, {MEASURES} FROM gold.daily_sales_summary")  # noqa: S608


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([order("o", line(quantity=2, discount=100, tax=152))], (1, 2000, 100, 0, 1900, 152, 0, 0, 2052)),
        ([order("o", line(), tip=250, service_charge=80)], (1, 1000, 0, 0, 1000, 0, 80, 250, 1330)),
        ([order("o", line(service_charge=70), service_charge=30)], (1, 1000, 0, 0, 1000, 0, 100, 0, 1100)),
        ([order("o", line(inclusive_tax=91))], (1, 909, 0, 0, 909, 91, 0, 0, 1000)),
        ([order("o", line(inclusive_tax=91, is_tax_in_gross=True))], (1, 909, 0, 0, 909, 91, 0, 0, 1000)),
        ([order("o", line(modifiers={"olives": 150}, inclusive_tax=105))], (1, 1045, 0, 0, 1045, 105, 0, 0, 1150)),
        ([order("o", line(price=997), rounding=3)], (1, 997, 0, 0, 997, 0, 3, 0, 1000)),
        ([order("o", line()), order("x", line(), state="CANCELED")], (1, 1000, 0, 0, 1000, 0, 0, 0, 1000)),
        ([order("o", line()), order("x", line(), state="OPEN")], (1, 1000, 0, 0, 1000, 0, 0, 0, 1000)),
        (
            [order("o", line(tax=80), tip=200), return_order("r", gross=1000, tax=80, tip=200)],
            (1, 1000, 0, 1000, 0, 0, 0, 0, 0),
        ),
        (
            [order("o", line()), return_order("r", gross=600, discount=60, inclusive_tax=54, rounding=-2)],
            (1, 1000, 0, 486, 514, -54, 2, 0, 462),
        ),
        ([order("o", line()), return_order("r", gross=500, service_charge=40)], (1, 1000, 0, 500, 500, 0, -40, 0, 460)),
    ],
)
def test_a_day_adds_up_and_ties_out(warehouse: Warehouse, orders: list[Json], expected: tuple[int, ...]) -> None:
    warehouse.load(*orders)
    warehouse.take_over()
    assert summary(warehouse) == expected


def test_a_service_charges_inclusive_tax_is_tax(warehouse: Warehouse) -> None:
    body = order("o", line(), service_charge=110)
    body["service_charges"][0] |= {"total_tax_money": {"amount": 10, "currency": "USD"}}
    body["total_tax_money"]["amount"] = 10
    warehouse.load(body)
    warehouse.take_over()
    assert summary(warehouse) == (1, 1000, 0, 0, 1000, 10, 100, 0, 1110)


def test_lines_and_modifiers_have_rows_of_their_own(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(quantity=2, modifiers={"olives": 150, "basil": 0}, discount=230, tax=100)))
    warehouse.take_over()
    assert warehouse.rows(
        """
        SELECT fact.kind, product.product_id, line.product_id, quantity::integer, gross_cents, discount_cents, tax_cents
        FROM gold.fact_sales AS fact
        JOIN gold.dim_product AS product USING (product_key)
        JOIN gold.dim_product AS line ON line.product_key = line_product_key
        ORDER BY line_number, modifier_number
        """
    ) == [
        ("line", "margherita-m", "margherita-m", 2, 2000, 230, 100),
        ("modifier", "olives", "margherita-m", 2, 300, 0, 0),
        ("modifier", "basil", "margherita-m", 2, 0, 0, 0),
    ]


def test_a_line_outside_the_catalog_is_a_product_by_its_name(warehouse: Warehouse) -> None:
    warehouse.load(order("a", line(variation_id=None)), order("b", line(variation_id=None)))
    warehouse.take_over()
    assert warehouse.rows("SELECT product_id, item_name FROM gold.dim_product") == [
        ("line:Margherita:Medium", "Margherita")
    ]


def test_a_late_change_moves_an_order_to_another_day(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(), version=1))
    warehouse.take_over()
    warehouse.load(order("o", line(), version=2, closed_at="2026-03-04T18:00:00Z"))
    taken = warehouse.take_over()
    assert taken.dates == {DAY, date(2026, 3, 4)}
    assert warehouse.rows("SELECT business_date FROM gold.daily_sales_summary") == [date(2026, 3, 4)]


def test_an_order_that_is_canceled_later_leaves_gold(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(), version=1))
    warehouse.take_over()
    warehouse.load(order("o", line(), version=2, state="CANCELED"))
    warehouse.take_over()
    assert warehouse.rows("SELECT kind FROM gold.fact_sales") == []


def test_taking_over_again_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(modifiers={"olives": 150}), tip=10), return_order("r"))
    warehouse.take_over()
    before = warehouse.rows("SELECT * FROM gold.fact_sales ORDER BY order_key, kind, line_number")
    warehouse.connection.execute("INSERT INTO gold.pending_order SELECT order_key FROM silver.orders")
    assert warehouse.take_over().order_count == 2
    assert warehouse.rows("SELECT * FROM gold.fact_sales ORDER BY order_key, kind, line_number") == before
    assert warehouse.take_over().order_count == 0


def test_a_difference_is_told_with_day_location_measure_and_figures(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line(), tip=100))
    warehouse.take_over()
    warehouse.connection.execute(
        "UPDATE gold.fact_sales SET tip_cents = tip_cents + 1, total_cents = total_cents + 1 WHERE kind = 'order'"
    )
    warehouse.connection.execute("REFRESH MATERIALIZED VIEW gold.daily_sales_summary")
    with pytest.raises(TieOutError) as caught:
        tie_out(warehouse.connection, DAY, DAY)
    assert (
        "2026-03-02 New York: tip is 101 in gold, but the orders state 100: a difference of 1\n"
        "2026-03-02 New York: total is 1101 in gold, but the orders state 1100: a difference of 1"
    ) in str(caught.value)


def test_partitions_are_made_ahead_and_for_every_year_with_orders(warehouse: Warehouse) -> None:
    this_year = warehouse.row("SELECT extract(year FROM current_date)::integer")
    warehouse.load(order("o", line(), at="2019-12-31T12:00:00Z"))
    warehouse.take_over()
    partitions = warehouse.rows("SELECT inhrelid::regclass::text FROM pg_inherits ORDER BY 1")
    years = {f"gold.fact_sales_{year}" for year in (2019, this_year, this_year + 1)}
    assert years <= set(partitions)
    assert warehouse.row("SELECT weekday_name FROM gold.dim_date WHERE date = '2019-12-31'") == "Tuesday"


def test_a_version_that_comes_while_gold_takes_over_the_one_before_is_not_lost(
    warehouse: Warehouse, database: Database
) -> None:
    warehouse.load(order("o", line(), version=1))
    gold.prepare(warehouse.connection)
    warehouse.connection.commit()
    with database.connect() as loading, database.connect() as taking:
        Warehouse(loading).load(order("o", line(price=1200), version=2))
        # Silver's new version is not committed yet: its order is left alone.
        assert gold.take_over(taking).order_count == 0
        loading.commit()
        assert gold.take_over(taking).order_count == 1
        taking.commit()
    assert warehouse.rows("SELECT gross_cents FROM gold.fact_sales") == [1200]
