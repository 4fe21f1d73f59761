"""The command as a user gives it, on a real warehouse; in a process of its own once, which takes seconds to begin."""

import os
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from include.sales.simulate import main
from tests.conftest import Database

# Gives the command its options; what it says when it refuses, else nothing.
Simulate = Callable[..., str]

LAYERS = {
    "bronze": ("square_orders", "square_catalog", "square_customers", "square_locations", "rejected"),
    "silver": (
        "orders",
        "order_lines",
        "order_line_modifiers",
        "order_adjustments",
        "order_tenders",
        "order_return_lines",
        "refunds",
        "products",
        "customers",
        "locations",
    ),
    "gold": (
        "fact_sales",
        "pending_order",
        "dim_location",
        "dim_product",
        "dim_customer",
        "daily_sales_summary",
        "product_performance",
    ),
}


@pytest.fixture
def simulate(database: Database, monkeypatch: pytest.MonkeyPatch) -> Simulate:
    def call(*options: str) -> str:
        monkeypatch.setenv("STOREKEEPER_DB_URL", database.url())
        monkeypatch.setattr(sys, "argv", ["simulate", *options])
        try:
            main()
        except SystemExit as refusal:
            return str(refusal.code)
        return ""

    return call


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Rows per table, of those that have any."""
    found = {}
    for schema, tables in LAYERS.items():
        for table in tables:
            query = psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(schema, table))
            (count,) = connection.execute(query).fetchone() or (0,)
            if count:
                found[f"{schema}.{table}"] = count
    return found


def test_days_of_orders_reach_gold_and_can_be_deleted_again(database: Database, simulate: Simulate) -> None:
    assert simulate("--days", "5", "--orders", "80", "--until", "2026-11-20") == ""
    with database.connect() as connection:
        summary = connection.execute(
            """
            SELECT business_date::text, order_count, gross_cents - discount_cents - refund_cents = net_cents
            FROM gold.daily_sales_summary JOIN gold.dim_location USING (location_key)
            WHERE name = 'Simulation' ORDER BY business_date
            """
        ).fetchall()
        assert summary == [(f"2026-11-{day}", 80, True) for day in range(16, 21)]
        unlisted = connection.execute(
            "SELECT count(*) FROM gold.dim_product WHERE sku IS NULL AND kind = 'variation' AND item_name <> ''"
        ).fetchone()
        assert unlisted == (0,), "every product of the orders is in the simulated catalog"

    assert "--delete" in simulate("--days", "5", "--orders", "80", "--until", "2026-11-20")

    assert simulate("--days", "1", "--orders", "3", "--location", "Another") == ""
    assert simulate("--delete") == ""
    with database.connect() as connection:
        assert connection.execute("SELECT name FROM silver.locations").fetchall() == [("Another",)]
        assert connection.execute("SELECT sum(order_count) FROM gold.daily_sales_summary").fetchall() == [(3,)]
    assert simulate("--delete", "--location", "Another") == ""
    with database.connect() as connection:
        # The product of amounts without an item belongs to every location's returns.
        assert counts(connection) == {"gold.dim_product": 1}
        assert connection.execute("SELECT product_id FROM gold.dim_product").fetchall() == [("line::",)]


def test_without_gold_the_orders_wait(database: Database, simulate: Simulate) -> None:
    assert simulate("--days", "1", "--orders", "20", "--no-gold", "--like", "Denver Union Station") == ""
    with database.connect() as connection:
        found = counts(connection)
    assert found["gold.pending_order"] == found["silver.orders"] == found["bronze.square_orders"] >= 20
    assert "gold.fact_sales" not in found


def test_a_location_of_the_chain_is_not_simulated(database: Database) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "include.sales.simulate", "--location", "Manhattan"],
        env=os.environ | {"STOREKEEPER_DB_URL": database.url()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "a location of their own" in done.stderr
