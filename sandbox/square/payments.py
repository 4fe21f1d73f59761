"""`/v2/payments`, as far as orders need them: card nonces of Square's sandbox, cash, external payments."""

from sandbox.square import locations, money_store, order_store, stock, webhooks
from sandbox.square.call import Call, Endpoint, Json, new_id
from sandbox.square.errors import SquareError, missing
from sandbox.square.order_intake import new_order
from sandbox.square.pricing import price

CARD = {"card_brand": "VISA", "last_4": "1111", "exp_month": 11, "exp_year": 2030, "card_type": "CREDIT"}
DECLINED = "cnon:card-nonce-declined"
DETAILS = {"CASH": "cash_details", "EXTERNAL": "external_details"}
HANDED_OVER = ("COMPLETED", "CANCELED", "FAILED")
TENDERS = {"CARD": "CARD", "CASH": "CASH", "EXTERNAL": "OTHER"}


def create_payment(call: Call) -> Json:
    """Pays an order, or makes an order of one custom amount if none is named."""
    source_type = _source_type(call)
    amount = call.required("amount_money", dict)
    if call.body.get("order_id"):
        order = order_store.find(call.db, call.body["order_id"])
    else:
        order = _order_of_amount(call, amount)
    location = locations.find(call, order["location_id"])
    _check(call, order, amount, location)
    payment = _payment(call, order, amount, source_type)
    money_store.payments.save(call.db, payment)
    webhooks.payment_changed(call, "created", payment)
    if payment["status"] == "COMPLETED":
        settle(call, order, [payment])
    return {"payment": payment}


def get_payment(call: Call) -> Json:
    return {"payment": money_store.payments.find(call.db, call.path["payment_id"])}


def list_payments(call: Call) -> Json:
    page, cursor = money_store.payments.page(call)
    return {"payments": page, **({"cursor": cursor} if cursor else {})}


def approved_for(call: Call, order: Json, payment_id: str) -> Json:
    """The approved payment of the order. Raises SquareError if it is none."""
    payment = money_store.payments.find(call.db, payment_id)
    if payment["order_id"] != order["id"] or payment["status"] != "APPROVED":
        detail = f"Payment `{payment_id}` is no approved payment of order `{order['id']}`"
        raise SquareError("BAD_REQUEST", detail, field="payment_ids")
    return payment


def complete_payment(call: Call, payment: Json) -> Json:
    payment |= {"status": "COMPLETED", "updated_at": call.updated_at, "version_token": new_id()}
    if "card_details" in payment:
        payment["card_details"]["status"] = "CAPTURED"
    money_store.payments.save(call.db, payment)
    webhooks.payment_changed(call, "updated", payment)
    return payment


def settle(call: Call, order: Json, payments: list[Json]) -> None:
    """Adds the payments to the order as tenders; their tips become part of its total.

    That takes what is counted off the shelf, and completes the order, unless something of it is still to be handed
    over: then it stays open.
    """
    if order["state"] != "OPEN":
        raise SquareError("BAD_REQUEST", f"The order is {order['state']}, not OPEN", field="order_id")
    order["tenders"] = [*(order.get("tenders") or []), *(_tender(order, payment) for payment in payments)]
    order |= {"updated_at": call.updated_at, "version": order["version"] + 1}
    if all(one.get("state") in HANDED_OVER for one in order.get("fulfillments") or []):
        order |= {"state": "COMPLETED", "closed_at": call.now_text}
    location = locations.find(call, order["location_id"])
    price(order, location["currency"], location["country"])
    order_store.save(call.db, order)
    stock.take_off(call, order)
    webhooks.order_updated(call, order)


def _source_type(call: Call) -> str:
    source_id = call.required("source_id")
    if source_id == DECLINED:
        detail = "Authorization error: 'GENERIC_DECLINE'"
        raise SquareError("GENERIC_DECLINE", detail, category="PAYMENT_METHOD_ERROR")
    if source_id in DETAILS:
        if not call.body.get(DETAILS[source_id]):
            raise missing(DETAILS[source_id])
        return str(source_id)
    if not source_id.startswith(("cnon:", "ccof:")):
        raise SquareError("NOT_FOUND", f"Card nonce `{source_id}` not found", field="source_id", status=404)
    return "CARD"


