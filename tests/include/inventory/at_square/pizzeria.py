"""Two locations at Square's stand-in that sell a pizza and water, and the warehouse that keeps their stock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg
from square import Square

from include.config import Chain, Ingredient, Inventory, Products, load_chain
from include.inventory.at_square import Pushed, sync_stock
from include.inventory.ledger import Entry, book, deduct_all
from include.inventory.ledger.entries import Kind
from include.square.catalog import read_catalog
from include.square.checkout import NOW_HEADER
from include.square.setup import set_up
from include.square.stock import adjustment, change_stock, read_counts
from include.warehouse.sync import sync_dimensions, sync_gold, sync_orders
from include.warehouse.window import Incremental
from tests.include.warehouse.square_json import Json, encode
from tests.sandbox_process import Sandbox

RESTOCKING = ["Unopened"]
LOCATIONS = ("Manhattan", "Chicago Loop")
PRODUCTS = Products.model_validate(
    {
        "currency": "USD",
        "categories": [{"name": "Food"}],
        "modifier_lists": [{"name": "Extras", "modifiers": [{"name": "Cheese"}]}],
        "items": [
            {
                "name": "Pizza",
                "category": "Food",
                "modifier_lists": ["Extras"],
                "variations": [{"name": "Large", "sku": "pizza", "price": "12.00"}],
            },
            {"name": "Menu", "category": "Food", "variations": [{"name": "One", "sku": "menu", "price": "14.00"}]},
            {"name": "Water", "category": "Food", "variations": [{"name": "500 ml", "sku": "water", "price": "2.00"}]},
        ],
    }
)
OPENING = {"flour": Decimal("20"), "cheese": Decimal("5000.5"), "water": Decimal(100)}
STOCK = Inventory(
    ingredients=tuple(
        Ingredient.model_validate(fields)
        for fields in (
            {"name": "flour", "unit": "kg", "opening": "20 kg"},
            {"name": "cheese", "unit": "g", "opening": "5000.5 g"},
            {"name": "water", "unit": "each", "sold_as": "water", "opening": "100 each"},
        )
    )
)
# What one of each takes: a menu is a pizza and a bottle of water.
RECIPES: Mapping[tuple[str, str], Mapping[str, Decimal]] = {
    ("pizza", ""): {"flour": Decimal("0.21234"), "cheese": Decimal("100.12345")},
    ("pizza", "Cheese"): {"cheese": Decimal("50.00001")},
    ("menu", ""): {"flour": Decimal("0.21234"), "cheese": Decimal("100.12345"), "water": Decimal(1)},
    ("water", ""): {"water": Decimal(1)},
}


def chain() -> Chain:
    demo = load_chain()
    locations = tuple(demo.location(name) for name in LOCATIONS)
    return demo.model_copy(update={"locations": locations, "products": PRODUCTS})


class Pizzeria:
    """:param client: makes the calls that a test does not make itself."""

    def __init__(self, connection: psycopg.Connection, client: Square, sandbox: Sandbox) -> None:
        self.connection = connection
        self.client = client
        self.sandbox = sandbox
        self._numbers = count(1)
        self.chain = chain()
        connection.autocommit = True
        set_up(client, self.chain, STOCK)
        self.catalog = read_catalog(client)
        (self.batch,) = sync_dimensions(connection, client, self.chain)
        self.bring_into_gold()
        self._load_recipes()
        self.location_keys = dict(self.rows("SELECT name, location_key FROM gold.dim_location"))
        self.location_ids = dict(self.rows("SELECT name, location_id FROM gold.dim_location"))
        self.ingredient_keys = dict(self.rows("SELECT name, ingredient_key FROM inventory.ingredient"))

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        return self.connection.execute(query.encode(), parameters).fetchall()

    def value(self, query: str, *parameters: Any) -> Any:
        ((value,),) = self.rows(query, *parameters)
        return value

    def _load_recipes(self) -> None:
        for ingredient in STOCK.ingredients:
            self.rows(
                "INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, is_active)"
                " VALUES (%s, %s, %s, %s, true) RETURNING ingredient_key",
                ingredient.name, ingredient.unit, ingredient.sku, ingredient.is_sold_by_square,
            )  # fmt: skip
        for (sku, modifier), uses in RECIPES.items():
            recipe_key = self.value(
                """
                INSERT INTO inventory.recipe (product_key, modifier_key, valid_from_date)
                SELECT variation.product_key, coalesce(modifier.product_key, 0), '2020-01-01'
                FROM gold.dim_product AS variation
                LEFT JOIN gold.dim_product AS modifier ON modifier.kind = 'modifier' AND modifier.item_name = %s
                WHERE variation.sku = %s
                RETURNING recipe_key
                """,
                modifier, sku,
            )  # fmt: skip
            for name, quantity in uses.items():
                self.rows(
                    "INSERT INTO inventory.recipe_ingredient SELECT %s, ingredient_key, %s FROM inventory.ingredient"
                    " WHERE name = %s RETURNING recipe_key",
                    recipe_key, quantity, name,
                )  # fmt: skip

    def line(self, sku: str, quantity: int = 1, *, extra_cheese: bool = False) -> Json:
        line: Json = {"catalog_object_id": self.catalog.id_of("ITEM_VARIATION", sku), "quantity": str(quantity)}
        if extra_cheese:
            line["modifiers"] = [{"catalog_object_id": self.catalog.id_of("MODIFIER", "Extras/Cheese")}]
        return line

    def sell(self, *lines: Json, location: str = "Manhattan", ago: timedelta = timedelta(0)) -> Json:
        """An order that is paid at once. Answers Square's order."""
        at = {NOW_HEADER: (datetime.now(UTC) - ago).isoformat()}
        order = {"location_id": self.location_ids[location], "line_items": list(lines)}
        placed = self.post("/square/v2/orders", {"order": order}, at)["order"]
        paid = {"order_id": placed["id"], "source_id": "cnon:card-nonce-ok", "amount_money": placed["total_money"]}
        self.post("/square/v2/payments", {"idempotency_key": str(uuid4())[:40], **paid}, at)
        return self.order(placed["id"])

    def order(self, order_id: str) -> Json:
        found: Json = self.sandbox.request("GET", f"/square/v2/orders/{order_id}").json()["order"]
        return found

    def refund(self, order: Json, reason: str) -> Json:
        """All of it. Answers Square's refund."""
        (tender,) = self.order(order["id"])["tenders"]
        wish = {"payment_id": tender["payment_id"], "amount_money": tender["amount_money"], "reason": reason}
        refund: Json = self.post("/square/v2/refunds", {"idempotency_key": str(uuid4())[:40], **wish})["refund"]
        return refund

    def put_back(self, sku: str, quantity: int, location: str) -> None:
        """As a till does, past the ledger."""
        place = (self.catalog.id_of("ITEM_VARIATION", sku), self.location_ids[location])
        back = adjustment(place, "UNLINKED_RETURN", "IN_STOCK", Decimal(quantity), datetime.now(UTC))
        change_stock(self.client, str(uuid4()), [back])

    def change(self, order: Json, **fields: Any) -> Json:
        """Puts the order there as if the till had changed it."""
        known = self.order(order["id"])
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        changed = known | {"version": known["version"] + 1, "updated_at": now} | fields
        self.sandbox.request("POST", "/sandbox/square/orders", content=encode(changed))
        return changed

    def tell(
        self,
        kind: Kind,
        ingredient: str,
        quantity: Decimal | str,
        *,
        location: str = "Manhattan",
        to: str | None = None,
        ago: timedelta = timedelta(0),
    ) -> datetime:
        """Books an entry; answers when it occurred."""
        occurred_at = datetime.now(UTC) - ago
        entry = Entry(
            entry_key=f"entry {next(self._numbers)}",
            kind=kind,
            location_key=self.location_keys[location],
            ingredient_key=self.ingredient_keys[ingredient],
            quantity=Decimal(quantity),
            occurred_at=occurred_at,
            reason="",
            entered_by="Sam",
            to_location_key=self.location_keys[to] if to else None,
        )
        with self.connection.transaction():
            book(self.connection, [entry])
        return occurred_at

    def deduct(self) -> None:
        """Square's orders into gold, and off the ledger's shelves."""
        self.bring_into_gold()
        deduct_all(self.connection, RESTOCKING)

    def bring_into_gold(self) -> None:
        sync_orders(self.connection, self.client, self.batch, Incremental(datetime.now(UTC)))
        sync_gold([self.connection])

    def push(self) -> Pushed:
        return sync_stock(self.connection, self.client)

    def run(self) -> Pushed:
        self.deduct()
        return self.push()

    def at_square(self, location: str = "Manhattan") -> dict[str, Decimal]:
        """What Square counts there, by ingredient."""
        variation_ids = {self.catalog.id_of("ITEM_VARIATION", each.sku): each.name for each in STOCK.ingredients}
        counts = read_counts(self.client, list(variation_ids), [self.location_ids[location]])
        return {variation_ids[variation_id]: count.quantity for (variation_id, _), count in counts.items()}

    def in_ledger(self, location: str = "Manhattan") -> dict[str, Decimal]:
        return dict(
            self.rows(
                "SELECT name, sum(quantity) FROM inventory.movement JOIN inventory.ingredient USING (ingredient_key)"
                " WHERE location_key = %s GROUP BY name",
                self.location_keys[location],
            )
        )

    def changes_at_square(self, sku: str, location: str = "Manhattan") -> list[tuple[str, str]]:
        """Type (of an adjustment: the states) and quantity of each change since the first count, the oldest first."""
        wish = {
            "catalog_object_ids": [self.catalog.id_of("ITEM_VARIATION", sku)],
            "location_ids": [self.location_ids[location]],
        }
        changes = self.post("/square/v2/inventory/changes/batch-retrieve", wish)["changes"]
        return [
            ("count", change["physical_count"]["quantity"])
            if change["type"] == "PHYSICAL_COUNT"
            else (
                f"{change['adjustment']['from_state']} to {change['adjustment']['to_state']}",
                change["adjustment"]["quantity"],
            )
            for change in changes[1:]
        ]

    def post(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Any:
        token = {"Authorization": f"Bearer {self.sandbox.token}"}
        answer = self.sandbox.client.post(self.sandbox.url + path, json=body, headers=token | dict(headers or {}))
        return answer.raise_for_status().json()
