"""What no single field can tell: names that stand twice, and names that are used and stand nowhere.

The checks read the files' plain values, so that they speak even when other fields are wrong.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from include.config.document import Document
from include.config.errors import Field, Problem


def check(documents: Mapping[str, Document]) -> Iterator[Problem]:
    """:param documents: by the file's name without suffix; locations and products are always there."""
    locations, products = documents["locations"], documents["products"]
    categories = list(_category_names(products.values, ()))
    yield from _unique(locations, locations.find("locations.*.name"))
    yield from _unique(locations, locations.find("locations.*.square_location_id"))
    yield from _unique(products, categories)
    for pattern in ("items.*.name", "items.*.variations.*.sku", "modifier_lists.*.name", "taxes.*.name"):
        yield from _unique(products, products.find(pattern))
    yield from _unique(products, products.find("discounts.*.name"))
    for siblings in ("items.*.variations", "modifier_lists.*.modifiers"):
        for place, rows in products.find(siblings):
            named = Document(products.file, rows).find("*.name")
            yield from _unique(products, [((*place, *row), name) for row, name in named])

    yield from _known(products, products.find("items.*.category"), categories, "category")
    lists = products.find("modifier_lists.*.name")
    yield from _known(products, products.find("items.*.modifier_lists.*"), lists, "modifier list")
    yield from _known(products, products.find("items.*.taxes.*"), products.find("taxes.*.name"), "tax")
    names = locations.find("locations.*.name")
    yield from _known(products, products.find("taxes.*.locations.*"), names, "location")
    for _, currency in products.find("currency"):
        for place, other in locations.find("locations.*.currency"):
            if other != currency:
                yield locations.problem(place, f"{other!r}, but the prices in {products.file} are in {currency!r}")
    for name in ("phones", "large_orders"):
        if document := documents.get(name):
            yield from _known(
                document, document.find("locations.*.location"), locations.find("locations.*.name"), "location"
            )


def _category_names(values: Any, place: Field) -> Iterator[tuple[Field, Any]]:
    for parent, name in Document("", values).find("categories.*.name"):
        yield (*place, *parent), name
    for parent, category in Document("", values).find("categories.*"):
        yield from _category_names(category, (*place, *parent))


def _unique(document: Document, found: "Iterator[tuple[Field, Any]] | list[tuple[Field, Any]]") -> Iterator[Problem]:
    first: dict[str, Field] = {}
    for place, value in found:
        if isinstance(value, str) and first.setdefault(value, place) != place:
            line = document.problem(first[value], "").line
            yield document.problem(place, f"{value!r} is taken by line {line}")


def _known(
    document: Document,
    used: Iterator[tuple[Field, Any]],
    defined: "Iterator[tuple[Field, Any]] | list[tuple[Field, Any]]",
    kind: str,
) -> Iterator[Problem]:
    names = {name for _, name in defined if isinstance(name, str)}
    for place, name in used:
        if isinstance(name, str) and name not in names:
            yield document.problem(place, f"there is no {kind} {name!r}")
