"""An online order in our words, whichever platform it was placed on: what inbox.webhook_event.online_order holds."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import msgspec

from listener.webhooks.event import UnreadableError

# ISO 4217: the currencies whose minor unit is not a hundredth.
EXPONENTS = {
    0: {
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    },
    3: {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"},
    4: {"CLF", "UYW"},
}
MOST_CENTS = 10**13

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=MOST_CENTS)]
Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """`quantity` is a decimal in text, as Square's; `total_cents` is for all of them."""

    name: Text
    quantity: Text
    total_cents: Cents | None


class OnlineOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`location` as the platform calls it; times with their offset from UTC."""

    order_id: Text
    event: Literal["created", "updated", "cancelled"]
    is_cancelled: bool
    placed_at: Moment
    due_at: Moment | None
    total_cents: Cents
    currency: Currency
    location: Text
    customer_name: Text | None
    customer_phone: Text | None
    customer_email: Text | None
    channel: Text | None
    items: list[Item]


def decimal(value: object) -> Decimal:
    """A number of JSON or a text that is one. Raises UnreadableError."""
    try:
        # float never comes here: listener.webhooks.event.parse_json keeps fractions as text.
        number = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > MOST_CENTS:
        raise UnreadableError("is no decimal number")
    return number


def exponent(currency: str) -> int:
    """How many decimals the currency has."""
    return next((decimals for decimals, currencies in EXPONENTS.items() if currency in currencies), 2)


def cents(amount: object, currency: str) -> int:
    """A decimal amount of money in the currency's minor unit. Raises UnreadableError, also for a fraction of one."""
    in_cents = decimal(amount).scaleb(exponent(currency))
    if in_cents != in_cents.to_integral_value():
        raise UnreadableError(f"has more decimals than {currency} has")
    return int(in_cents)
