"""The Square seller's own online shop: paid at once, to be picked up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sandbox.online_orders.basket import Line, rest
from sandbox.online_orders.order import OnlineOrder, OrderError
from sandbox.square import order_store, orders, payments, times
from sandbox.square.call import Call, Handler, Json
from sandbox.square.errors import SquareError
from sandbox.state import State

SOURCE = "Square Online"
PICKUP = "pickup"


def place(state: State, order: OnlineOrder) -> str:
    """Square's id of the order, whose total is the amount. In the caller's transaction."""
    pickup: Json = {"uid": PICKUP, "type": "PICKUP", "state": "PROPOSED", "pickup_details": _pickup_details(order)}
    wish = _priced(state, order) | {"source": {"name": SOURCE}, "fulfillments": [pickup]}
    placed = _ask(state, orders.create_order, {"order": wish})["order"]
    paid = {"order_id": placed["id"], "amount_money": placed["total_money"], "source_id": "cnon:card-nonce-ok"}
    _ask(state, payments.create_payment, paid | {"idempotency_key": str(uuid4())})
    return str(placed["id"])


def change(state: State, order: OnlineOrder) -> None:
    """What is then due, or too much paid, is settled when the order is picked up. In the caller's transaction."""
    known = order_store.find(state.db, order.order_id)
    pickup: Json = {"uid": PICKUP, "pickup_details": known["fulfillments"][0]["pickup_details"]}
    pickup["pickup_details"] |= {"pickup_at": times.rfc3339(order.due_at)}
    wish: Json = {"version": known["version"], "fulfillments": [pickup]}
    cleared: list[str] = []
    if order.is_cancelled:
        wish["state"] = pickup["state"] = "CANCELED"
        pickup["pickup_details"]["canceled_at"] = times.rfc3339(datetime.now(UTC))
    elif order.amount_cents != known["total_money"]["amount"]:
        wish |= _priced(state, order)
        cleared = ["line_items", "taxes"]
    _ask(state, orders.update_order, {"order": wish, "fields_to_clear": cleared}, {"order_id": order.order_id})


def _priced(state: State, order: OnlineOrder) -> Json:
    """An order of the lines with the location's taxes, and a line for the rest of the amount, on which is no tax."""
    wish: Json = {"location_id": order.location_id, "pricing_options": {"auto_apply_taxes": True}}
    items = [line for line in order.lines if line.variation_id]
    total = _ask(state, orders.calculate_order, {"order": wish | _lines(items, order)})["order"]["total_money"]
    left = order.amount_cents - int(total["amount"])
    return wish | _lines([*items, rest(left)] if left else items, order)


def _lines(lines: Sequence[Line], order: OnlineOrder) -> Json:
    return {"line_items": [_line(line, order) for line in lines]}


def _line(line: Line, order: OnlineOrder) -> Json:
    if line.variation_id:
        return {"catalog_object_id": line.variation_id, "quantity": str(line.quantity)}
    money = {"amount": line.unit_cents, "currency": order.currency}
    return {"name": line.name, "quantity": str(line.quantity), "base_price_money": money}


def _pickup_details(order: OnlineOrder) -> Json:
    recipient = {
        "display_name": order.customer.name,
        "phone_number": order.customer.phone,
        "email_address": order.customer.email,
    }
    return {
        "recipient": recipient,
        "schedule_type": "SCHEDULED",
        "pickup_at": times.rfc3339(order.due_at),
        "placed_at": times.rfc3339(order.placed_at),
    }


def _ask(state: State, handler: Handler, body: Json, path: dict[str, str] | None = None) -> Any:
    """What Square answers. Raises OrderError where it refuses."""
    now = datetime.now(UTC)
    try:
        return handler(Call(state, now, now, body, path or {}, {}))
    except SquareError as error:
        raise OrderError(f"Square: {error}") from error
