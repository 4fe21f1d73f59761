"""What each role may do: the loaders' role changes rows but makes no tables, readers see gold but no raw data."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.conftest import Database


@pytest.mark.parametrize(
    ("role", "query"),
    [
        ("storekeeper_app", "CREATE TABLE gold.mine ()"),
        ("storekeeper_app", "CREATE SCHEMA mine"),
        ("storekeeper_app", "CREATE TABLE public.mine ()"),
        ("storekeeper_app", "DROP TABLE gold.fact_sales"),
        ("storekeeper_app", "ALTER TABLE silver.orders ADD mine text"),
        ("storekeeper_app", "TRUNCATE bronze.square_orders"),
        ("storekeeper_reader", "SELECT FROM bronze.square_orders"),
        ("storekeeper_reader", "SELECT FROM silver.customers"),
        ("storekeeper_reader", "SELECT FROM outbox.message"),
        ("storekeeper_reader", "DELETE FROM gold.fact_sales"),
        ("storekeeper_reader", "SELECT gold.ensure_fact_sales_partition(2030)"),
        ("storekeeper_listener", "SELECT FROM gold.fact_sales"),
        ("storekeeper_report", "SELECT FROM gold.fact_sales"),
    ],
)
def test_a_role_may_not(database: Database, role: str, query: str) -> None:
    with database.connect(role) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(query.encode())


@pytest.mark.parametrize(
    ("role", "query"),
    [
        ("storekeeper_app", "REFRESH MATERIALIZED VIEW CONCURRENTLY gold.product_performance"),
        ("storekeeper_app", "ANALYZE gold.fact_sales"),
        ("storekeeper_app", "SELECT gold.ensure_fact_sales_partition(2030)"),
        ("storekeeper_reader", "SELECT FROM gold.fact_sales"),
        ("storekeeper_reader", "SELECT FROM gold.daily_sales_summary"),
        ("storekeeper_reader", "SELECT FROM silver.products"),
    ],
)
def test_a_role_may(database: Database, role: str, query: str) -> None:
    with database.connect(role) as connection:
        connection.execute(query.encode())


def test_a_partition_that_the_application_had_made_is_the_owners(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("SELECT gold.ensure_fact_sales_partition(2030)")
        owner = connection.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'fact_sales_2030'").fetchone()
        assert owner == ("storekeeper_owner",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE gold.fact_sales_2030")
