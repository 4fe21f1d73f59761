"""The first counts of what the chain keeps a stock of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from square import Square
from square.requests.inventory_change import InventoryChangeParams

from include.config import Products
from include.square.catalog import Catalog

CHANGES_PER_CALL = 100


def set_up_stock(client: Square, products: Products, catalog: Catalog, location_ids: Mapping[str, str]) -> list[str]:
    """Counts what has never been counted at a location; a count that is there is left alone, whatever it says.

    :returns: what was counted, one line each.
    """
    counted = {
        catalog.id_of("ITEM_VARIATION", variation.sku): (variation.sku, variation.initial_count)
        for item in products.items
        for variation in item.variations
        if variation.initial_count is not None
    }
    if not counted:
        return []
    known = {
        (count.catalog_object_id, count.location_id)
        for count in client.inventory.batch_get_counts(
            catalog_object_ids=list(counted), location_ids=list(location_ids.values())
        )
    }
    occurred_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    wanted: list[tuple[str, InventoryChangeParams]] = [
        (
            f"counted {quantity} of {sku} at {location_name}",
            {
                "type": "PHYSICAL_COUNT",
                "physical_count": {
                    "catalog_object_id": variation_id,
                    "location_id": location_id,
                    "state": "IN_STOCK",
                    "quantity": str(quantity),
                    "occurred_at": occurred_at,
                },
            },
        )
        for variation_id, (sku, quantity) in counted.items()
        for location_name, location_id in location_ids.items()
        if (variation_id, location_id) not in known
    ]
    for first in range(0, len(wanted), CHANGES_PER_CALL):
        client.inventory.batch_create_changes(
            idempotency_key=str(uuid4()),
            changes=[change for _, change in wanted[first : first + CHANGES_PER_CALL]],
        )
    return [line for line, _ in wanted]
