"""What no single field of the inventory's files can tell: names that stand twice, and names that stand nowhere.

As for the chain's files the checks read plain values, so that they speak even when other fields are wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from include.config.chain import Chain
from include.config.checks import known, unique
from include.config.document import Document
from include.config.errors import Field, Problem
from include.config.ingredients import ELSEWHERE, default_sku

# The parts of recipes.yaml of which there may be several versions, and what names them.
VERSIONED = {
    "preparations": ("name",),
    "portions": ("of",),
    "bases": ("name",),
    "recipes": ("item",),
    "modifiers": ("list", "modifier"),
}
# An item may have no recipe before some day. What recipes are made of may not be missing on any.
ALWAYS_THERE = {"preparations", "portions", "bases"}
Found = Iterable[tuple[Field, Any]]


def check_inventory(documents: Mapping[str, Document], chain: Chain) -> Iterator[Problem]:
    """:param documents: ingredients, suppliers and recipes, by the file's name without suffix."""
    ingredients, suppliers, recipes = (documents[name] for name in ("ingredients", "suppliers", "recipes"))
    yield from _check_ingredients(ingredients, suppliers, chain)
    yield from unique(suppliers, suppliers.find("suppliers.*.name"))
    counted = [*ingredients.find("ingredients.*.name"), *recipes.find("preparations.*.name")]
    yield from _check_names(recipes, [*counted, *ingredients.find("uncounted.*")])
    groups = [*ingredients.find("ingredients.*.group"), *recipes.find("preparations.*.group")]
    left_out = [*recipes.find("modifiers.*.removes.*"), *_keys(recipes, "modifiers.*.replaces")]
    yield from known(recipes, left_out, [*counted, *groups], "ingredient, preparation or group")
    yield from _check_menu(recipes, chain)
    for section, fields in VERSIONED.items():
        yield from _check_versions(recipes, section, fields)
    names = {name for _, name in [*ingredients.find("ingredients.*.name"), *ingredients.find("uncounted.*")]}
    for place, name in recipes.find("preparations.*.name"):
        if isinstance(name, str) and name in names:
            yield recipes.problem(place, f"{name!r} is in {ingredients.file} too")


def _check_ingredients(ingredients: Document, suppliers: Document, chain: Chain) -> Iterator[Problem]:
    names = [*ingredients.find("ingredients.*.name"), *ingredients.find("uncounted.*")]
    yield from unique(ingredients, names)
    yield from unique(ingredients, _skus(ingredients))
    used = ingredients.find("ingredients.*.supplier")
    yield from known(ingredients, used, suppliers.find("suppliers.*.name"), "supplier")
    skus = [variation.sku for item in chain.products.items for variation in item.variations]
    yield from known(ingredients, ingredients.find("ingredients.*.sold_as"), _named(skus), "variation with the SKU")
    locations = _named([*(location.name for location in chain.locations), ELSEWHERE])
    for setting in ("opening", "par", "maximum", "service_level"):
        yield from known(ingredients, _keys(ingredients, f"ingredients.*.{setting}"), locations, "location")


def _skus(ingredients: Document) -> Iterator[tuple[Field, Any]]:
    for place, ingredient in ingredients.find("ingredients.*"):
        if isinstance(ingredient, dict):
            field = next((field for field in ("sku", "sold_as") if ingredient.get(field)), "name")
            value = ingredient.get(field)
            yield (*place, field), default_sku(value) if field == "name" and isinstance(value, str) else value


def _check_names(recipes: Document, components: Found) -> Iterator[Problem]:
    kind = "ingredient or preparation"
    for pattern in (
        "preparations.*.ingredients", "bases.*.ingredients", "recipes.*.ingredients", "modifiers.*.adds"
    ):  # fmt: skip
        yield from known(recipes, _keys(recipes, pattern), components, kind)
    yield from known(recipes, recipes.find("portions.*.of"), components, kind)
    for place, instead in recipes.find("modifiers.*.replaces"):
        for name, other in instead.items() if isinstance(instead, dict) else ():
            named = other if isinstance(other, dict) else [other]
            yield from known(recipes, [((*place, name), each) for each in named], components, kind)
    yield from known(recipes, recipes.find("recipes.*.bases.*"), recipes.find("bases.*.name"), "base")


def _check_menu(recipes: Document, chain: Chain) -> Iterator[Problem]:
    items = {item.name: item for item in chain.products.items}
    lists = {each.name: [modifier.name for modifier in each.modifiers] for each in chain.products.modifier_lists}
    yield from known(recipes, recipes.find("recipes.*.item"), _named(items), "item")
    yield from known(recipes, recipes.find("modifiers.*.items.*"), _named(items), "item")
    yield from known(recipes, recipes.find("modifiers.*.list"), _named(lists), "modifier list")
    for place, entry in recipes.find("modifiers.*"):
        if not isinstance(entry, dict) or entry.get("list") not in lists:
            continue
        name = entry["list"]
        modifier = [((*place, "modifier"), entry.get("modifier"))]
        yield from known(recipes, modifier, _named(lists[name]), f"modifier of {name!r} called")
        for row, item in Document(recipes.file, entry).find("items.*"):
            if item in items and name not in items[item].modifier_lists:
                yield recipes.problem((*place, *row), f"{item!r} has no modifier list {name!r}")


def _check_versions(recipes: Document, section: str, fields: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Field] = {}
    named: dict[str, Field] = {}
    for place, entry in recipes.find(f"{section}.*"):
        if not isinstance(entry, dict) or not all(isinstance(entry.get(field), str) for field in fields):
            continue
        name = [entry[field] for field in fields]
        items = entry.get("items")
        for item in items if isinstance(items, list) else [None]:
            version = (*name, str(item), str(entry.get("from", "")))
            if first.setdefault(version, place) != place:
                line = recipes.problem(first[version], "").line
                message = f"{name[-1]!r} is told by line {line}: a further version of it needs another `from`"
                yield recipes.problem((*place, fields[-1]), message)
        if "from" in entry:
            named.setdefault(name[-1], place)
    if section in ALWAYS_THERE:
        always = {version[0] for version in first if version[-1] == ""}
        for word, place in named.items():
            if word not in always:
                yield recipes.problem((*place, "from"), f"there is no version of {word!r} before, without `from`")


def _keys(document: Document, pattern: str) -> list[tuple[Field, Any]]:
    return [((*place, key), key) for place, value in document.find(pattern) if isinstance(value, dict) for key in value]


def _named(names: Iterable[str]) -> list[tuple[Field, Any]]:
    return [((), name) for name in names]
