"""Whatever comes in whatever order: what holds is what the newest delivery of each order tells."""

from datetime import date, timedelta
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.customers.deliveries import load
from include.customers.deliveries.postgres import PostgresEngine
from include.customers.intake import open_file
from tests.include.customers.deliveries.conftest import PARTNER, orders

FIRST = date(2026, 11, 1)
# Order, SKU, amount; in a file the last of an order and SKU counts.
LINES = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.integers(1, 9)), max_size=6)
DELIVERIES = st.lists(st.tuples(st.integers(0, 2), LINES), min_size=1, max_size=6)


def what_holds(delivered: dict[date, dict[tuple[str, str], int]]) -> set[tuple[date, str, str, int]]:
    newest = {order: day for day in sorted(delivered) for order, _ in delivered[day]}
    return {
        (day, order, sku, cents)
        for day, lines in delivered.items()
        for (order, sku), cents in lines.items()
        if newest[order] == day
    }


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DELIVERIES)
def test_what_holds_is_what_the_newest_delivery_of_each_order_tells(
    connection: psycopg.Connection, tmp_path: Path, deliveries: list[tuple[int, list[tuple[str, str, int]]]]
) -> None:
    delivered: dict[date, dict[tuple[str, str], int]] = {}
    for number, lines in deliveries:
        day = FIRST + timedelta(days=number)
        file = tmp_path / "orders.csv"
        file.write_text(orders(day, *(f"{order} {sku} {cents / 100:.2f}" for order, sku, cents in lines)))
        file_id = enter(connection, day)
        loaded = load(
            PostgresEngine(connection), open_file(file, "orders", PARTNER), "orders", delivery_date=day, file_id=file_id
        )
        delivered[day] = {(order, sku): cents for order, sku, cents in lines}
        assert loaded.taken_count == len(delivered[day])
        rows = connection.execute(
            "SELECT delivery_date, order_id, sku_id, total_amount_cents, is_current FROM silver.partner_orders"
        ).fetchall()
        assert {row[:4] for row in rows} == {
            (day, *key, cents) for day, lines in delivered.items() for key, cents in lines.items()
        }
        assert {row[:4] for row in rows if row[4]} == what_holds(delivered)
    connection.rollback()


def enter(connection: psycopg.Connection, day: date) -> int:
    [(file_id,)] = connection.execute(
        """
        INSERT INTO partner.file (kind, delivery_date, filename, sha256, byte_count, came_by, received_by, path)
        VALUES ('orders', %s, 'orders.csv', '', 0, 'folder', 'folder', '')
        RETURNING file_id
        """,
        [day],
    ).fetchall()
    return int(file_id)
