"""The views of the schema reporting over sales and customers: what they add up to, and whose clock they go by."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from include.warehouse.dimensions import load_customers
from tests.include.warehouse.conftest import Warehouse
from tests.include.warehouse.square_json import encode, line, order, return_order

DAY = date(2026, 3, 2)
MEASURES = ("gross", "discount", "refund", "net", "tax", "service_charge", "tip", "total")


@pytest.fixture
def sales(warehouse: Warehouse) -> Warehouse:
    """Two currencies, modifiers, taxes of both kinds, a discount, charges, tips, roundings, and a return."""
    warehouse.load(
        order(
            "order-1",
            line(quantity=2, modifiers={"olives": 150}, discount=100, tax=88),
            line("line-2", price=333, service_charge=20),
            tip=200,
            service_charge=50,
            rounding=1,
            customer_id="ana",
        ),
        order("order-2", line(price=700, inclusive_tax=57), location_id="L-LA", at="2026-03-03T06:30:00Z"),
        order(
            "order-3",
            line(price=1190, inclusive_tax=190, is_tax_in_gross=True, currency="EUR"),
            location_id="L-BER",
            currency="EUR",
        ),
        return_order("return-1", tax=44, discount=50, tip=10, rounding=2, at="2026-03-03T19:00:00Z"),
    )
    warehouse.take_over()
    return warehouse


def sums(warehouse: Warehouse, view: str, *measures: str) -> dict[Any, Any]:
    """Sums of a view by day, location and currency."""
    columns = ", ".join(f"sum({measure}_cents)::bigint" for measure in measures)
    rows = warehouse.rows(
        f"SELECT business_date, location_name, currency, {columns} FROM reporting.{view} GROUP BY 1, 2, 3"  # noqa: S608
    )
    return {row[:3]: row[3:] for row in rows}


def test_a_day_has_the_figures_of_its_orders(sales: Warehouse) -> None:
    assert sums(sales, "daily_sales", *MEASURES)[DAY, "New York", "USD"] == (
        2633, 100, 0, 2533, 88, 71, 200, 2892,
    )  # fmt: skip


@pytest.mark.parametrize("view", ["orders", "hourly_sales"])
def test_orders_and_hours_add_up_to_the_day(sales: Warehouse, view: str) -> None:
    assert sums(sales, view, *MEASURES) == sums(sales, "daily_sales", *MEASURES)


def test_lines_and_what_came_back_add_up_to_the_day(sales: Warehouse) -> None:
    days = sums(sales, "daily_sales", "gross", "discount")
    assert sums(sales, "order_line", "gross", "discount") == {
        day: figures for day, figures in days.items() if figures[0]
    }
    # The rounding of the return is on none of its lines.
    assert sums(sales, "refund_line", "refund") == {(date(2026, 3, 3), "New York", "USD"): (950,)}
    assert sums(sales, "daily_sales", "refund")[date(2026, 3, 3), "New York", "USD"] == (950,)


def test_products_add_up_to_the_day(sales: Warehouse) -> None:
    assert sums(sales, "daily_product_sales", "net") == sums(sales, "daily_sales", "net")


def test_an_order_that_only_gives_back_is_no_sale(sales: Warehouse) -> None:
    assert dict(sales.rows("SELECT order_id, is_sale FROM reporting.orders")) == {
        "order-1": True, "order-2": True, "order-3": True, "return-1": False,
    }  # fmt: skip
    for view in ("daily_sales", "hourly_sales"):
        assert sales.rows(f"SELECT sum(order_count)::integer FROM reporting.{view}") == [3]  # noqa: S608


def test_the_hour_is_the_one_of_the_locations_clock_and_belongs_to_its_business_day(warehouse: Warehouse) -> None:
    # Half past ten in the evening and, the same night, half past one; then both halves of the hour that comes twice.
    times = ["2026-03-03T06:30:00Z", "2026-03-03T09:30:00Z", "2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z"]
    warehouse.load(*(order(at, line(), location_id="L-LA", at=at) for at in times))
    warehouse.take_over()
    assert warehouse.rows("SELECT business_date, hour, order_count FROM reporting.hourly_sales ORDER BY 1, 2 DESC") == [
        (DAY, 22, 1), (DAY, 1, 1), (date(2026, 10, 31), 1, 2),
    ]  # fmt: skip
    assert warehouse.rows("SELECT sold_at_local FROM reporting.orders ORDER BY sold_at")[:2] == [
        datetime(2026, 3, 2, 22, 30), datetime(2026, 3, 3, 1, 30),  # noqa: DTZ001
    ]  # fmt: skip


def test_the_average_is_of_orders_with_sales(sales: Warehouse) -> None:
    sales.load(order("order-4", line(price=500)))
    sales.take_over()
    rows = sales.rows(
        "SELECT business_date, average_order_cents FROM reporting.daily_sales"
        " WHERE location_name = 'New York' ORDER BY 1"
    )
    assert rows == [(DAY, Decimal("1516.50")), (date(2026, 3, 3), None)]


def test_open_and_cancelled_orders_are_no_sales(warehouse: Warehouse) -> None:
    warehouse.load(
        order("open", line(), state="OPEN"), order("cancelled", line(), state="CANCELED"), order("o", line())
    )
    warehouse.take_over()
    assert warehouse.rows("SELECT order_id FROM reporting.orders") == ["o"]
    assert warehouse.rows("SELECT order_id FROM reporting.order_line") == ["o"]
    assert warehouse.rows("SELECT order_id, state, total_cents FROM reporting.unfinished_order ORDER BY 1") == [
        ("cancelled", "CANCELED", 1000), ("open", "OPEN", 1000),
    ]  # fmt: skip


def test_a_line_holds_its_modifiers_and_they_stand_by_themselves_too(sales: Warehouse) -> None:
    assert sales.rows(
        "SELECT line_number, item_name, quantity::integer, base_price_cents, gross_cents, net_cents, tax_cents,"
        " total_cents FROM reporting.order_line WHERE order_id = 'order-1' ORDER BY 1"
    ) == [(1, "Margherita", 2, 1000, 2300, 2200, 88, 2288), (2, "Margherita", 1, 333, 333, 333, 0, 353)]
    assert sales.row(
        "SELECT item_name, modifier_name, quantity::integer, base_price_cents, gross_cents"
        " FROM reporting.order_line_modifier"
    ) == ("Margherita", "Olives", 2, 150, 300)


def test_payments_and_adjustments_stand_by_themselves(sales: Warehouse) -> None:
    assert sales.rows(
        "SELECT tender_type, amount_cents, tip_cents, paid_at_local FROM reporting.payment WHERE order_id = 'order-1'"
    ) == [("CARD", 2892, 200, datetime(2026, 3, 2, 13))]  # noqa: DTZ001
    assert sales.rows(
        "SELECT kind, name, amount_cents, is_inclusive FROM reporting.order_adjustment"
        " WHERE order_id = 'order-3' AND amount_cents <> 0"
    ) == [("tax", "VAT", 190, True)]


def test_what_came_back_names_its_order_and_the_reason(sales: Warehouse) -> None:
    assert sales.row(
        "SELECT refund_id, order_id, business_date, location_name, reason, amount_cents, refunded_at_local"
        " FROM reporting.refund"
    ) == ("return-1-refund", "return-1", date(2026, 3, 3), "New York", "Cold", 1006, datetime(2026, 3, 2, 14))  # noqa: DTZ001
    assert sales.row(
        "SELECT source_order_id, item_name, quantity::integer, refund_cents, tax_cents, reason"
        " FROM reporting.refund_line"
    ) == ("order-1", "Margherita", 1, 950, 44, "Cold")


def test_a_customer_is_an_id_with_what_they_bought(warehouse: Warehouse) -> None:
    def customer(customer_id: str) -> bytes:
        return encode(
            {
                "id": customer_id,
                "version": 1,
                "created_at": "2026-01-01T00:00:00Z",
                "updated_at": "2026-01-01T00:00:00Z",
            }
        )

    load_customers(warehouse.connection, [customer("ana"), customer("ben")])
    warehouse.load(
        order("1", line(), customer_id="ana", at="2026-03-02T18:00:00Z"),
        order("2", line(price=500), customer_id="ana", at="2026-03-05T18:00:00Z"),
        order("3", line(price=300, currency="EUR"), customer_id="ana", currency="EUR", location_id="L-BER"),
        return_order("4", customer_id="ana", at="2026-03-06T18:00:00Z"),
        order("5", line(), customer_id="gone"),
        order("6", line()),
    )
    warehouse.take_over()
    assert warehouse.rows(
        "SELECT customer_id, currency, order_count, net_cents, first_business_date, last_business_date,"
        " created_at IS NULL FROM reporting.customer ORDER BY 1, 2"
    ) == [
        ("ana", "EUR", 1, 300, DAY, DAY, False),
        ("ana", "USD", 2, 500, DAY, date(2026, 3, 5), False),
        ("ben", None, 0, 0, None, None, False),
        ("gone", "USD", 1, 1000, DAY, DAY, True),
    ]


def test_a_location_says_up_to_when_its_sales_are_known(warehouse: Warehouse) -> None:
    warehouse.load(order("o", line()))
    warehouse.take_over()
    warehouse.connection.execute(
        "INSERT INTO bronze.watermark (source, scope, updated_at) VALUES ('orders', 'L-NY', '2026-03-02 19:00+00')"
    )
    assert warehouse.rows(
        "SELECT location_name, timezone, cutover_hour, synced_until_at IS NOT NULL FROM reporting.location ORDER BY 1"
    ) == [
        ("Berlin", "Europe/Berlin", 3, False),
        ("Los Angeles", "America/Los_Angeles", 3, False),
        ("New York", "America/New_York", 3, True),
    ]


def test_what_was_rung_up_without_being_in_the_catalog_is_a_product_too(sales: Warehouse) -> None:
    assert ("margherita-m", "variation", False) in sales.rows(
        "SELECT product_id, kind, is_in_catalog FROM reporting.product"
    )


def test_the_calendar_joins_with_business_days(sales: Warehouse) -> None:
    assert sales.row(
        "SELECT DISTINCT weekday_name, iso_week, week_start_date, is_weekend FROM reporting.daily_sales"
        " JOIN reporting.calendar ON calendar.date = daily_sales.business_date WHERE location_name = 'Berlin'"
    ) == ("Monday", 10, DAY, False)
