"""Turns what a caller sends into an order: fills in from the catalog, takes no read-only field, checks references."""

from typing import Any

from sandbox.square import catalog_store
from sandbox.square.call import Call, Json, new_id
from sandbox.square.errors import SquareError
from sandbox.square.pricing import PLURALS, price

READ_ONLY = (
    "id",
    "version",
    "created_at",
    "updated_at",
    "closed_at",
    "tenders",
    "refunds",
    "returns",
    "return_amounts",
    "net_amounts",
    "net_amount_due_money",
)
STATES_TO_ASK_FOR = ("OPEN", "DRAFT")


def new_order(call: Call, wish: Json, location: Json) -> Json:
    """A complete, priced order that is not stored yet."""
    wish = without_nulls(wish)
    order = {
        "id": new_id(),
        **{name: value for name, value in wish.items() if name not in READ_ONLY},
        "location_id": location["id"],
        "created_at": call.now_text,
        "updated_at": call.updated_at,
        "version": 1,
    }
    order.setdefault("state", "OPEN")
    order.setdefault("source", {"name": "Storekeeper Sandbox"})
    if order["state"] not in STATES_TO_ASK_FOR:
        raise SquareError("INVALID_VALUE", f"An order is created as {STATES_TO_ASK_FOR}", field="order.state")
    complete(call, order, location)
    return order


def complete(call: Call, order: Json, location: Json) -> None:
    """Fills in from the catalog and works out all amounts."""
    _fill_lines(call, order, location)
    _fill_adjustments(call, order)
    if (order.get("pricing_options") or {}).get("auto_apply_taxes"):
        _apply_item_taxes(call, order)
    _check_references(order)
    price(order, location["currency"], location["country"])


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(part) for key, part in value.items() if part is not None}
    return [without_nulls(part) for part in value] if isinstance(value, list) else value


def _fill_lines(call: Call, order: Json, location: Json) -> None:
    for line in order.get("line_items") or []:
        if object_id := line.get("catalog_object_id"):
            variation = _known(call, object_id, "ITEM_VARIATION", "order.line_items.catalog_object_id")
            data = variation["item_variation_data"]
            item = catalog_store.find(call.db, data["item_id"])
            line.setdefault("name", item["item_data"].get("name"))
            line.setdefault("variation_name", data.get("name"))
            line.setdefault("item_type", "ITEM")
            line.setdefault("catalog_version", variation["version"])
            if money := price_at(data, location["id"]):
                line.setdefault("base_price_money", money)
        for modifier in line.get("modifiers") or []:
            if object_id := modifier.get("catalog_object_id"):
                known = _known(call, object_id, "MODIFIER", "order.line_items.modifiers.catalog_object_id")
                data = known["modifier_data"]
                modifier.setdefault("name", data.get("name"))
                modifier.setdefault("catalog_version", known["version"])
                free = {"amount": 0, "currency": location["currency"]}
                modifier.setdefault("base_price_money", price_at(data, location["id"]) or free)


def _fill_adjustments(call: Call, order: Json) -> None:
    for discount in order.get("discounts") or []:
        if object_id := discount.get("catalog_object_id"):
            known = _known(call, object_id, "DISCOUNT", "order.discounts.catalog_object_id")
            data = known["discount_data"]
            discount.setdefault("name", data["name"])
            discount.setdefault("catalog_version", known["version"])
            discount.setdefault("type", data["discount_type"])
            for kind in ("percentage", "amount_money"):
                if kind in data:
                    discount.setdefault(kind, data[kind])
    for tax in order.get("taxes") or []:
        if object_id := tax.get("catalog_object_id"):
            known = _known(call, object_id, "TAX", "order.taxes.catalog_object_id")
            data = known["tax_data"]
            tax.setdefault("name", data["name"])
            tax.setdefault("catalog_version", known["version"])
            tax.setdefault("type", data.get("inclusion_type", "ADDITIVE"))
            tax.setdefault("percentage", data.get("percentage"))


def _apply_item_taxes(call: Call, order: Json) -> None:
    """Adds the enabled taxes of the ordered items, each to the lines of its items."""
    taxes = order.setdefault("taxes", [])
    uids = {tax["catalog_object_id"]: tax["uid"] for tax in taxes if tax.get("auto_applied")}
    for line in order.get("line_items") or []:
        if not line.get("catalog_object_id"):
            continue
        variation = catalog_store.find(call.db, line["catalog_object_id"])
        item = catalog_store.find(call.db, variation["item_variation_data"]["item_id"])
        applied = line.setdefault("applied_taxes", [])
        for tax in catalog_store.find_all(call.db, item["item_data"].get("tax_ids") or []):
            if not tax["tax_data"].get("enabled", True):
                continue
            if tax["id"] not in uids:
                uids[tax["id"]] = new_id()
                own = {"uid": uids[tax["id"]], "catalog_object_id": tax["id"], "scope": "LINE_ITEM"}
                taxes.append(own | {"auto_applied": True})
            if uids[tax["id"]] not in [a["tax_uid"] for a in applied]:
                applied.append({"tax_uid": uids[tax["id"]]})
    _fill_adjustments(call, order)


def _check_references(order: Json) -> None:
    parts = [*(order.get("line_items") or []), *(order.get("service_charges") or [])]
    for kind, plural in PLURALS.items():
        known = {adjustment.get("uid") for adjustment in order.get(plural) or []}
        for part in parts:
            for applied in part.get(f"applied_{plural}") or []:
                if applied.get(f"{kind}_uid") not in known:
                    detail = f"`{applied.get(f'{kind}_uid')}` names no entry of order.{plural}"
                    raise SquareError("INVALID_VALUE", detail, field=f"order.line_items.applied_{plural}")


def _known(call: Call, object_id: str, object_type: str, field: str) -> Json:
    found = catalog_store.find_all(call.db, [object_id])
    if not found or found[0]["type"] != object_type:
        raise SquareError("NOT_FOUND", f"No {object_type} with id `{object_id}`", field=field, status=404)
    return found[0]


def price_at(data: Json, location_id: str) -> Json | None:
    for override in data.get("location_overrides") or []:
        if override["location_id"] == location_id and override.get("price_money"):
            price_money: Json = override["price_money"]
            return price_money
    return data.get("price_money")
