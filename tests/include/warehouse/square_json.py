"""Square's objects as the tests write them: the fields a test is about, and all that Square would reckon from them."""

import json
from typing import Any

Json = dict[str, Any]


def money(amount: int, currency: str = "USD") -> Json:
    return {"amount": amount, "currency": currency}


def line(
    uid: str = "line-1",
    *,
    price: int = 1000,
    quantity: int = 1,
    modifiers: dict[str, int] | None = None,
    discount: int = 0,
    tax: int = 0,
    inclusive_tax: int = 0,
    is_tax_in_gross: bool = False,
    service_charge: int = 0,
    variation_id: str | None = "margherita-m",
    currency: str = "USD",
) -> Json:
    """An order line.

    :param modifiers: catalog id → price of one.
    :param tax: comes on top of the price; ``inclusive_tax`` lies in it.
    :param is_tax_in_gross: as in Europe and Australia; elsewhere Square takes inclusive tax out of the gross.
    """

    def m(amount: int) -> Json:
        return money(amount, currency)

    extras = modifiers or {}
    full = (price + sum(extras.values())) * quantity
    body = {
        "uid": uid,
        "name": "Margherita",
        "variation_name": "Medium",
        "item_type": "ITEM",
        "quantity": str(quantity),
        "base_price_money": m(price),
        "variation_total_price_money": m(price * quantity),
        "gross_sales_money": m(full - (0 if is_tax_in_gross else inclusive_tax)),
        "total_discount_money": m(discount),
        "total_tax_money": m(tax + inclusive_tax),
        "total_service_charge_money": m(service_charge),
        "total_money": m(full - discount + tax + service_charge),
        "modifiers": [
            {
                "uid": f"{uid}-{modifier_id}",
                "catalog_object_id": modifier_id,
                "name": modifier_id.title(),
                "quantity": "1",
                "base_price_money": m(cents),
                "total_price_money": m(cents * quantity),
            }
            for modifier_id, cents in extras.items()
        ],
        "applied_taxes": [{"uid": f"{uid}-tax", "tax_uid": "inclusive", "applied_money": m(inclusive_tax)}]
        if inclusive_tax
        else [],
    }
    return body | ({"catalog_object_id": variation_id} if variation_id else {})


def order(
    order_id: str = "order-1",
    *lines: Json,
    version: int = 1,
    location_id: str = "L-NY",
    state: str = "COMPLETED",
    at: str = "2026-03-02T18:00:00Z",
    updated_at: str | None = None,
    closed_at: str | None = None,
    tip: int = 0,
    service_charge: int = 0,
    rounding: int = 0,
    customer_id: str | None = None,
    currency: str = "USD",
    **fields: Any,
) -> Json:
    """A whole order whose totals add up. ``service_charge`` is on the whole order, on top of what the lines carry."""

    def m(amount: int) -> Json:
        return money(amount, currency)

    def total(name: str) -> int:
        return sum(each[name]["amount"] for each in lines)

    everything = total("total_money") + service_charge + tip + rounding
    body: Json = {
        "id": order_id,
        "version": version,
        "location_id": location_id,
        "state": state,
        "source": {"name": "Till"},
        "created_at": at,
        "updated_at": updated_at or at,
        "line_items": list(lines),
        "taxes": [
            {
                "uid": "inclusive",
                "name": "VAT",
                "type": "INCLUSIVE",
                "percentage": "10",
                "applied_money": m(sum(t["applied_money"]["amount"] for each in lines for t in each["applied_taxes"])),
            }
        ],
        "total_money": m(everything),
        "total_tax_money": m(total("total_tax_money")),
        "total_discount_money": m(total("total_discount_money")),
        "total_tip_money": m(tip),
        "total_service_charge_money": m(total("total_service_charge_money") + service_charge),
        "tenders": [{"id": "t", "type": "CARD", "amount_money": m(everything), "tip_money": m(tip), "created_at": at}],
    }
    charges = [(service_charge, "LINE_ITEM_TREATMENT"), (total("total_service_charge_money"), "APPORTIONED_TREATMENT")]
    body["service_charges"] = [
        {"name": "Service", "applied_money": m(cents), "total_money": m(cents), "treatment_type": treatment}
        for cents, treatment in charges
        if cents
    ]
    if state in ("COMPLETED", "CANCELED"):
        body["closed_at"] = closed_at or at
    if customer_id:
        body["customer_id"] = customer_id
    if rounding:
        body["rounding_adjustment"] = {"uid": "rounding", "amount_money": m(rounding)}
    return body | fields


def return_order(
    order_id: str = "return-1",
    *,
    gross: int = 1000,
    discount: int = 0,
    tax: int = 0,
    inclusive_tax: int = 0,
    tip: int = 0,
    service_charge: int = 0,
    rounding: int = 0,
    currency: str = "USD",
    **fields: Any,
) -> Json:
    """What Square writes when a line is taken back; ``inclusive_tax`` lies in the gross."""

    def m(amount: int) -> Json:
        return money(amount, currency)

    given_back = gross - discount + tax
    everything = given_back + tip + service_charge + rounding
    returned = {
        "uid": "return",
        "source_order_id": "order-1",
        "return_line_items": [
            {
                "uid": "returned-1",
                "source_line_item_uid": "line-1",
                "catalog_object_id": "margherita-m",
                "name": "Margherita",
                "variation_name": "Medium",
                "quantity": "1",
                "gross_return_money": m(gross),
                "total_discount_money": m(discount),
                "total_tax_money": m(tax + inclusive_tax),
                "total_money": m(given_back),
            }
        ],
        "rounding_adjustment": {"uid": "rounding", "amount_money": m(rounding)},
    }
    amounts = {
        "total_money": m(everything),
        "tax_money": m(tax + inclusive_tax),
        "discount_money": m(discount),
        "tip_money": m(tip),
        "service_charge_money": m(service_charge),
    }
    refund = {"id": f"{order_id}-refund", "status": "APPROVED", "reason": "Cold", "created_at": "2026-03-02T19:00:00Z"}
    return order(
        order_id,
        currency=currency,
        returns=[returned],
        return_amounts=amounts,
        refunds=[refund | {"amount_money": m(everything)}],
        **fields,
    )


def encode(body: Json) -> bytes:
    return json.dumps(body).encode()
