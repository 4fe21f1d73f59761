"""Locations and ingredients as people name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar
from zoneinfo import ZoneInfo

import psycopg


@dataclass(frozen=True)
class NamedLocation:
    location_key: int
    name: str
    zone: ZoneInfo


@dataclass(frozen=True)
class NamedIngredient:
    """:param pack_quantity: in its unit; None of what nobody orders."""

    ingredient_key: int
    name: str
    unit: str
    pack_quantity: Decimal | None


Named = TypeVar("Named")


@dataclass(frozen=True)
class Names:
    """Both by their names in small letters."""

    locations: Mapping[str, NamedLocation]
    ingredients: Mapping[str, NamedIngredient]

    def location(self, name: str) -> NamedLocation:
        """:raises ValueError: when there is none, with those that it may have meant."""
        return _find(self.locations, name, "location", [each.name for each in self.locations.values()])

    def ingredient(self, name: str) -> NamedIngredient:
        """:raises ValueError: when there is none, with those that it may have meant."""
        return _find(self.ingredients, name, "ingredient", [each.name for each in self.ingredients.values()])


def read_names(connection: psycopg.Connection) -> Names:
    """What stock is kept of now, and where."""
    locations = [
        NamedLocation(key, name, ZoneInfo(timezone))
        for key, name, timezone in connection.execute(
            "SELECT location_key, name, timezone FROM gold.dim_location WHERE is_active ORDER BY location_key"
        )
    ]
    ingredients = [
        NamedIngredient(*row)
        for row in connection.execute(
            "SELECT ingredient_key, name, unit, pack_quantity FROM inventory.ingredient WHERE is_active"
        )
    ]
    return Names(
        {location.name.casefold(): location for location in locations},
        {ingredient.name.casefold(): ingredient for ingredient in ingredients},
    )


def _find(known: Mapping[str, Named], name: str, what: str, names: list[str]) -> Named:
    wanted = " ".join(name.split()).casefold()
    if wanted in known:
        return known[wanted]
    close = set(get_close_matches(wanted, known, n=3, cutoff=0.6))
    # "mozzarella" means one of those that hold the word.
    close |= {each for each in known if wanted and wanted in each}
    hint = ", ".join(sorted(each for each in names if each.casefold() in close)[:6])
    raise ValueError(f"there is no {what} {name!r}" + (f"; did you mean {hint}?" if hint else ""))
