"""square_sync as a whole DAG, against the stand-in over HTTP."""

from datetime import UTC, datetime
from typing import Any

import pytest
from airflow.models.dagrun import DagRun

from include.config import load_chain
from include.square.client import square_client
from include.square.raw import closing
from include.square.setup import set_up
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.warehouse.square_json import Json, encode, line, order
from tests.sandbox_process import Sandbox


class Seller:
    """The demo chain at the stand-in, with orders put there as if they had been sold."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        with closing(square_client()) as client:
            set_up(client, load_chain())
        found = sandbox.request("GET", "/square/v2/locations").json()["locations"]
        self.location_ids = {location["name"]: location["id"] for location in found}

    def sell(self, *orders: Json) -> None:
        body = b"\n".join(map(encode, orders))
        self.sandbox.request("POST", "/sandbox/square/orders", content=body)

    def order(self, order_id: str, location: str = "Manhattan", **fields: Any) -> Json:
        return order(
            order_id, line(modifiers={"olives": 150}, tax=92), location_id=self.location_ids[location], **fields
        )


@pytest.fixture
def seller(airflow: Airflow, sandbox: Sandbox) -> Seller:
    assert airflow, "its connections lead to the stand-in"
    return Seller(sandbox)


def rows(database: Database, query: str) -> list[Any]:
    with database.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def succeeded(run: DagRun) -> bool:
    return bool(run.state == "success")


def test_sales_come_from_square_into_gold(airflow: Airflow, seller: Seller, database: Database) -> None:
    seller.sell(seller.order("a", tip=100), seller.order("b", "Chicago Loop"), seller.order("c", state="CANCELED"))
    assert succeeded(airflow.run("square_sync"))
    assert rows(
        database,
        """
        SELECT name, order_count, total_cents
        FROM gold.daily_sales_summary JOIN gold.dim_location USING (location_key) ORDER BY name
        """,
    ) == [("Chicago Loop", 1, 1242), ("Manhattan", 1, 1342)]
    products = rows(database, "SELECT count(*) FROM gold.dim_product WHERE kind = 'variation' AND category <> ''")
    assert products[0][0] > 90

    before = rows(database, "SELECT * FROM silver.orders ORDER BY order_key")
    assert succeeded(airflow.run("square_sync"))
    assert rows(database, "SELECT * FROM silver.orders ORDER BY order_key") == before


def test_days_are_fetched_again_on_demand_by_their_closing(
    airflow: Airflow, seller: Seller, database: Database
) -> None:
    seller.sell(
        seller.order("inside", closed_at="2026-03-03T07:59:00Z"),
        seller.order("outside", closed_at="2026-03-04T18:00:00Z"),
    )
    assert succeeded(airflow.run("square_sync", start="2026-03-02", end="2026-03-02"))
    assert rows(database, "SELECT order_id FROM silver.orders") == [("inside",)]
    assert rows(database, "SELECT * FROM bronze.watermark WHERE source = 'orders'") == []


def test_the_watermark_says_how_far_the_run_has_read(airflow: Airflow, seller: Seller, database: Database) -> None:
    seller.sell(seller.order("a"))
    run_at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert succeeded(airflow.run("square_sync", logical_date=run_at))
    marks = rows(database, "SELECT scope, updated_at <= now() FROM bronze.watermark WHERE source = 'orders'")
    assert sorted(marks) == sorted((location_id, True) for location_id in seller.location_ids.values())


def test_the_watermark_stays_when_the_fetch_fails(
    airflow: Airflow, seller: Seller, database: Database, sandbox: Sandbox
) -> None:
    seller.sell(seller.order("a"))
    sandbox.set_fault(path="/square/v2/orders/search", status=401)
    assert not succeeded(airflow.run("square_sync"))
    assert rows(database, "SELECT * FROM bronze.watermark WHERE source = 'orders'") == []


def test_what_square_sends_malformed_is_told_and_the_rest_loads(
    airflow: Airflow, seller: Seller, database: Database
) -> None:
    bad = seller.order("bad")
    bad["total_money"]["amount"] += 1
    seller.sell(seller.order("good"), bad)
    for _ in range(2):
        assert succeeded(airflow.run("square_sync"))
    assert rows(database, "SELECT order_id FROM silver.orders") == [("good",)]
    assert rows(database, "SELECT recipients, subject FROM outbox.message") == [
        (["operations@example.com"], "1 of Square's objects could not be loaded")
    ]


def test_a_location_that_is_not_described_is_told_once(
    airflow: Airflow, seller: Seller, database: Database, sandbox: Sandbox
) -> None:
    made = sandbox.request("POST", "/square/v2/locations", json={"location": {"name": "Pop-up"}}).json()["location"]
    seller.location_ids["Pop-up"] = made["id"]
    seller.sell(seller.order("there", "Pop-up"), seller.order("here"))
    for _ in range(2):
        assert succeeded(airflow.run("square_sync"))
    assert rows(database, "SELECT order_id FROM silver.orders") == [("here",)]
    assert rows(database, "SELECT order_id FROM bronze.square_orders ORDER BY 1") == [("here",), ("there",)]
    assert rows(database, "SELECT subject FROM outbox.message") == [
        ("Square's location Pop-up is not in locations.yaml",)
    ]


def test_a_difference_fails_the_run(airflow: Airflow, seller: Seller, database: Database) -> None:
    seller.sell(seller.order("a"))
    assert succeeded(airflow.run("square_sync"))
    with database.connect("storekeeper_owner") as connection:
        connection.execute("UPDATE silver.orders SET tip_cents = tip_cents + 1, total_cents = total_cents + 1")
        connection.execute("INSERT INTO gold.touched_date SELECT DISTINCT business_date FROM silver.orders")
    assert not succeeded(airflow.run("square_sync"))
    assert not succeeded(airflow.run("square_sync"))
