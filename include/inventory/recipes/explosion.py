"""Recipes worked out down to the ingredients: preparations opened up, yields and waste reckoned in. Pure and exact."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from include.config.cookbook import Amounts, Cookbook, version_days
from include.config.inventory import Inventory
from include.config.products import Item, ModifierList
from include.config.units import to_places

# What a recipe is of: a variation's SKU, and the list and name of a modifier on it, if it is of that.
Sold = tuple[str, tuple[str, str] | None]


@dataclass(frozen=True)
class DatedRecipe:
    """What one unit of something sold uses between two days, the second not included (None: until further notice).

    :param quantities: by the ingredient's name, in its unit, rounded once, to five places. Of a modifier: what it
        changes, negative where it leaves out.
    """

    sku: str
    modifier: tuple[str, str] | None
    valid_from: date
    valid_to: date | None
    quantities: Mapping[str, Decimal]


class Explosion:
    """One day's preparations, each opened up once."""

    def __init__(self, cookbook: Cookbook) -> None:
        self.cookbook = cookbook
        self._units: dict[str, Amounts] = {}

    def explode(self, components: Mapping[str, Fraction]) -> Amounts:
        """The ingredients of some components, in their own units, with what is lost on the way."""
        amounts: Amounts = {}
        for component, quantity in components.items():
            for ingredient, amount in self._unit(component).items():
                amounts[ingredient] = amounts.get(ingredient, Fraction()) + quantity * amount
        return amounts

    def _unit(self, component: str) -> Amounts:
        """The ingredients of one unit of a component."""
        if component not in self._units:
            made = self.cookbook.preparations.get(component)
            if made is None:
                kept = 1 - Fraction(self.cookbook.ingredients[component].waste_percentage) / 100
                self._units[component] = {component: 1 / kept}
            else:
                usable = self.cookbook.amount(component, made.makes) * Fraction(made.yield_percentage) / 100
                counted = {
                    name: self.cookbook.amount(name, text) / usable
                    for name, text in made.ingredients.items()
                    if name not in self.cookbook.uncounted
                }
                self._units[component] = self.explode(counted)
        return self._units[component]


def explode(inventory: Inventory) -> Iterator[DatedRecipe]:
    """Every recipe of what can be ordered, through time; one recipe for stretches in which nothing changes."""
    if inventory.products is None:
        return
    open_recipes: dict[Sold, tuple[date, dict[str, Decimal]]] = {}
    for day in version_days(inventory.recipes):
        recipes = dict(
            _on(Explosion(inventory.cookbook(day)), inventory.products.items, inventory.products.modifier_lists)
        )
        for sold in [*open_recipes]:
            valid_from, quantities = open_recipes[sold]
            if recipes.get(sold) != quantities:
                del open_recipes[sold]
                yield DatedRecipe(*sold, valid_from, day, quantities)
        for sold, quantities in recipes.items():
            open_recipes.setdefault(sold, (day, quantities))
    for sold, (valid_from, quantities) in open_recipes.items():
        yield DatedRecipe(*sold, valid_from, None, quantities)


def _on(
    explosion: Explosion, items: Iterable[Item], lists: Iterable[ModifierList]
) -> Iterator[tuple[Sold, dict[str, Decimal]]]:
    cookbook = explosion.cookbook
    for item in items:
        modifiers = [
            (each.name, modifier.name)
            for each in lists
            if each.name in item.modifier_lists
            for modifier in each.modifiers
        ]
        for variation in item.variations:
            components = cookbook.components(item, variation)
            if components is not None:
                yield (variation.sku, None), _rounded(explosion.explode(components))
            for list_name, modifier in modifiers:
                change = cookbook.change(item, variation, list_name, modifier)
                if change is not None:
                    amounts = explosion.explode(change.added)
                    for ingredient, amount in explosion.explode(change.removed).items():
                        amounts[ingredient] = amounts.get(ingredient, Fraction()) - amount
                    yield (variation.sku, (list_name, modifier)), _rounded(amounts)


def _rounded(amounts: Amounts) -> dict[str, Decimal]:
    return {name: quantity for name, amount in amounts.items() if (quantity := to_places(amount))}
