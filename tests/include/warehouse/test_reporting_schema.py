"""The schema reporting: what it says of itself, and who may read what."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from include.warehouse.reporting_schema import read_functions, read_schema
from tests.conftest import Database

VIEWS = (
    "calendar", "call", "call_alert", "call_feed_gap", "customer", "daily_product_sales", "daily_sales", "hourly_sales",
    "ingredient_sales", "ingredient_use", "location", "mail", "online_order", "online_order_alert", "online_order_item",
    "order_adjustment", "order_line", "order_line_modifier", "orders", "payment", "product", "product_sales",
    "purchase_order_line", "recipe_cost", "refund", "refund_line", "report_run", "shortage", "square_difference",
    "stock", "stock_movement", "unfinished_order", "unmapped_product",
)  # fmt: skip


def test_these_are_all_the_views(connection: psycopg.Connection) -> None:
    assert tuple(view.name for view in read_schema(connection)) == VIEWS


def test_every_view_column_and_function_says_what_it_is(connection: psycopg.Connection) -> None:
    views = read_schema(connection)
    silent = [f"{view.name}.{column.name}" for view in views for column in view.columns if not column.comment]
    silent += [view.name for view in views if not view.comment]
    silent += [function.name for function in read_functions(connection) if not function.comment]
    assert silent == []


def test_amounts_say_their_unit_and_their_currency(connection: psycopg.Connection) -> None:
    for view in read_schema(connection):
        columns = {column.name: column.comment for column in view.columns}
        amounts = [name for name in columns if name.endswith("_cents")]
        assert all("cents" in columns[name] for name in amounts), view.name
        assert not amounts or "currency" in columns, view.name


def test_the_listing_says_of_what_type_a_column_is(connection: psycopg.Connection) -> None:
    (daily_sales,) = (view for view in read_schema(connection) if view.name == "daily_sales")
    assert {column.name: column.type for column in daily_sales.columns}.items() >= {
        ("business_date", "date"), ("location_name", "text"), ("net_cents", "bigint"),
    }  # fmt: skip
    assert daily_sales.comment.startswith("Sales by day")


def test_the_listing_knows_the_functions(connection: psycopg.Connection) -> None:
    (period_start,) = read_functions(connection)
    assert (period_start.name, period_start.arguments, period_start.result) == (
        "period_start", "grain text, day date", "date",
    )  # fmt: skip


@pytest.mark.parametrize("role", ["storekeeper_report", "storekeeper_reader", "storekeeper_app"])
def test_who_reads_reports_sees_every_view_and_the_listing(database: Database, role: str) -> None:
    with database.connect(role) as connection:
        for view in read_schema(connection):
            connection.execute(f"SELECT * FROM reporting.{view.name}".encode())  # noqa: S608
        connection.execute("SELECT reporting.period_start('month', current_date)")


def test_the_report_role_may_select_nothing_else(database: Database) -> None:
    """Every table, view and sequence of every other schema; what Postgres tells everybody of itself apart."""
    with database.connect("storekeeper_report") as connection:
        open_to_it = connection.execute(
            """
            SELECT relation.oid::regclass::text
            FROM pg_class AS relation
            JOIN pg_namespace AS namespace ON namespace.oid = relation.relnamespace
            WHERE namespace.nspname NOT IN ('reporting', 'pg_catalog', 'information_schema', 'pg_toast')
                AND relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                AND (
                    CASE WHEN relation.relkind = 'S'
                        THEN has_sequence_privilege(relation.oid, 'SELECT, USAGE, UPDATE')
                        ELSE has_table_privilege(
                            relation.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN'
                        ) OR has_any_column_privilege(relation.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
                    END
                )
            """
        ).fetchall()
        writable = connection.execute(
            """
            SELECT relname
            FROM pg_class
            WHERE relnamespace = 'reporting'::regnamespace
                AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
            """
        ).fetchall()
        assert (open_to_it, writable) == ([], [])
        for table in ("gold.fact_sales", "silver.orders", "inventory.movement", "reports.report", "outbox.message"):
            with pytest.raises(InsufficientPrivilege), connection.transaction():
                connection.execute(f"SELECT FROM {table}".encode())
