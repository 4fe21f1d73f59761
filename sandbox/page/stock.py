"""What the Square seller counts, as the page shows it: a row for each thing, a column for each location."""

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.online_orders import desk
from sandbox.square import catalog_store
from sandbox.state import State

UNITS = {
    "METRIC_MILLIGRAM": "mg",
    "METRIC_GRAM": "g",
    "METRIC_KILOGRAM": "kg",
    "IMPERIAL_WEIGHT_OUNCE": "oz",
    "IMPERIAL_POUND": "lb",
    "METRIC_MILLILITER": "ml",
    "METRIC_LITER": "l",
    "GENERIC_FLUID_OUNCE": "fl oz",
    "GENERIC_CUP": "cups",
    "GENERIC_PINT": "pints",
    "GENERIC_QUART": "quarts",
    "GENERIC_GALLON": "gal",
}


@dataclass(frozen=True)
class Row:
    """``quantities`` are in the order of the locations; None where nothing was ever counted."""

    name: str
    unit: str
    quantities: list[Decimal | None]


@dataclass(frozen=True)
class Table:
    locations: list[str]
    rows: list[Row]


def table(state: State) -> Table:
    """By name."""
    locations = desk.locations(state)
    counted: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for count in state.db.execute("SELECT * FROM square_stock WHERE state = 'IN_STOCK'"):
        counted[count["catalog_object_id"]][count["location_id"]] = Decimal(count["quantity_e5"]).scaleb(-5)
    rows = []
    for variation in catalog_store.find_all(state.db, counted):
        data = variation["item_variation_data"]
        quantities = counted[variation["id"]]
        rows.append(Row(_name(state, data), _unit(state, data), [quantities.get(one["id"]) for one in locations]))
    return Table([one["name"] for one in locations], sorted(rows, key=lambda row: row.name.casefold()))


def as_json(state: State) -> list[dict[str, Any]]:
    """One object for each thing, with its quantities as text by location."""
    shown = table(state)
    return [
        {
            "name": row.name,
            "unit": row.unit,
            "quantities": {
                location: f"{quantity.normalize():f}"
                for location, quantity in zip(shown.locations, row.quantities, strict=True)
                if quantity is not None
            },
        }
        for row in shown.rows
    ]


def last_change(state: State) -> str:
    """Differs after each change."""
    (text,) = state.db.execute("SELECT coalesce(max(position), 0) || '' FROM square_stock_change").fetchone()
    return str(text)


def _name(state: State, data: dict[str, Any]) -> str:
    row = state.db.execute("SELECT body FROM square_catalog WHERE id = ?", (data["item_id"],)).fetchone()
    item = str(json.loads(row["body"])["item_data"].get("name", ""))
    # What is counted in a unit and not for sale has one variation.
    return f"{item}, {data['name']}" if data.get("sellable", True) and data.get("name") else item


def _unit(state: State, data: dict[str, Any]) -> str:
    """Nothing for whole pieces."""
    for unit in catalog_store.find_all(state.db, [data.get("measurement_unit_id", "")]):
        for kind in unit["measurement_unit_data"]["measurement_unit"].values():
            return str(kind["abbreviation"]) if isinstance(kind, dict) else UNITS.get(kind, "")
    return ""
