"""`/v2/refunds`: a refund of a payment, with the order that records the return."""

from sandbox.square import money_store, order_store, webhooks
from sandbox.square.call import Call, Endpoint, Json, new_id
from sandbox.square.errors import SquareError, missing
from sandbox.square.returns import return_order


def refund_payment(call: Call) -> Json:
    amount = call.required("amount_money", dict)
    payment = money_store.payments.find(call.db, call.required("payment_id"))
    token = call.body.get("payment_version_token")
    if token and token != payment["version_token"]:
        raise SquareError("VERSION_MISMATCH", "The payment has changed.", field="payment_version_token")
    refunded = payment.get("refunded_money", {}).get("amount", 0)
    _check(amount, payment, payment["total_money"]["amount"] - refunded)
    sale = order_store.find(call.db, payment["order_id"])
    refund = {
        "id": f"{payment['id']}_{new_id()}",
        "status": "COMPLETED",
        "location_id": payment["location_id"],
        "unlinked": False,
        "destination_type": payment["source_type"],
        "amount_money": amount,
        "payment_id": payment["id"],
        "reason": call.body.get("reason") or "No reason given",
        "created_at": call.now_text,
        "updated_at": call.updated_at,
    }
    is_whole_sale = amount["amount"] == payment["total_money"]["amount"] == sale["total_money"]["amount"]
    order = return_order(sale, refund, is_whole_sale=is_whole_sale) | {"updated_at": call.updated_at}
    refund["order_id"] = order["id"]
    order_store.save(call.db, order)
    money_store.refunds.save(call.db, refund)
    payment |= {
        "refunded_money": {"amount": refunded + amount["amount"], "currency": amount["currency"]},
        "refund_ids": [*(payment.get("refund_ids") or []), refund["id"]],
        "updated_at": call.updated_at,
        "version_token": new_id(),
    }
    money_store.payments.save(call.db, payment)
    webhooks.refund_created(call, refund)
    webhooks.payment_changed(call, "updated", payment)
    return {"refund": refund}


def get_refund(call: Call) -> Json:
    return {"refund": money_store.refunds.find(call.db, call.path["refund_id"])}


def list_refunds(call: Call) -> Json:
    page, cursor = money_store.refunds.page(call)
    return {"refunds": page, **({"cursor": cursor} if cursor else {})}


def _check(amount: Json, payment: Json, refundable: int) -> None:
    if amount.get("amount") is None:
        raise missing("amount_money.amount")
    if payment["status"] != "COMPLETED":
        raise SquareError("PAYMENT_NOT_REFUNDABLE", f"The payment is {payment['status']}", category="REFUND_ERROR")
    if amount.get("currency") != payment["amount_money"]["currency"]:
        raise SquareError("CURRENCY_MISMATCH", "Another currency than the payment's", field="amount_money.currency")
    if not 0 < amount["amount"] <= refundable:
        detail = f"The requested refund amount exceeds the amount available to refund: {refundable}."
        raise SquareError("REFUND_AMOUNT_INVALID", detail, field="amount_money.amount", category="REFUND_ERROR")


ENDPOINTS = [
    Endpoint("POST", "/v2/refunds", refund_payment, idempotency_key=45, is_key_required=True),
    Endpoint("GET", "/v2/refunds", list_refunds),
    Endpoint("GET", "/v2/refunds/{refund_id}", get_refund),
]
