"""`/v2/orders`: create, calculate, retrieve, update, pay."""

import re
from typing import Any

from sandbox.square import locations, order_store, webhooks
from sandbox.square.call import Answer, Call, Endpoint, Json
from sandbox.square.errors import SquareError, missing
from sandbox.square.order_intake import READ_ONLY, complete, new_order, without_nulls
from sandbox.square.payments import approved_for, complete_payment, settle
from sandbox.square.pricing import PLURALS

MOST_IDS = 100
UPDATABLE_TO = ("OPEN", "CANCELED", "DRAFT")
PATH_PART = re.compile(r"(?P<name>\w+)(?:\[(?P<uid>[^\]]+)\])?")


def create_order(call: Call) -> Json:
    order = _from_request(call)
    order_store.save(call.db, order)
    webhooks.order_created(call, order)
    return {"order": order}


def calculate_order(call: Call) -> Json:
    return {"order": {name: value for name, value in _from_request(call).items() if name != "id"}}


def retrieve_order(call: Call) -> Answer:
    return {"order": order_store.find(call.db, call.path["order_id"])}


def batch_retrieve_orders(call: Call) -> Answer:
    ids = call.required("order_ids", list)
    if len(ids) > MOST_IDS:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"Must not have more than {MOST_IDS} values", field="order_ids")
    found = order_store.bodies(call.db, ids)
    return b'{"orders":[%s]}' % b",".join(found) if found else {}


def update_order(call: Call) -> Json:
    order = order_store.find(call.db, call.path["order_id"])
    wish = call.body.get("order") or {}
    _check_version(wish.get("version"), order, "order.version")
    if order["state"] in ("COMPLETED", "CANCELED"):
        raise SquareError("BAD_REQUEST", f"An order that is {order['state']} cannot be updated", field="order.state")
    for path in call.body.get("fields_to_clear") or []:
        _clear(order, path)
    _merge(order, {name: part for name, part in without_nulls(wish).items() if name not in READ_ONLY})
    if order["state"] not in UPDATABLE_TO:
        raise SquareError("INVALID_VALUE", "Pay an order to complete it", field="order.state")
    _forget_removed_adjustments(order)
    order |= {"updated_at": call.updated_at, "version": order["version"] + 1}
    if order["state"] == "CANCELED":
        order["closed_at"] = call.now_text
    complete(call, order, locations.find(call, order["location_id"]))
    order_store.save(call.db, order)
    webhooks.order_updated(call, order)
    return {"order": order}


def pay_order(call: Call) -> Json:
    """Completes approved payments, or closes an order that costs nothing."""
    order = order_store.find(call.db, call.path["order_id"])
    if call.body.get("order_version") is not None:
        _check_version(call.body["order_version"], order, "order_version")
    payments = [approved_for(call, order, payment_id) for payment_id in call.body.get("payment_ids") or []]
    if sum(payment["amount_money"]["amount"] for payment in payments) != order["net_amount_due_money"]["amount"]:
        detail = "The total of the requested payments does not match the total of the order."
        raise SquareError("BAD_REQUEST", detail, field="payment_ids")
    settle(call, order, [complete_payment(call, payment) for payment in payments])
    return {"order": order}


def _from_request(call: Call) -> Json:
    wish = call.required("order", dict)
    if not wish.get("location_id"):
        raise missing("order.location_id")
    return new_order(call, wish, locations.find(call, wish["location_id"]))


def _check_version(version: int | None, order: Json, field: str) -> None:
    if version is None:
        raise missing(field)
    if version != order["version"]:
        detail = f"The order is at version {order['version']}, not {version}."
        raise SquareError("VERSION_MISMATCH", detail, field=field)


def _merge(target: Json, wish: Json) -> None:
    """Sparse update: entries of a list are found by uid, new ones appended, everything else replaced."""
    for name, value in wish.items():
        if isinstance(value, list) and all(isinstance(part, dict) for part in value):
            entries = target.setdefault(name, [])
            by_uid = {entry.get("uid"): entry for entry in entries}
            for part in value:
                if part.get("uid") in by_uid and part.get("uid"):
                    _merge(by_uid[part["uid"]], part)
                else:
                    entries.append(part)
        else:
            target[name] = value


def _clear(order: Json, path: str) -> None:
    """Removes what a path such as `line_items[uid].note` names. Raises SquareError if there is no such entry."""
    target: Any = order
    parts = [PATH_PART.fullmatch(part) for part in path.split(".")]
    for is_last, part in zip([False] * (len(parts) - 1) + [True], parts, strict=True):
        if part is None or not isinstance(target, dict):
            raise SquareError("INVALID_VALUE", f"`{path}` is no path", field="fields_to_clear")
        name, uid = part["name"], part["uid"]
        if uid:
            entries = target.get(name) or []
            entry = next((one for one in entries if one.get("uid") == uid), None)
            if entry is None:
                raise SquareError("INVALID_VALUE", f"`{path}` names no entry", field="fields_to_clear")
            if is_last:
                entries.remove(entry)
            target = entry
        elif is_last:
            target.pop(name, None)
        else:
            target = target.get(name)


def _forget_removed_adjustments(order: Json) -> None:
    for line in order.get("line_items") or []:
        for kind, plural in PLURALS.items():
            known = {adjustment.get("uid") for adjustment in order.get(plural) or []}
            if applied := line.get(f"applied_{plural}"):
                line[f"applied_{plural}"] = [share for share in applied if share[f"{kind}_uid"] in known]


ENDPOINTS = [
    Endpoint("POST", "/v2/orders", create_order, idempotency_key=192),
    Endpoint("POST", "/v2/orders/calculate", calculate_order),
    Endpoint("POST", "/v2/orders/batch-retrieve", batch_retrieve_orders),
    Endpoint("GET", "/v2/orders/{order_id}", retrieve_order),
    Endpoint("PUT", "/v2/orders/{order_id}", update_order, idempotency_key=192),
    Endpoint("POST", "/v2/orders/{order_id}/pay", pay_order, idempotency_key=192, is_key_required=True),
]
