"""The first counts of what the chain keeps a stock of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from square import Square

from include.config import Inventory, Products
from include.square.catalog import Catalog
from include.square.stock import CHANGES_A_CALL, change_stock, physical_count, read_counts


def set_up_stock(
    client: Square, products: Products, inventory: Inventory, catalog: Catalog, location_ids: Mapping[str, str]
) -> list[str]:
    """Counts what has never been counted at a location; a count that is there is left alone, whatever it says.

    :returns: what was counted, one line each.
    """
    firsts = {name: first_counts(products, inventory, name) for name in location_ids}
    variation_ids = {sku: catalog.id_of("ITEM_VARIATION", sku) for counts in firsts.values() for sku in counts}
    known = read_counts(client, list(variation_ids.values()), list(location_ids.values()))
    now = datetime.now(UTC)
    wanted = [
        (
            f"counted {quantity.normalize():f} of {sku} at {name}",
            physical_count((variation_ids[sku], location_ids[name]), quantity, now),
        )
        for name, counts in firsts.items()
        for sku, quantity in counts.items()
        if (variation_ids[sku], location_ids[name]) not in known
    ]
    for at in range(0, len(wanted), CHANGES_A_CALL):
        change_stock(client, str(uuid4()), [change for _, change in wanted[at : at + CHANGES_A_CALL]])
    return [line for line, _ in wanted]


def first_counts(products: Products, inventory: Inventory, location: str) -> dict[str, Decimal]:
    """What a location begins with by SKU: an ingredient's opening, else the variation's `initial_count`."""
    counts = {
        variation.sku: Decimal(variation.initial_count)
        for item in products.items
        for variation in item.variations
        if variation.initial_count is not None
    }
    for ingredient in inventory.ingredients:
        opening = ingredient.at(location).opening_quantity
        if opening is not None:
            counts[ingredient.sku] = opening
    return counts
