"""The same KPIs over what Square sold."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from psycopg import Connection

from include.config import Chain, load_chain
from include.customers.kpis import (
    SquareWarehouse,
    current_day_orders,
    customers,
    data_quality,
    headlines,
    regional_revenue,
    top_customers,
    unmatched_orders,
)
from tests.include.customers.kpis.conftest import FRIDAY
from tests.include.customers.kpis.figures import figures
from tests.include.sales.report.shop import Shop, chain_of


class Till:
    """Sells at a location in the name of customers, as square_sync would leave it."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self.connection = connection
        self.shop = Shop(connection)
        self.keys = {}
        for location in chain.locations:
            self.keys[location.name] = self.shop.opens(location)
            connection.execute(
                "INSERT INTO silver.locations VALUES (%s, %s, %s, %s, %s, %s, %s, %s, true)",
                [
                    f"L-{location.name}", location.name, location.timezone, location.cutover_hour, location.currency,
                    location.country, location.market, location.parent_company,
                ],
            )  # fmt: skip

    def knows(self, customer_id: str, name: str, phone_number: str | None) -> None:
        self.connection.execute(
            """
            INSERT INTO silver.customers
                (customer_id, version, given_name, phone_number, created_at, valid_from_at)
            VALUES (%s, 1, %s, %s, '2026-11-01', '-infinity')
            """,
            [customer_id, name, phone_number],
        )

    def sells(
        self, location: str, day: date, *lines: dict[str, Any], to: str | None = None, currency: str = "USD"
    ) -> None:
        key = self.shop.sells(self.keys[location], day, *lines, tip=300)
        columns = self.connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'silver.orders'::regclass AND attname LIKE '%_cents'"
        )
        at = datetime.combine(day, datetime.min.time()).isoformat() + "+00:00"
        order = {name: 0 for (name,) in columns} | {
            "order_key": key, "order_id": f"O{key}", "version": 1, "location_id": f"L-{location}", "customer_id": to,
            "state": "COMPLETED", "source": "", "currency": currency, "business_date": day.isoformat(),
            "created_at": at, "updated_at": at,
        }  # fmt: skip
        self.connection.execute(
            "INSERT INTO silver.orders OVERRIDING SYSTEM VALUE "
            "SELECT * FROM jsonb_populate_record(NULL::silver.orders, %s)",
            [json.dumps(order)],
        )


@pytest.fixture
def chain() -> Chain:
    manhattan = load_chain().location("Manhattan")
    tokyo = manhattan.model_copy(
        update={"name": "Tokyo", "timezone": "Asia/Tokyo", "currency": "JPY", "market": "Kanto", "country": "JP"}
    )
    return chain_of(manhattan, load_chain().location("Chicago Loop"), tokyo)


@pytest.fixture
def till(connection: Connection, chain: Chain) -> Till:
    till = Till(connection, chain)
    till.knows("ADA", "Ada", "+12125550101")
    till.knows("BOB", "Bob", "555 0102")
    pizza, cheese = till.shop.offers("Pizza"), till.shop.offers_modifier("Cheese")
    connection.execute("UPDATE gold.dim_product SET sku = 'PZ' WHERE product_key = %s", [pizza])
    twice = {"product": pizza, "gross": 2000, "units": 2, "discount": 500, "tax": 133, "modifiers": [(cheese, 300)]}
    till.sells("Manhattan", FRIDAY, twice, {"product": pizza, "gross": 700}, to="ADA")
    till.sells("Chicago Loop", FRIDAY, {"product": pizza, "gross": 1000}, to="ADA")
    till.sells("Chicago Loop", FRIDAY, {"product": pizza, "gross": 900})
    till.sells("Tokyo", FRIDAY, {"product": pizza, "gross": 5000}, to="BOB", currency="JPY")
    # An order of its own at Square, of which nothing is sold.
    till.shop.gives_back(till.keys["Manhattan"], FRIDAY, {"product": pizza, "refund": 400})
    connection.commit()
    return till


@pytest.fixture
def source(till: Till, chain: Chain) -> SquareWarehouse:
    return SquareWarehouse(till.connection, chain)


def test_an_orders_products_are_its_skus_with_their_modifiers(source: SquareWarehouse) -> None:
    with source:
        rows = [(row[0], row[1], row[2], row[5], *row[8:]) for row in current_day_orders(source, FRIDAY)]
    assert rows == [
        ("O1", "PZ", "ADA", "Northeast", 3, 2500, False),
        ("O2", "PZ", "ADA", "Midwest", 1, 1000, False),
        ("O3", "PZ", None, "Midwest", 1, 900, False),
    ]


def test_a_region_is_the_market_that_sold_also_to_nobody_known(source: SquareWarehouse) -> None:
    with source:
        assert [row[:5] for row in regional_revenue(source, FRIDAY)] == [
            ("Northeast", 2500, 1, 1, 2500),
            ("Midwest", 1900, 2, 1, 950),
        ]
        assert [row[0] for row in unmatched_orders(source, FRIDAY)] == ["O3"]


def test_customers_are_squares(source: SquareWarehouse) -> None:
    with source:
        assert [row[:5] for row in customers(source, FRIDAY)] == [
            ("ADA", "Ada", "+12125550101", None, "Northeast"),
            ("BOB", "Bob", None, "555 0102", None),
        ]
        assert [row[:2] for row in top_customers(source, FRIDAY)] == [(1, "ADA")]


def test_amounts_of_two_currencies_are_not_added_up(till: Till, chain: Chain, source: SquareWarehouse) -> None:
    with source:
        assert source.currency == "USD"
        assert headlines(source, FRIDAY)[1].value == 4400
    with SquareWarehouse(till.connection, chain, currency="JPY") as yen:
        assert yen.zone.key == "Asia/Tokyo"
        assert headlines(yen, FRIDAY)[1].value == 5000


def test_the_quality_of_squares_data_is_how_far_it_is_synced(till: Till, chain: Chain, source: SquareWarehouse) -> None:
    chicago = chain.location("Chicago Loop")
    # The cut-over at the day's end, and a second before it.
    end_at = chicago.business_day(FRIDAY)[1]
    for synced_until_at, expected in [(end_at, True), (end_at - timedelta(seconds=1), False)]:
        till.shop.synced(chicago, synced_until_at)
        till.connection.commit()
        with source:
            found = [row for row in data_quality(source, FRIDAY) if "ynced" in str(row[0])]
        assert [(row[0], row[6]) for row in found] == [
            ("Synced from Square" if expected else "Not yet synced from Square", "Chicago Loop"),
            ("Synced from Square", "Manhattan"),
        ]


def test_an_order_that_gold_has_not_taken_over_leaves_its_day_open(
    till: Till, chain: Chain, source: SquareWarehouse
) -> None:
    till.shop.waits_for_gold(chain.location("Manhattan"), FRIDAY)
    till.connection.commit()
    with source:
        found = {row[6]: row[0] for row in data_quality(source, FRIDAY) if "ynced" in str(row[0])}
    assert found == {"Chicago Loop": "Synced from Square", "Manhattan": "Not yet synced from Square"}


def test_every_figure_can_be_asked_of_an_empty_warehouse(connection: Connection) -> None:
    connection.commit()
    with SquareWarehouse(connection, load_chain()) as source:
        assert figures(source, FRIDAY)["Current_Day_Orders"] == []
        assert source.newest_day is None


def test_reading_leaves_nothing_in_the_database(till: Till, source: SquareWarehouse) -> None:
    with source:
        pass
    left = till.connection.execute("SELECT to_regclass('sale'), to_regclass('placed_order')").fetchone()
    assert left == (None, None)
