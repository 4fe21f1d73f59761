"""A chain of two locations that has sold for four weeks, and what restock makes of its shelves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from include.config import Chain, load_chain
from include.config.ingredients import Ingredient
from include.config.inventory import Inventory
from include.config.suppliers import Restock, Supplier
from include.inventory.ledger import Entry, book
from include.inventory.ledger.telling import Telling
from include.inventory.restock.looking import Run, look
from include.inventory.restock.ordering import Answer, settle
from include.inventory.restock.orders import PurchaseOrder
from include.inventory.restock.receiving import Received, receive
from include.warehouse import gold
from tests.conftest import Database
from tests.include.warehouse.conftest import Warehouse

NEW_YORK = ZoneInfo("America/New_York")
# A Monday morning; suppliers take orders until 14:00, and bring them the day after.
NOW = datetime(2026, 11, 23, 9, tzinfo=NEW_YORK)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BASE_URL = "http://airflow.test:8080"
RECEIPT = {
    "purchase_order": None,
    "unlisted": "came as ordered",
    "lines": None,
    "remainder": "stays on order",
    "location": None,
    "delivery_note": None,
    "time": None,
}


@dataclass(frozen=True)
class Mail:
    recipients: list[str]
    subject: str
    text: str
    html: str


class Shop:
    """Everything is ordered by the kilogram from Roma Foods, in bags of 5 kg, unless it is said otherwise."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.chain: Chain = load_chain()
        self.suppliers: dict[str, Supplier] = {}
        self.ingredients: dict[str, Ingredient] = {}
        self.restock = Restock()
        self.runs = count(1)
        self.orders = count(1)
        warehouse = Warehouse(connection)
        for name in ("Manhattan", "Chicago Loop"):
            warehouse.add_location(f"L-{name}", self.chain.location(name))
        gold.prepare(connection)
        self.location_keys: dict[str, int] = dict(
            connection.execute("SELECT name, location_key FROM gold.dim_location").fetchall(),
        )
        self.supplier("Roma Foods")

    @property
    def inventory(self) -> Inventory:
        return Inventory(
            ingredients=tuple(self.ingredients.values()),
            suppliers=tuple(self.suppliers.values()),
            restock=self.restock,
        )

    def supplier(self, name: str, **fields: Any) -> None:
        address = f"orders@{name.split()[0].lower()}.example.com"
        self.suppliers[name] = Supplier.model_validate(
            {"name": name, "recipients": [address], "lead_time_days": 1, "cutoff": "14:00"} | fields
        )
        self.connection.execute("INSERT INTO inventory.supplier (name, is_active) VALUES (%s, true)", [name])

    def ingredient(self, name: str, **fields: Any) -> None:
        described = {"name": name, "unit": "kg", "supplier": "Roma Foods", "pack": "5 kg", "pack_name": "5 kg bag"}
        ingredient = Ingredient.model_validate(described | {"price": "20.00"} | fields)
        self.ingredients[name] = ingredient
        self.connection.execute(
            "INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, pack_quantity, is_active)"
            " VALUES (%s, %s, %s, false, %s, true)",
            [name, ingredient.unit, ingredient.sku, ingredient.pack_quantity],
        )

    def ingredient_key(self, name: str) -> int:
        row = self.connection.execute("SELECT ingredient_key FROM inventory.ingredient WHERE name = %s", [name])
        return int(row.fetchall()[0][0])

    def use(self, name: str, quantity: str, *days_ago: int, location: str = "Manhattan") -> None:
        """Sells so much of it on each of these days."""
        self.connection.execute(
            "INSERT INTO inventory.movement (kind, location_key, ingredient_key, quantity, business_date, occurred_at,"
            " order_key, line_number, modifier_number)"
            " SELECT 'sale', %s, %s, %s, %s::date - days_ago, %s::timestamptz - days_ago * interval '1 day', %s, 1,"
            " days_ago FROM unnest(%s::smallint[]) AS days_ago",
            [
                self.location_keys[location],
                self.ingredient_key(name),
                -Decimal(quantity),
                NOW.date(),
                NOW,
                next(self.orders),
                list(days_ago),
            ],
        )

    def stock(self, name: str, on_hand: str, *, use: str | None = "10", location: str = "Manhattan") -> None:
        """There is so much of it, and so much of it was sold on each day of the last four weeks."""
        if name not in self.ingredients:
            self.ingredient(name)
        if use:
            self.use(name, use, *range(1, 29), location=location)
        self.count(name, on_hand, location=location)

    def count(self, name: str, on_hand: str, *, at: datetime = NOW - HOUR, location: str = "Manhattan") -> None:
        entry = Entry(
            f"count:{next(self.orders)}",
            "count",
            self.location_keys[location],
            self.ingredient_key(name),
            Decimal(on_hand),
            at,
            "",
            "Sam",
        )
        book(self.connection, [entry])

    def product(self, name: str, *uses: str, modifier: str | None = None) -> None:
        key = self._product(name, "variation")
        modifier_key = self._product(modifier, "modifier") if modifier else 0
        [(recipe_key,)] = self.connection.execute(
            "INSERT INTO inventory.recipe (product_key, modifier_key, valid_from_date) VALUES (%s, %s, '2020-01-01')"
            " RETURNING recipe_key",
            [key, modifier_key],
        ).fetchall()
        for each in uses:
            self.connection.execute(
                "INSERT INTO inventory.recipe_ingredient VALUES (%s, %s, 0.1)", [recipe_key, self.ingredient_key(each)]
            )

    def _product(self, name: str, kind: str) -> int:
        [(key,)] = self.connection.execute(
            "INSERT INTO gold.dim_product (product_id, kind, item_name, variation_name, category, is_deleted)"
            " VALUES (%s, %s, %s, '', '', false) ON CONFLICT (product_id) DO UPDATE SET kind = excluded.kind"
            " RETURNING product_key",
            [name, kind, name],
        ).fetchall()
        return int(key)

    def look(self, at: datetime = NOW, run_id: str | None = None) -> list[PurchaseOrder]:
        run = Run(run_id or f"asset_triggered__{next(self.runs)}+00:00", at, BASE_URL)
        return look(self.connection, self.chain, self.inventory, run)

    def answer(
        self,
        order: PurchaseOrder,
        packs: dict[str, Any] | None = None,
        *,
        approve: bool = True,
        by: str | None = "Ada",
        at: datetime = NOW + HOUR,
    ) -> str:
        answer = Answer(approve, by, at, packs or {})
        return settle(self.connection, self.chain, self.inventory, order.number, answer)

    def receive(self, number: str | None = None, *, key: str | None = None, **fields: Any) -> Received:
        telling = Telling(key or f"inventory_receipt:run {next(self.runs)}", NOW + DAY, "Sam")
        return receive(self.connection, RECEIPT | {"purchase_order": number} | fields, telling)

    def state(self, order: PurchaseOrder) -> str:
        return str(self.row("SELECT state FROM inventory.purchase_order WHERE number = %s", order.number))

    def on_hand(self, name: str) -> Decimal:
        return Decimal(self.row("SELECT on_hand FROM inventory.stock WHERE ingredient_name = %s", name))

    def on_order(self, name: str) -> Decimal:
        return Decimal(
            self.row(
                "SELECT coalesce(sum(quantity), 0) FROM inventory.on_order WHERE ingredient_key = %s",
                self.ingredient_key(name),
            )
        )

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        rows = self.connection.execute(query.encode(), parameters).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def row(self, query: str, *parameters: Any) -> Any:
        (row,) = self.rows(query, *parameters)
        return row

    def new_mails(self) -> list[Mail]:
        """Those that were written since it was last asked."""
        rows = self.connection.execute(
            "DELETE FROM outbox.message RETURNING recipients, subject, text_body, html_body, created_at, dedupe_key"
        ).fetchall()
        return [Mail(*row[:4]) for row in sorted(rows, key=lambda row: row[5])]


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    with database.connect() as connection:
        yield Shop(connection)
