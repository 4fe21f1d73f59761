"""What somebody orders who wants to spend an amount."""

import json
import random
import sqlite3
from dataclasses import dataclass

from sandbox.square import catalog_store
from sandbox.square.call import Json
from sandbox.square.order_intake import price_at

KINDS = 4


@dataclass(frozen=True)
class Line:
    """`variation_id` is Square's, None for what is not in the catalog. `unit_cents` is without tax."""

    variation_id: str | None
    name: str
    quantity: int
    unit_cents: int

    @property
    def cents(self) -> int:
        return self.quantity * self.unit_cents


def fill(db: sqlite3.Connection, location: Json, cents: int) -> list[Line]:
    """Some items of the catalog at the location's prices, together at most `cents`."""
    rows = db.execute("SELECT body FROM square_catalog WHERE type = 'ITEM_VARIATION' AND NOT is_deleted").fetchall()
    known = [json.loads(row["body"]) for row in rows]
    on_the_menu = [one for one in known if one["item_variation_data"].get("sellable", True)]
    lines = []
    for variation in random.sample(on_the_menu, min(KINDS, len(on_the_menu))):
        data = variation["item_variation_data"]
        unit_cents = (price_at(data, location["id"]) or {}).get("amount", 0)
        quantity = cents // KINDS // unit_cents if unit_cents else 0
        if quantity:
            item = catalog_store.find(db, data["item_id"])["item_data"]["name"]
            lines.append(Line(variation["id"], f"{item}, {data['name']}", quantity, unit_cents))
    return lines


def rest(cents: int) -> Line:
    """What fills an order up to its amount."""
    return Line(None, "Catering service", 1, cents)
