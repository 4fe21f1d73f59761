"""A warehouse with three locations, and its tables as plain rows."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from include.config import Location
from include.warehouse import gold
from include.warehouse.dimensions import load_locations
from include.warehouse.orders import Loaded, load_orders
from include.warehouse.tie_out import tie_out
from tests.conftest import Database
from tests.include.warehouse.square_json import Json, encode

LOCATIONS = {
    "L-NY": ("New York", "America/New_York", "USD"),
    "L-LA": ("Los Angeles", "America/Los_Angeles", "USD"),
    "L-BER": ("Berlin", "Europe/Berlin", "EUR"),
}


def location(name: str, timezone: str, currency: str, cutover_hour: int = 3) -> Location:
    return Location.model_validate(
        {
            "name": name,
            "timezone": timezone,
            "cutover_hour": cutover_hour,
            "opening_hours": {},
            "market": "Test",
            "country": "US",
            "parent_company": "Test Ltd",
            "currency": currency,
        }
    )


class Warehouse:
    """The warehouse as the loaders see it, in one open transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def add_location(self, location_id: str, described: Location) -> None:
        body = encode({"id": location_id, "name": described.name, "currency": described.currency})
        load_locations(self.connection, [body], lambda _id, _name: described)

    def load(self, *orders: Json | bytes) -> Loaded:
        return load_orders(self.connection, [each if isinstance(each, bytes) else encode(each) for each in orders])

    def take_over(self) -> gold.Taken:
        gold.prepare(self.connection)
        taken = gold.take_over(self.connection)
        for view in gold.VIEWS:
            self.connection.execute(f"REFRESH MATERIALIZED VIEW {view}".encode())
        if taken.dates:
            tie_out(self.connection, min(taken.dates), max(taken.dates))
        return taken

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        """Rows of one column as plain values, of several as tuples."""
        rows = self.connection.execute(query.encode(), parameters).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def row(self, query: str, *parameters: Any) -> Any:
        (row,) = self.rows(query, *parameters)
        return row

    def dump(self) -> dict[str, list[Any]]:
        """Every table of orders, by what Square calls the things: without our own keys and load times."""
        children = {
            table: self.rows(
                f"SELECT to_jsonb(child) - 'order_key' || jsonb_build_object('order_id', order_id) "  # noqa: S608
                f"FROM silver.{table} AS child JOIN silver.orders USING (order_key) ORDER BY 1"
            )
            for table in (
                "order_lines",
                "order_line_modifiers",
                "order_adjustments",
                "order_tenders",
                "order_return_lines",
                "refunds",
            )
        }
        return children | {
            "bronze": self.rows("SELECT to_jsonb(o) - 'loaded_at' FROM bronze.square_orders AS o ORDER BY 1"),
            "rejected": self.rows(
                "SELECT object_id, version, reason, body FROM bronze.rejected ORDER BY object_id, version"
            ),
            "orders": self.rows("SELECT to_jsonb(o) - 'order_key' FROM silver.orders AS o ORDER BY 1"),
            "facts": self.rows(
                """
                SELECT to_jsonb(fact) - '{order_key,location_key,product_key,line_product_key}'::text[]
                       || jsonb_build_object('order_id', order_id, 'product', product_id)
                FROM gold.fact_sales AS fact
                JOIN silver.orders USING (order_key)
                LEFT JOIN gold.dim_product USING (product_key)
                ORDER BY 1
                """
            ),
        }


@pytest.fixture
def warehouse(database: Database) -> Iterator[Warehouse]:
    with database.connect() as connection:
        warehouse = Warehouse(connection)
        for location_id, described in LOCATIONS.items():
            warehouse.add_location(location_id, location(*described))
        yield warehouse
