"""What goes into what is sold, on one day: the versions in force then, with bases, portions and modifiers worked in."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeVar

from include.config.ingredients import ALWAYS, Ingredient
from include.config.products import Item, Products, Variation
from include.config.recipes import AS_MUCH, OTHERS, Base, ModifierRecipe, Portion, Preparation, Recipe, Recipes, Version
from include.config.units import convert, exact_quantity, split_quantity

# By the name of an ingredient or preparation, in the unit that it is counted or made in.
Amounts = dict[str, Fraction]
Some = TypeVar("Some", bound=Version)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Change:
    """What a modifier takes out of a variation and puts into it."""

    removed: Amounts = field(default_factory=dict)
    added: Amounts = field(default_factory=dict)


def version_days(recipes: Recipes) -> list[date]:
    """The days from which on something else may hold, in order; the first is always."""
    versions: list[Version] = [
        *recipes.preparations, *recipes.portions, *recipes.bases, *recipes.recipes, *recipes.modifiers
    ]  # fmt: skip
    return sorted({ALWAYS, *(version.from_date for version in versions)})


def _in_force(versions: Iterable[Some], keys: Callable[[Some], Iterable[Key]], day: date) -> dict[Key, Some]:
    valid = sorted((each for each in versions if each.from_date <= day), key=lambda each: each.from_date)
    return {key: version for version in valid for key in keys(version)}


class Cookbook:
    """The recipes of one day, resolved down to ingredients and preparations."""

    def __init__(
        self, ingredients: Iterable[Ingredient], uncounted: Iterable[str], recipes: Recipes, day: date
    ) -> None:
        self.ingredients: Mapping[str, Ingredient] = {each.name: each for each in ingredients}
        self.uncounted = frozenset(uncounted)
        self.preparations: dict[str, Preparation] = _in_force(recipes.preparations, lambda each: [each.name], day)
        self.portions: dict[str, Portion] = _in_force(recipes.portions, lambda each: [each.of], day)
        self.bases: dict[str, Base] = _in_force(recipes.bases, lambda each: [each.name], day)
        self.recipes: dict[str, Recipe] = _in_force(recipes.recipes, lambda each: [each.item], day)
        self.modifiers: dict[tuple[str, str, str | None], ModifierRecipe] = _in_force(
            recipes.modifiers,
            lambda each: [(each.list_name, each.modifier, item) for item in each.items or (None,)],
            day,
        )
        # Each is asked for as often as there are modifiers.
        self._components: dict[str, Amounts | None] = {}
        self._amounts: dict[tuple[str, str], Fraction] = {}
        self._sold_as_it_is = {each.sold_as: each.name for each in self.ingredients.values() if each.sold_as}

    def modifier(self, item: Item, list_name: str, modifier: str) -> ModifierRecipe | None:
        """What is said of a modifier on an item; None when nothing is."""
        return self.modifiers.get((list_name, modifier, item.name)) or self.modifiers.get((list_name, modifier, None))

    def modifiers_of(self, item: Item, products: Products) -> Iterator[tuple[str, str, ModifierRecipe]]:
        """The modifiers that an item may be ordered with, and that something is said of: list, name, what."""
        for each in products.modifier_lists:
            if each.name in item.modifier_lists:
                for modifier in each.modifiers:
                    if said := self.modifier(item, each.name, modifier.name):
                        yield each.name, modifier.name, said

    def is_sold_as_it_is(self, variation: Variation) -> bool:
        """Whether the variation is an ingredient itself, so that it has no recipe."""
        return variation.sku in self._sold_as_it_is

    def unit(self, component: str) -> str:
        """What an ingredient is counted in, or a preparation made in."""
        if component in self.preparations:
            return split_quantity(self.preparations[component].makes)[1]
        return self.ingredients[component].unit

    def group(self, component: str) -> str | None:
        return (self.preparations.get(component) or self.ingredients[component]).group

    def amount(self, component: str, text: str) -> Fraction:
        """A quantity of a component, in its unit.

        :raises ValueError: with a sentence, when it is not measured in that.
        """
        if (component, text) not in self._amounts:
            ingredient = self.ingredients.get(component)
            pack = ingredient.pack_quantity if ingredient else None
            self._amounts[component, text] = exact_quantity(
                text, self.unit(component), pack=None if pack is None else Fraction(pack)
            )
        return self._amounts[component, text]

    def amount_for(self, component: str, quantities: Mapping[str, str], variation: str) -> Fraction:
        """How much of a component goes into a variation of that name, in the component's unit.

        :raises ValueError: with a sentence, when it is not said, or not measured in that.
        """
        text = _text(quantities, variation)
        number, unit = split_quantity(text)
        if unit != "portion":
            return self.amount(component, text)
        if component not in self.portions:
            raise ValueError(f"{text!r}: `portions` does not say what a portion of {component!r} is")
        return number * self.amount_for(component, self.portions[component].quantity, variation)

    def components(self, item: Item, variation: Variation) -> Mapping[str, Fraction] | None:
        """What goes into a variation; None when nobody has said."""
        if variation.sku not in self._components:
            self._components[variation.sku] = self._put_together(item, variation)
        return self._components[variation.sku]

    def _put_together(self, item: Item, variation: Variation) -> Amounts | None:
        if self.is_sold_as_it_is(variation):
            return {self._sold_as_it_is[variation.sku]: Fraction(1)}
        recipe = self.recipes.get(item.name)
        if recipe is None:
            return None
        amounts: Amounts = {}
        for quantities in (*(self.bases[base].ingredients for base in recipe.bases), recipe.ingredients):
            self._add(amounts, quantities, variation)
        return amounts

    def change(self, item: Item, variation: Variation, list_name: str, modifier: str) -> Change | None:
        """What a modifier does to a variation; None when nobody has said, or it takes out of what nobody has said."""
        said = self.modifier(item, list_name, modifier)
        if said is None:
            return None
        components = self.components(item, variation)
        if components is None and (said.removes or said.replaces):
            return None
        change = Change(self.matching(components or {}, said.removes))
        self._add(change.added, said.adds, variation)
        for name, instead in said.replaces.items():
            replaced = self.matching(components or {}, [name])
            change.removed.update(replaced)
            if replaced:
                self._add(change.added, instead, variation, replaced)
        return change

    def matching(self, components: Mapping[str, Fraction], names: Iterable[str]) -> Amounts:
        """What is meant by names of components or groups, of some components."""
        meant = set(names)
        return {name: amount for name, amount in components.items() if name in meant or self.group(name) in meant}

    def amount_instead(
        self, component: str, quantities: Mapping[str, str], variation: str, replaced: Mapping[str, Fraction]
    ) -> Fraction:
        """As `amount_for`, of what comes in the place of something: it may be told as ``0.7 as much``."""
        number, unit = split_quantity(_text(quantities, variation))
        if unit != AS_MUCH:
            return self.amount_for(component, quantities, variation)
        unit = self.unit(component)
        return number * sum((convert(amount, self.unit(name), unit) for name, amount in replaced.items()), Fraction())

    def _add(
        self,
        amounts: Amounts,
        quantities: Mapping[str, Mapping[str, str]],
        variation: Variation,
        replaced: Mapping[str, Fraction] | None = None,
    ) -> None:
        for component, by_variation in quantities.items():
            if component not in self.uncounted:
                amount = (
                    self.amount_for(component, by_variation, variation.name)
                    if replaced is None
                    else self.amount_instead(component, by_variation, variation.name, replaced)
                )
                amounts[component] = amounts.get(component, Fraction()) + amount


def _text(quantities: Mapping[str, str], variation: str) -> str:
    text = quantities.get(variation, quantities.get(OTHERS))
    if text is None:
        raise ValueError(f"says nothing of {variation!r}")
    return text
