"""Sells through the API, as a till does: an order, its payment, and perhaps a refund."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from square import AsyncSquare

from include.square.raw import Json, async_call

# The stand-in takes this for the time of the call. Square itself dates everything at the moment it arrives.
NOW_HEADER = "X-Sandbox-Now"


@dataclass(frozen=True)
class Sale:
    """One order to ring up.

    :param key: names the sale; ringing it up again under the same key answers the same order and sells nothing.
    :param order: Square's `Order` as CreateOrder takes it.
    :param refund: how much of the payment goes back.
    """

    key: str
    order: Json
    placed_at: datetime
    paid_at: datetime
    tender: Literal["CARD", "CASH"]
    tip_percent: int = 0
    refund: Literal["all", "half"] | None = None
    refunded_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    order_id: str
    paid_cents: int
    refunded_cents: int


async def ring_up(client: AsyncSquare, sale: Sale) -> Receipt:
    """Creates the order, pays it, and gives back what the sale says.

    :raises ApiError: when Square refuses a step. Ringing up again goes on from there.
    """
    body = {"idempotency_key": _key(sale, "order"), "order": sale.order}
    answer = await async_call(client, "POST", "v2/orders", body, _at(sale.placed_at))
    order: Json = answer["order"]
    total: Json = order["total_money"]
    if total["amount"] == 0:
        free = {"idempotency_key": _key(sale, "pay"), "payment_ids": []}
        await async_call(client, "POST", f"v2/orders/{order['id']}/pay", free, _at(sale.paid_at))
        return Receipt(order["id"], 0, 0)
    tip_cents = total["amount"] * sale.tip_percent // 100
    payment: Json = {
        "idempotency_key": _key(sale, "payment"),
        "source_id": "CASH" if sale.tender == "CASH" else "cnon:card-nonce-ok",
        "amount_money": total,
        "order_id": order["id"],
        "location_id": sale.order["location_id"],
    }
    if tip_cents:
        payment["tip_money"] = {**total, "amount": tip_cents}
    if customer_id := sale.order.get("customer_id"):
        payment["customer_id"] = customer_id
    if sale.tender == "CASH":
        payment["cash_details"] = {"buyer_supplied_money": {**total, "amount": _banknotes(total["amount"] + tip_cents)}}
    answer = await async_call(client, "POST", "v2/payments", payment, _at(sale.paid_at))
    paid_cents = total["amount"] + tip_cents
    if sale.refund is None or sale.refunded_at is None:
        return Receipt(order["id"], paid_cents, 0)
    refunded_cents = paid_cents if sale.refund == "all" else paid_cents // 2
    refund = {
        "idempotency_key": _key(sale, "refund"),
        "payment_id": answer["payment"]["id"],
        "amount_money": {**total, "amount": refunded_cents},
        "reason": "Customer was not satisfied",
    }
    await async_call(client, "POST", "v2/refunds", refund, _at(sale.refunded_at))
    return Receipt(order["id"], paid_cents, refunded_cents)


def _key(sale: Sale, step: str) -> str:
    """At most 45 characters: what payments and refunds take."""
    return sha256(f"{sale.key}/{step}".encode()).hexdigest()[:40]


def _at(at: datetime) -> dict[str, str]:
    return {NOW_HEADER: at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def _banknotes(cents: int) -> int:
    """What a customer hands over: the amount, rounded up to the next five."""
    return -(-cents // 500) * 500
