"""What no single field can tell: names that stand twice, and names that are used and stand nowhere.

The checks read the files' plain values, so that they speak even when other fields are wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from include.config.document import Document
from include.config.errors import Field, Problem
from include.config.phones import digits


def check(documents: Mapping[str, Document]) -> Iterator[Problem]:
    """:param documents: by the file's name without suffix; locations and products are always there."""
    locations, products = documents["locations"], documents["products"]
    categories = list(_category_names(products.values, ()))
    yield from unique(locations, locations.find("locations.*.name"))
    yield from unique(locations, locations.find("locations.*.square_location_id"))
    yield from unique(products, categories)
    for pattern in ("items.*.name", "items.*.variations.*.sku", "modifier_lists.*.name", "taxes.*.name"):
        yield from unique(products, products.find(pattern))
    yield from unique(products, products.find("discounts.*.name"))
    for siblings in ("items.*.variations", "modifier_lists.*.modifiers"):
        for place, rows in products.find(siblings):
            named = Document(products.file, rows).find("*.name")
            yield from unique(products, [((*place, *row), name) for row, name in named])

    yield from known(products, products.find("items.*.category"), categories, "category")
    lists = products.find("modifier_lists.*.name")
    yield from known(products, products.find("items.*.modifier_lists.*"), lists, "modifier list")
    yield from known(products, products.find("items.*.taxes.*"), products.find("taxes.*.name"), "tax")
    names = locations.find("locations.*.name")
    yield from known(products, products.find("taxes.*.locations.*"), names, "location")
    for _, currency in products.find("currency"):
        for place, other in locations.find("locations.*.currency"):
            if other != currency:
                yield locations.problem(place, f"{other!r}, but the prices in {products.file} are in {currency!r}")
    for name in ("phones", "large_orders"):
        if document := documents.get(name):
            yield from known(
                document, document.find("locations.*.location"), locations.find("locations.*.name"), "location"
            )
    if document := documents.get("large_orders"):
        yield from unique(document, document.find("locations.*.location"))
        yield from unique(document, document.find("locations.*.known_as.*"))
    if phones := documents.get("phones"):
        yield from _check_phones(phones, locations)


def _check_phones(phones: Document, locations: Document) -> Iterator[Problem]:
    yield from unique(phones, phones.find("locations.*.location"))
    yield from unique(phones, phones.find("locations.*.departments.*.phone_system_name"))
    numbers = phones.find("locations.*.departments.*.numbers.*")
    yield from unique(phones, [(place, digits(number)) for place, number in numbers if isinstance(number, str)])
    for place, departments in phones.find("locations.*.departments"):
        named = Document(phones.file, departments).find("*.name")
        yield from unique(phones, [((*place, *row), name) for row, name in named])
    addressed = [
        location.get("name") for _, location in _mappings(locations, "locations.*") if location.get("recipients")
    ]
    for place, location in _mappings(phones, "locations.*"):
        for row, department in _mappings(Document(phones.file, location), "departments.*"):
            if not department.get("recipients") and location.get("location") not in addressed:
                yield phones.problem((*place, *row, "recipients"), "is missing, and the location has none either")
            if not department.get("numbers") and not department.get("phone_system_name"):
                yield phones.problem((*place, *row, "numbers"), "is missing, and so is phone_system_name")


def _mappings(document: Document, pattern: str) -> Iterator[tuple[Field, dict[str, Any]]]:
    return ((place, value) for place, value in document.find(pattern) if isinstance(value, dict))


def _category_names(values: Any, place: Field) -> Iterator[tuple[Field, Any]]:
    for parent, name in Document("", values).find("categories.*.name"):
        yield (*place, *parent), name
    for parent, category in Document("", values).find("categories.*"):
        yield from _category_names(category, (*place, *parent))


def unique(document: Document, found: Iterable[tuple[Field, Any]]) -> Iterator[Problem]:
    """A problem at each text that stands a second time among those found."""
    first: dict[str, Field] = {}
    for place, value in found:
        if isinstance(value, str) and first.setdefault(value, place) != place:
            line = document.problem(first[value], "").line
            yield document.problem(place, f"{value!r} is taken by line {line}")


def known(
    document: Document,
    used: Iterable[tuple[Field, Any]],
    defined: Iterable[tuple[Field, Any]],
    kind: str,
) -> Iterator[Problem]:
    """A problem at each text that is used and not defined. :param kind: of what there is none of that name."""
    names = {name for _, name in defined if isinstance(name, str)}
    for place, name in used:
        if isinstance(name, str) and name not in names:
            yield document.problem(place, f"there is no {kind} {name!r}")
