"""A warehouse with recipes written straight into its tables, and the ledger as plain rows."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from include.inventory.ledger import Deducted, Entry, book, deduct
from include.inventory.ledger.entries import Kind
from include.warehouse import gold
from tests.conftest import Database
from tests.include.warehouse.conftest import LOCATIONS, Warehouse, location

RESTOCKING = ["Unopened"]
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)


class Store(Warehouse):
    """Ingredients, recipes, sales and entries by name, in one open transaction."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._numbers = count(1)

    def ingredient(self, name: str, unit: str = "g") -> int:
        known = self.rows("SELECT ingredient_key FROM inventory.ingredient WHERE name = %s", name)
        if known:
            return int(known[0])
        return int(
            self.row(
                "INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, is_active)"
                " VALUES (%s, %s, %s, false, true) RETURNING ingredient_key",
                name,
                unit,
                f"ingredient:{name}",
            )
        )

    def product(self, product_id: str, kind: str = "variation") -> int:
        return int(
            self.row(
                "INSERT INTO gold.dim_product (product_id, kind, item_name, variation_name, category, is_deleted)"
                " VALUES (%s, %s, %s, '', '', false)"
                " ON CONFLICT (product_id) DO UPDATE SET kind = excluded.kind RETURNING product_key",
                product_id,
                kind,
                product_id.title(),
            )
        )

    def recipe(
        self,
        product_id: str,
        uses: Mapping[str, str],
        *,
        modifier: str | None = None,
        start: date = date(2020, 1, 1),
        end: date = date.max,
    ) -> None:
        """:param uses: ingredient → quantity."""
        key = self.row(
            "INSERT INTO inventory.recipe (product_key, modifier_key, valid_from_date, valid_to_date)"
            " VALUES (%s, %s, %s, %s) RETURNING recipe_key",
            self.product(product_id),
            self.product(modifier, "modifier") if modifier else 0,
            start,
            end,
        )
        for name, quantity in uses.items():
            self.connection.execute(
                "INSERT INTO inventory.recipe_ingredient VALUES (%s, %s, %s)",
                [key, self.ingredient(name), Decimal(quantity)],
            )

    def take(self) -> Deducted:
        """Gold takes over, the ledger books."""
        gold.prepare(self.connection)
        gold.take_over(self.connection)
        return self.deduct()

    def deduct(self) -> Deducted:
        return deduct(self.connection, RESTOCKING)

    def requeue(self) -> None:
        self.connection.execute(
            "INSERT INTO inventory.pending_order SELECT order_key FROM silver.orders ON CONFLICT DO NOTHING"
        )

    def location_key(self, location_id: str) -> int:
        gold.prepare(self.connection)
        return int(self.row("SELECT location_key FROM gold.dim_location WHERE location_id = %s", location_id))

    def entry(
        self,
        kind: Kind,
        ingredient: str,
        quantity: str,
        at: datetime = NOON,
        *,
        location_id: str = "L-NY",
        to: str | None = None,
        key: str | None = None,
    ) -> Entry:
        return Entry(
            entry_key=key or f"entry {next(self._numbers)}",
            kind=kind,
            location_key=self.location_key(location_id),
            ingredient_key=self.ingredient(ingredient),
            quantity=Decimal(quantity),
            occurred_at=at,
            reason="",
            entered_by="Sam",
            to_location_key=self.location_key(to) if to else None,
        )

    def tell(self, kind: Kind, ingredient: str, quantity: str, at: datetime = NOON, **fields: Any) -> int:
        return book(self.connection, [self.entry(kind, ingredient, quantity, at, **fields)])

    def stock(self, location_id: str = "L-NY") -> dict[str, Decimal]:
        return dict(
            self.rows(
                "SELECT ingredient_name, on_hand FROM inventory.stock"
                " JOIN gold.dim_location USING (location_key) WHERE location_id = %s",
                location_id,
            )
        )

    def stock_at(self, at: datetime, location_id: str = "L-NY") -> dict[str, Decimal]:
        return dict(
            self.rows(
                "SELECT ingredient.name, on_hand FROM inventory.stock_at(%s)"
                " JOIN inventory.ingredient USING (ingredient_key)"
                " JOIN gold.dim_location USING (location_key) WHERE location_id = %s",
                at,
                location_id,
            )
        )

    def movements(self) -> list[tuple[str, str, Decimal, date]]:
        return self.rows(
            "SELECT kind, name, quantity, business_date FROM inventory.movement"
            " JOIN inventory.ingredient USING (ingredient_key) ORDER BY movement_id"
        )

    def assert_sums(self) -> None:
        """What is kept beside the ledger is what the ledger adds up to."""
        pairs = self.rows(
            "SELECT location_key, ingredient_key, sum(quantity) FROM inventory.movement GROUP BY 1, 2 ORDER BY 1, 2"
        )
        assert [pair for pair in pairs if pair[2]] == self.rows(
            "SELECT location_key, ingredient_key, quantity FROM inventory.stock_level WHERE quantity <> 0 ORDER BY 1, 2"
        )
        assert self.rows(
            "SELECT location_key, ingredient_key, business_date, kind, sum(quantity) FROM inventory.movement"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        ) == self.rows("SELECT * FROM inventory.daily_movement ORDER BY 1, 2, 3, 4")


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    with database.connect() as connection:
        store = Store(connection)
        for location_id, described in LOCATIONS.items():
            store.add_location(location_id, location(*described))
        yield store
