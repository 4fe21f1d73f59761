"""Square's catalog, found again by the names that people gave: a SKU for a variation, a name for everything else."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from square import Square

from include.square.raw import Json, call

TYPES = "CATEGORY,ITEM,MODIFIER_LIST,TAX,DISCOUNT,MEASUREMENT_UNIT"

# Of a measurement unit that names none.
DEFAULT_PRECISION = 3

# The field of a catalog object that holds what its type has of its own.
DATA = {
    "CATEGORY": "category_data",
    "ITEM": "item_data",
    "ITEM_VARIATION": "item_variation_data",
    "MODIFIER_LIST": "modifier_list_data",
    "MODIFIER": "modifier_data",
    "TAX": "tax_data",
    "DISCOUNT": "discount_data",
    "MEASUREMENT_UNIT": "measurement_unit_data",
}
# Where an object's parts are, which are objects of their own.
PARTS = {"ITEM": "variations", "MODIFIER_LIST": "modifiers"}

# Type and name. A modifier's name is `list/modifier`, a variation's is its SKU, a unit's `unit/decimals`.
Key = tuple[str, str]


class NotInCatalogError(LookupError):
    """Square's catalog lacks something that the chain sells."""


@dataclass
class Catalog:
    """The seller's catalog by key. What two objects call themselves the same is found as the first of them."""

    objects: dict[Key, Json] = field(default_factory=dict)
    items_by_sku: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, objects: Iterable[Json]) -> "Catalog":
        """:param objects: as Square lists them: items hold their variations, modifier lists their modifiers."""
        catalog = cls()
        for whole in objects:
            if whole.get("is_deleted"):
                continue
            data = whole[DATA[whole["type"]]]
            name = measurement_unit_name(data) if whole["type"] == "MEASUREMENT_UNIT" else data.get("name", "")
            catalog.objects.setdefault((whole["type"], name), whole)
            for part in data.get(PARTS.get(whole["type"], ""), ()):
                part_data = part[DATA[part["type"]]]
                is_variation = part["type"] == "ITEM_VARIATION"
                name = part_data.get("sku", "") if is_variation else f"{data.get('name')}/{part_data.get('name')}"
                catalog.objects.setdefault((part["type"], name), part)
                if is_variation and name:
                    catalog.items_by_sku.setdefault(name, whole)
        return catalog

    def item_of(self, name: str, skus: Iterable[str]) -> Json | None:
        """The item that holds one of these SKUs, else the one of that name: a renamed item is still the same."""
        for sku in skus:
            if found := self.items_by_sku.get(sku):
                return found
        return self.objects.get(("ITEM", name))

    def id_of(self, kind: str, name: str) -> str:
        """:raises NotInCatalogError: when Square has no such object."""
        found = self.objects.get((kind, name))
        if found is None:
            raise NotInCatalogError(f"Square's catalog has no {kind} {name!r}: run the DAG square_setup first")
        return str(found["id"])


def measurement_unit_name(data: Json) -> str:
    """A measurement unit has none of its own: that of 0.00001 kg is ``METRIC_KILOGRAM/5``."""
    kinds = {name: unit for name, unit in data.get("measurement_unit", {}).items() if name != "type"}
    unit = next(iter(kinds.values()), "")
    return f"{unit['name'] if isinstance(unit, dict) else unit}/{data.get('precision', DEFAULT_PRECISION)}"


def read_catalog(client: Square) -> Catalog:
    """Reads all that is not deleted."""
    objects: list[Json] = []
    cursor: str | None = None
    while True:
        query = {"types": TYPES} | ({"cursor": cursor} if cursor else {})
        page = call(client, "GET", "v2/catalog/list", query=query)
        objects.extend(page.get("objects", ()))
        cursor = page.get("cursor")
        if not cursor:
            return Catalog.of(objects)