def _check(call: Call, order: Json, amount: Json, location: Json) -> None:
    if order["state"] != "OPEN":
        raise SquareError("BAD_REQUEST", f"The order is {order['state']}, not OPEN", field="order_id")
    if amount.get("currency") != location["currency"]:
        detail = f"The location's currency is {location['currency']}."
        raise SquareError("CURRENCY_MISMATCH", detail, field="amount_money.currency")
    due = order["net_amount_due_money"]["amount"]
    if call.body.get("autocomplete", True) and amount.get("amount") != due:
        detail = f"The payment must equal what is due on the order: {due}."
        raise SquareError("PAYMENT_AMOUNT_MISMATCH", detail, field="amount_money.amount")


def _order_of_amount(call: Call, amount: Json) -> Json:
    location = locations.find(call, call.body.get("location_id") or "main")
    line = {"quantity": "1", "item_type": "CUSTOM_AMOUNT", "base_price_money": amount}
    order = new_order(call, {"line_items": [line], "customer_id": call.body.get("customer_id")}, location)
    order_store.save(call.db, order)
    return order


def _payment(call: Call, order: Json, amount: Json, source_type: str) -> Json:
    tip = (call.body.get("tip_money") or {}).get("amount", 0)
    total = {"amount": amount["amount"] + tip, "currency": amount["currency"]}
    is_completed = call.body.get("autocomplete", True)
    payment_id = new_id()
    payment = {
        "id": payment_id,
        "created_at": call.now_text,
        "updated_at": call.updated_at,
        "amount_money": amount,
        "tip_money": {"amount": tip, "currency": amount["currency"]},
        "total_money": total,
        "approved_money": total,
        "status": "COMPLETED" if is_completed else "APPROVED",
        "source_type": source_type,
        "location_id": order["location_id"],
        "order_id": order["id"],
        "receipt_number": payment_id[:4],
        "version_token": new_id(),
    }
    for name in ("customer_id", "reference_id", "note", "team_member_id"):
        if value := call.body.get(name) or (order.get(name) if name == "customer_id" else None):
            payment[name] = value
    if source_type == "CARD":
        status = "CAPTURED" if is_completed else "AUTHORIZED"
        payment["card_details"] = {"status": status, "card": CARD, "entry_method": "KEYED"}
    elif source_type == "CASH":
        given = call.body["cash_details"]["buyer_supplied_money"]
        change = {"amount": given["amount"] - total["amount"], "currency": amount["currency"]}
        if change["amount"] < 0:
            raise SquareError("VALUE_TOO_LOW", "Less cash than the payment", field="cash_details.buyer_supplied_money")
        payment["cash_details"] = {"buyer_supplied_money": given, "change_back_money": change}
    else:
        payment["external_details"] = call.body["external_details"]
    return payment


def _tender(order: Json, payment: Json) -> Json:
    tender = {
        "id": payment["id"],
        "location_id": order["location_id"],
        "transaction_id": order["id"],
        "created_at": payment["created_at"],
        "amount_money": payment["total_money"],
        "tip_money": payment["tip_money"],
        "type": TENDERS[payment["source_type"]],
        "payment_id": payment["id"],
    }
    if "customer_id" in payment:
        tender["customer_id"] = payment["customer_id"]
    if "card_details" in payment:
        tender["card_details"] = payment["card_details"]
    if cash := payment.get("cash_details"):
        details = {"buyer_tendered_money": cash["buyer_supplied_money"], "change_back_money": cash["change_back_money"]}
        tender["cash_details"] = details
    return tender


ENDPOINTS = [
    Endpoint("POST", "/v2/payments", create_payment, idempotency_key=45, is_key_required=True),
    Endpoint("GET", "/v2/payments", list_payments),
    Endpoint("GET", "/v2/payments/{payment_id}", get_payment),
]
