"""Suppliers, ingredients, costs and recipes, from the configuration into the database."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import psycopg

from include.config.inventory import Inventory
from include.inventory.recipes.explosion import explode
from include.warehouse.copying import copy_rows
from include.warehouse.statements import statements_in

_statement = statements_in(Path(__file__).parent / "sql")


def load_recipes(connection: psycopg.Connection, inventory: Inventory, today: date) -> int:
    """Makes the database say what the configuration says, in the caller's transaction.

    What the configuration names is as it says, in the past too; what it no longer names ends, and is never deleted.

    :param today: the first day on which what is no longer named does not hold.
    :returns: how many rows changed; none when the database said so already.
    :raises ValueError: when an ingredient is now counted in another unit: its ledger would not be true any more.
    """
    # Two loads (a run beside a command) take turns.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('inventory.recipe'))")
    _state(connection, inventory)
    changed_count = connection.execute(_statement("renamed_ingredients")).rowcount
    if others := connection.execute(_statement("other_units")).fetchall():
        raise ValueError("; ".join(_other_unit(*other) for other in others))
    currency = inventory.products.currency if inventory.products else ""
    for name in ("suppliers", "ingredients", "ingredient_costs", "sold", "recipes", "recipe_ingredients"):
        count = connection.execute(_statement(name), {"today": today, "currency": currency}).rowcount
        changed_count += count if name != "sold" else 0
    return changed_count


def _state(connection: psycopg.Connection, inventory: Inventory) -> None:
    connection.execute("SET LOCAL client_min_messages = warning")
    connection.execute(_statement("stated"))
    copy_rows(connection, "stated_supplier", ((supplier.name,) for supplier in inventory.suppliers))
    copy_rows(
        connection,
        "stated_ingredient",
        (
            (each.name, each.unit, each.sku, each.is_sold_by_square, each.supplier, each.pack_quantity)
            for each in inventory.ingredients
        ),
    )
    copy_rows(connection, "stated_cost", _costs(inventory))
    recipes = list(enumerate(explode(inventory)))
    copy_rows(
        connection,
        "stated_recipe",
        (
            (number, each.sku, *(each.modifier or (None, None)), each.valid_from, each.valid_to)
            for number, each in recipes
        ),
    )
    copy_rows(
        connection,
        "stated_recipe_ingredient",
        (
            (number, ingredient, quantity)
            for number, each in recipes
            for ingredient, quantity in each.quantities.items()
        ),
    )


def _costs(inventory: Inventory) -> Iterator[tuple[str, date, date | None, int, Decimal]]:
    for ingredient in inventory.ingredients:
        prices = sorted(ingredient.prices, key=lambda price: price.from_date)
        for price, following in zip_longest(prices, prices[1:]):
            if ingredient.pack_quantity is not None:
                valid_to = following.from_date if following else None
                yield ingredient.name, price.from_date, valid_to, price.price_cents, ingredient.pack_quantity


def _other_unit(name: str, unit: str, other: str) -> str:
    return (
        f"ingredient {name!r} is kept in {unit}, and ingredients.yaml now says {other}: "
        f"go back to {unit}, or give it another name (and sku), under which it begins anew"
    )
