"""A simulated order as Square's CreateOrder takes it."""

from include.sales.simulation.menu import Menu
from include.sales.simulation.orders import SimulatedOrder
from include.square.catalog import Catalog
from include.square.raw import Json


def square_order(
    order: SimulatedOrder, menu: Menu, location_id: str, catalog: Catalog, customer_ids: list[str]
) -> Json:
    """The order as CreateOrder takes it. Prices and percentages are the catalog's, so none are said here."""
    lines: list[Json] = []
    tax_uids: dict[str, str] = {}
    for line in order.lines:
        choice = line.choice
        wish: Json = {
            "quantity": str(line.quantity),
            "catalog_object_id": catalog.id_of("ITEM_VARIATION", choice.variation.sku),
            "applied_taxes": [
                {"tax_uid": tax_uids.setdefault(tax.name, f"tax-{len(tax_uids) + 1}")}
                for tax in menu.taxes_of(choice.item)
            ],
        }
        if choice.modifiers:
            wish["modifiers"] = [
                {"catalog_object_id": catalog.id_of("MODIFIER", f"{modifier_list.name}/{modifier.name}")}
                for modifier_list, modifier in choice.modifiers
            ]
        lines.append(wish)
    body: Json = {
        "location_id": location_id,
        "source": {"name": "Storekeeper simulator"},
        "line_items": lines,
        "taxes": [
            {"uid": uid, "catalog_object_id": catalog.id_of("TAX", name), "scope": "LINE_ITEM"}
            for name, uid in tax_uids.items()
        ],
    }
    if order.discount is not None:
        discount_id = catalog.id_of("DISCOUNT", order.discount.name)
        body["discounts"] = [{"uid": "discount", "catalog_object_id": discount_id, "scope": "ORDER"}]
    if order.customer is not None:
        body["customer_id"] = customer_ids[order.customer]
    return body
