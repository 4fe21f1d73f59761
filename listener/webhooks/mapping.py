"""From a platform's JSON to our order, by the expressions of the configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import msgspec

from listener.expression import Expression, UnreadableError
from listener.webhooks import values
from listener.webhooks.order import OnlineOrder

REQUIRED = ("order_id", "placed_at", "currency", "location")
OPTIONAL = ("due_at", "is_cancelled", "customer_name", "customer_phone", "customer_email", "channel", "items")
# An amount comes as one of these: major units ("12.50") or minor units (1250).
AMOUNTS = ("total", "total_cents")
ITEM_REQUIRED = ("name", "quantity")
ITEM_AMOUNTS = (*AMOUNTS, "unit_price")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class OrderMapping:
    """`order` and `item` by the names above; `item` is looked up in each of the order's `items`."""

    order: Mapping[str, Expression]
    item: Mapping[str, Expression]

    def to_json(self, event: str, document: Any) -> str:
        """The OnlineOrder in an event's JSON. Raises UnreadableError that names the field, never its value."""
        found = _find(self.order, document, "order")
        texts = {
            name: _read("order", name, values.text, found.get(name))
            for name in ("order_id", "location", "channel", "customer_name", "customer_phone", "customer_email")
        }
        currency = (_read("order", "currency", values.text, found["currency"]) or "").upper()
        items = _read("order", "items", values.items, found.get("items"))
        fields = texts | {
            "event": event,
            "is_cancelled": event == "cancelled" or found.get("is_cancelled") is True,
            "placed_at": _read("order", "placed_at", values.moment, found["placed_at"]),
            "due_at": _read("order", "due_at", values.moment, found.get("due_at")),
            "currency": currency,
            "total_cents": _total(found, currency, "order"),
            "items": [self._item(item, currency, f"items[{at}]") for at, item in enumerate(items)],
        }
        try:
            order = msgspec.convert(fields, OnlineOrder)
        except msgspec.ValidationError as error:
            raise UnreadableError(f"the order does not hold together: {error}") from None
        return msgspec.json.encode(order).decode()

    def _item(self, document: Any, currency: str, place: str) -> dict[str, Any]:
        found = _find(self.item, document, place)
        quantity = _read(place, "quantity", values.decimal, found["quantity"])
        total = _total(found, currency, place)
        if total is None and found.get("unit_price") is not None:
            total = _read(place, "unit_price", values.price, found["unit_price"], quantity, currency)
        name = _read(place, "name", values.text, found["name"])
        return {"name": name, "quantity": f"{quantity:f}", "total_cents": total}


def _find(expressions: Mapping[str, Expression], document: Any, place: str) -> dict[str, Any]:
    found = {}
    for name, expression in expressions.items():
        try:
            found[name] = expression(document)
        except UnreadableError as error:
            raise UnreadableError(f"{place}.{name} {error}") from None
    return found


def _total(found: Mapping[str, Any], currency: str, place: str) -> int | None:
    if found.get("total") is not None:
        return _read(place, "total", values.cents, found["total"], currency)
    if found.get("total_cents") is not None:
        return _read(place, "total_cents", values.whole, found["total_cents"])
    return None


def _read(place: str, field: str, rule: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """What the rule makes of the arguments; its UnreadableError gets the place."""
    try:
        return rule(*arguments, **options)
    except UnreadableError as error:
        raise UnreadableError(f"{place}.{field} {error}") from None
