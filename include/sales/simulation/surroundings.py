"""What stands around simulated orders: their location, catalog and customers, as Square would answer them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from include.config import Category, Item, Location
from include.sales.simulation.years import Simulation

_GIVEN_NAMES = ("Ana", "Ben", "Chloe", "David", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jamal")
_FAMILY_NAMES = ("Alvarez", "Brooks", "Chen", "Diallo", "Evans", "Fischer", "Garcia", "Haddad", "Ito", "Jones")


def location_id(name: str) -> str:
    """The id of the simulated location of that name; the ids of all that belongs to it begin with it."""
    return f"SIM{sha256(name.encode()).hexdigest()[:8].upper()}"


def location_body(simulation: Simulation, name: str) -> bytes:
    location = simulation.location
    return _dump(
        {
            "id": simulation.location_id,
            "name": name,
            "timezone": location.timezone,
            "country": location.country,
            "currency": location.currency,
            "status": "ACTIVE",
        }
    )


def described(simulation: Simulation, name: str) -> Location:
    """What the chain's configuration would say of the simulated location."""
    own = {"name": name, "square_location_id": simulation.location_id, "recipients": ()}
    return simulation.location.model_copy(update=own | {"market": name, "parent_company": name})


def catalog_bodies(simulation: Simulation) -> Iterator[bytes]:
    """The chain's catalog again, under ids of the simulation's own."""
    products = simulation.products
    for category in products.categories:
        yield from _categories(simulation, category)
    for modifier_list in products.modifier_lists:
        modifiers = [
            _object(
                simulation,
                "MODIFIER",
                f"{modifier_list.name}/{modifier.name}",
                {"name": modifier.name, "price_money": _money(simulation, modifier.price_cents)},
            )
            for modifier in modifier_list.modifiers
        ]
        data = {"name": modifier_list.name, "modifiers": modifiers}
        yield _dump(_object(simulation, "MODIFIER_LIST", f"list/{modifier_list.name}", data))
    for item in products.items:
        yield _dump(_item(simulation, item))


def customer_bodies(simulation: Simulation) -> Iterator[bytes]:
    """All customers, known since the day before the first order."""
    known_since = datetime.combine(simulation.first_day, datetime.min.time(), UTC) - timedelta(days=1)
    created_at = known_since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for number in range(simulation.customers):
        given, family = _GIVEN_NAMES[number % 10], _FAMILY_NAMES[number // 10 % 10]
        yield _dump(
            {
                "id": f"{simulation.location_id}-{number}",
                "created_at": created_at,
                "updated_at": created_at,
                "given_name": given,
                "family_name": f"{family} {number}",
                "email_address": f"{given}.{family}.{number}@example.com".lower(),
                "version": 0,
            }
        )


def _categories(simulation: Simulation, category: Category) -> Iterator[bytes]:
    yield _dump(_object(simulation, "CATEGORY", f"category/{category.name}", {"name": category.name}))
    for child in category.categories:
        yield from _categories(simulation, child)


def _item(simulation: Simulation, item: Item) -> dict[str, Any]:
    category_id = f"{simulation.location_id}-category/{item.category}"
    variations = [
        _object(
            simulation,
            "ITEM_VARIATION",
            variation.sku,
            {"name": variation.name, "sku": variation.sku, "price_money": _money(simulation, variation.price_cents)},
        )
        for variation in item.variations
    ]
    data = {"name": item.name, "reporting_category": {"id": category_id}, "variations": variations}
    return _object(simulation, "ITEM", f"item/{item.name}", data)


def _object(simulation: Simulation, kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        "id": f"{simulation.location_id}-{name}",
        "version": 1,
        "updated_at": f"{simulation.first_day}T00:00:00.000Z",
        f"{kind.lower()}_data": data,
    }


def _money(simulation: Simulation, cents: int) -> dict[str, Any]:
    return {"amount": cents, "currency": simulation.location.currency}


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
