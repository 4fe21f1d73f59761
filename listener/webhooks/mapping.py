"""From a platform's JSON to our order, by the JMESPath expressions (https://jmespath.org) of the configuration."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec
from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]

from listener.webhooks.event import UnreadableError
from listener.webhooks.order import OnlineOrder, cents, decimal, exponent

REQUIRED = ("order_id", "placed_at", "currency", "location")
OPTIONAL = ("due_at", "is_cancelled", "customer_name", "customer_phone", "customer_email", "channel", "items")
# An amount comes as one of these: major units ("12.50") or minor units (1250).
AMOUNTS = ("total", "total_cents")
ITEM_REQUIRED = ("name", "quantity")
ITEM_AMOUNTS = (*AMOUNTS, "unit_price")
# Later than any order, and inside what both Python and Postgres can hold.
LAST_SECOND = 10**11


class Expression(Protocol):
    """A compiled JMESPath expression."""

    def search(self, value: Any) -> Any:
        """What the expression finds in the value."""


@dataclass(frozen=True)
class OrderMapping:
    """`order` and `item` by the names above; `item` is looked up in each of the order's `items`."""

    order: Mapping[str, Expression]
    item: Mapping[str, Expression]

    def to_json(self, event: str, document: Any) -> str:
        """The OnlineOrder in an event's JSON. Raises UnreadableError that names the field, never its value."""
        found = _find(self.order, document, "order")
        texts = {
            name: _text(found.get(name), f"order.{name}")
            for name in ("order_id", "location", "channel", "customer_name", "customer_phone", "customer_email")
        }
        currency = (_text(found["currency"], "order.currency") or "").upper()
        with _at("order.items"):
            items = _list(found.get("items"))
        values = texts | {
            "event": event,
            "is_cancelled": event == "cancelled" or found.get("is_cancelled") is True,
            "placed_at": _moment(found["placed_at"], "order.placed_at"),
            "due_at": _moment(found.get("due_at"), "order.due_at"),
            "currency": currency,
            "total_cents": _amount(found, currency, "order"),
            "items": [self._item(item, currency, f"items[{at}]") for at, item in enumerate(items)],
        }
        try:
            order = msgspec.convert(values, OnlineOrder)
        except msgspec.ValidationError as error:
            raise UnreadableError(f"the order does not hold together: {error}") from None
        return msgspec.json.encode(order).decode()

    def _item(self, document: Any, currency: str, place: str) -> dict[str, Any]:
        found = _find(self.item, document, place)
        with _at(f"{place}.quantity"):
            quantity = decimal(found["quantity"])
        total = _amount(found, currency, place)
        if total is None and found.get("unit_price") is not None:
            with _at(f"{place}.unit_price"):
                total = round((decimal(found["unit_price"]) * quantity).scaleb(exponent(currency)))
        return {"name": _text(found["name"], f"{place}.name"), "quantity": f"{quantity:f}", "total_cents": total}


def _find(expressions: Mapping[str, Expression], document: Any, place: str) -> dict[str, Any]:
    found = {}
    for name, expression in expressions.items():
        try:
            found[name] = expression.search(document)
        except (JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            # Its message would show the value that the expression stumbled over.
            raise UnreadableError(f"{place}.{name}: the mapping failed ({type(error).__name__})") from None
    return found


def _amount(found: Mapping[str, Any], currency: str, place: str) -> int | None:
    with _at(f"{place}.total"):
        if found.get("total") is not None:
            return cents(found["total"], currency)
    with _at(f"{place}.total_cents"):
        if found.get("total_cents") is not None:
            number = decimal(found["total_cents"])
            if number != number.to_integral_value():
                raise UnreadableError("is no whole number")
            return int(number)
    return None


def _text(value: Any, place: str) -> str | None:
    """A text, or a number's text; None where there is nothing."""
    if isinstance(value, bool | list | dict | float):
        raise UnreadableError(f"{place} is no text")
    text = str(value if value is not None else "").strip()
    if "\0" in text:
        raise UnreadableError(f"{place} holds a NUL character, which Postgres cannot keep")
    return text or None


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableError("is no list")
    return value


def _moment(value: Any, place: str) -> datetime | None:
    """ISO 8601 with an offset from UTC, or seconds since 1970."""
    if value is None or value == "":
        return None
    with _at(place):
        if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                raise UnreadableError("is no time in ISO 8601") from None
            if moment.tzinfo is None:
                raise UnreadableError("has no offset from UTC")
            return moment
        seconds = decimal(value)
        if not 0 <= seconds < LAST_SECOND:
            raise UnreadableError("is no time in seconds since 1970")
        return datetime.fromtimestamp(int(seconds), UTC)


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except UnreadableError as error:
        raise UnreadableError(f"{place} {error}") from None
