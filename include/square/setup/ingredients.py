"""Ingredients as Square's objects: items that are counted in their unit, and that nobody can sell."""

from collections.abc import Iterator

from include.config import Inventory, Products
from include.config.products import Category
from include.square.catalog import Catalog, measurement_unit_name
from include.square.raw import Json
from include.square.setup.wishes import Wish

CATEGORY = "Ingredients"
# As many decimals as the ledger's quantities have; it is also the most that Square takes.
PRECISION = 5
UNITS = {
    "mg": {"weight_unit": "METRIC_MILLIGRAM"},
    "g": {"weight_unit": "METRIC_GRAM"},
    "kg": {"weight_unit": "METRIC_KILOGRAM"},
    "oz": {"weight_unit": "IMPERIAL_WEIGHT_OUNCE"},
    "lb": {"weight_unit": "IMPERIAL_POUND"},
    "ml": {"volume_unit": "METRIC_MILLILITER"},
    "l": {"volume_unit": "METRIC_LITER"},
    "fl oz": {"volume_unit": "GENERIC_FLUID_OUNCE"},
    "cup": {"volume_unit": "GENERIC_CUP"},
    "pint": {"volume_unit": "GENERIC_PINT"},
    "quart": {"volume_unit": "GENERIC_QUART"},
    "gal": {"volume_unit": "GENERIC_GALLON"},
    "each": {"generic_unit": "UNIT"},
}


def ingredient_wishes(inventory: Inventory, products: Products, catalog: Catalog) -> Iterator[Wish]:
    """A category, the units, and an item for each ingredient that is not itself sold; those are counted where they are.

    What is referred to comes before what refers to it.
    """
    ingredients = [ingredient for ingredient in inventory.ingredients if not ingredient.is_sold_by_square]
    if not ingredients:
        return
    category_id = _id(catalog, "CATEGORY", CATEGORY)
    if CATEGORY not in _names(products.categories):
        data = {"name": CATEGORY, "category_type": "REGULAR_CATEGORY"}
        yield _wish(catalog, "CATEGORY", CATEGORY, {"category_data": data, "present_at_all_locations": True})
    for unit in sorted({ingredient.unit for ingredient in ingredients}):
        unit_data = _unit_data(unit)
        name = measurement_unit_name(unit_data)
        yield _wish(catalog, "MEASUREMENT_UNIT", name, {"measurement_unit_data": unit_data})
    for ingredient in ingredients:
        # By its SKU only: something on the menu may have its name.
        existing = catalog.items_by_sku.get(ingredient.sku)
        item_id = existing["id"] if existing else f"#ITEM:{ingredient.sku}"
        item_data: Json = {
            "name": ingredient.name,
            "product_type": "REGULAR",
            "is_taxable": False,
            "categories": [{"id": category_id}],
            "reporting_category": {"id": category_id},
        }
        fields = {"type": "ITEM", "id": item_id, "item_data": item_data, "present_at_all_locations": True}
        variation_data: Json = {
            "item_id": item_id,
            "name": ingredient.unit,
            "sku": ingredient.sku,
            "pricing_type": "VARIABLE_PRICING",
            "measurement_unit_id": _id(catalog, "MEASUREMENT_UNIT", measurement_unit_name(_unit_data(ingredient.unit))),
            "track_inventory": True,
            "sellable": False,
            "stockable": True,
        }
        variation = {"item_variation_data": variation_data, "present_at_all_locations": True}
        part = _wish(catalog, "ITEM_VARIATION", ingredient.sku, variation)
        yield Wish(("ITEM", ingredient.name), existing, fields, [part])


def _unit_data(unit: str) -> Json:
    return {"measurement_unit": UNITS[unit], "precision": PRECISION}


def _wish(catalog: Catalog, kind: str, name: str, fields: Json) -> Wish:
    return Wish(
        (kind, name), catalog.objects.get((kind, name)), {"type": kind, "id": _id(catalog, kind, name), **fields}
    )


def _id(catalog: Catalog, kind: str, name: str) -> str:
    existing = catalog.objects.get((kind, name))
    return str(existing["id"]) if existing else f"#{kind}:{name}"


def _names(categories: tuple[Category, ...]) -> Iterator[str]:
    for category in categories:
        yield category.name
        yield from _names(category.categories)
