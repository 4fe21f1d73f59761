"""The order that Square writes for a refund: no sale of its own, but what came back and its amounts."""

from typing import Any

from sandbox.square.call import Json, new_id
from sandbox.square.pricing import AMOUNTS

LINE_FIELDS = (
    "name",
    "quantity",
    "quantity_unit",
    "note",
    "catalog_object_id",
    "catalog_version",
    "variation_name",
    "item_type",
    "base_price_money",
    "variation_total_price_money",
    "total_tax_money",
    "total_discount_money",
    "total_service_charge_money",
    "total_money",
)
MODIFIER_FIELDS = ("name", "quantity", "catalog_object_id", "catalog_version", "base_price_money", "total_price_money")
TAX_FIELDS = ("name", "type", "percentage", "scope", "catalog_object_id", "catalog_version", "applied_money")
DISCOUNT_FIELDS = (*TAX_FIELDS, "amount_money")
CHARGE_FIELDS = (
    "name",
    "catalog_object_id",
    "catalog_version",
    "percentage",
    "amount_money",
    "applied_money",
    "total_money",
    "total_tax_money",
    "calculation_phase",
    "taxable",
    "treatment_type",
    "scope",
)


def return_order(sale: Json, refund: Json, *, is_whole_sale: bool) -> Json:
    """Mirrors the sale item by item if all of it is refunded, else returns one custom amount."""
    currency = refund["amount_money"]["currency"]

    def money(amount: int) -> Json:
        return {"amount": amount, "currency": currency}

    if is_whole_sale:
        entry = _whole_sale(sale)
        amounts = dict(sale["net_amounts"])
    else:
        entry = {"return_line_items": [_custom_amount(refund["amount_money"], money(0))]}
        amounts = {f"{name}_money": money(0) for name in AMOUNTS} | {"total_money": refund["amount_money"]}
    entry |= {"uid": new_id(), "source_order_id": sale["id"], "return_amounts": amounts}
    at = refund["created_at"]
    order = {
        "id": new_id(),
        "location_id": sale["location_id"],
        "source": sale.get("source", {}),
        "returns": [entry],
        "return_amounts": amounts,
        "net_amounts": {name: money(-amount["amount"]) for name, amount in amounts.items()},
        "refunds": [_order_refund(sale, refund)],
        "created_at": at,
        "updated_at": at,
        "closed_at": at,
        "state": "COMPLETED",
        "version": 1,
        "total_money": money(0),
        **{f"total_{name}_money": money(0) for name in AMOUNTS if name != "total"},
        "net_amount_due_money": money(0),
    }
    if "customer_id" in sale:
        order["customer_id"] = sale["customer_id"]
    return order


def _whole_sale(sale: Json) -> Json:
    taxes, tax_uids = _mirrored(sale.get("taxes"), TAX_FIELDS, "source_tax_uid")
    discounts, discount_uids = _mirrored(sale.get("discounts"), DISCOUNT_FIELDS, "source_discount_uid")
    charges, charge_uids = _mirrored(sale.get("service_charges"), CHARGE_FIELDS, "source_service_charge_uid")
    lines = []
    for line in sale.get("line_items") or []:
        modifiers, _ = _mirrored(line.get("modifiers"), MODIFIER_FIELDS, "source_modifier_uid")
        returned = _some(line, LINE_FIELDS) | {
            "uid": new_id(),
            "source_line_item_uid": line["uid"],
            "gross_return_money": line["gross_sales_money"],
        }
        if modifiers:
            returned["return_modifiers"] = modifiers
        for plural, key, uids in (
            ("taxes", "tax_uid", tax_uids),
            ("discounts", "discount_uid", discount_uids),
            ("service_charges", "service_charge_uid", charge_uids),
        ):
            if applied := line.get(f"applied_{plural}"):
                returned[f"applied_{plural}"] = [
                    {"uid": new_id(), key: uids[share[key]], "applied_money": share["applied_money"]}
                    for share in applied
                ]
        lines.append(returned)
    tips = [
        {"uid": new_id(), "applied_money": tender["tip_money"], "source_tender_id": tender["id"]}
        for tender in sale.get("tenders") or []
        if tender.get("tip_money", {}).get("amount")
    ]
    parts = {
        "return_line_items": lines,
        "return_taxes": taxes,
        "return_discounts": discounts,
        "return_service_charges": charges,
        "return_tips": tips,
    }
    return {name: part for name, part in parts.items() if part}


def _custom_amount(amount: Json, nothing: Json) -> Json:
    return {
        "uid": new_id(),
        "quantity": "1",
        "item_type": "CUSTOM_AMOUNT",
        "base_price_money": amount,
        "variation_total_price_money": amount,
        "gross_return_money": amount,
        "total_tax_money": nothing,
        "total_discount_money": nothing,
        "total_service_charge_money": nothing,
        "total_money": amount,
    }


def _order_refund(sale: Json, refund: Json) -> Json:
    return {
        "id": refund["id"],
        "location_id": sale["location_id"],
        "transaction_id": sale["id"],
        "tender_id": refund["payment_id"],
        "created_at": refund["created_at"],
        "reason": refund["reason"],
        "amount_money": refund["amount_money"],
        "status": "APPROVED",
    }


def _mirrored(parts: list[Json] | None, fields: tuple[str, ...], source_uid: str) -> tuple[list[Json], dict[str, str]]:
    """Copies with uids of their own, and the new uid by the old one."""
    copies = [_some(part, fields) | {"uid": new_id(), source_uid: part["uid"]} for part in parts or []]
    return copies, {copy[source_uid]: copy["uid"] for copy in copies}


def _some(part: Json, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: part[name] for name in fields if name in part}
