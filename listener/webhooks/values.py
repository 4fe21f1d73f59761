"""The single values of an order: from what JSON may hold to what we keep. UnreadableError never tells the value."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from listener.expression import UnreadableError

# ISO 4217: the currencies whose minor unit is not a hundredth.
DECIMALS = {
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
MOST_DECIMALS = 20
# Beyond any order, and still inside what Python and Postgres can hold.
LAST_SECOND = 10**11


def text(value: Any) -> str | None:
    """A text, or a number's text; None where there is nothing."""
    if value is None:
        return None
    if not isinstance(value, str):
        if not isinstance(value, int) or isinstance(value, bool):
            raise UnreadableError("is no text")
        return str(value)
    if "\0" in value:
        raise UnreadableError("holds a NUL character, which Postgres cannot keep")
    return value.strip() or None


def moment(value: Any) -> datetime | None:
    """ISO 8601 with an offset from UTC, or seconds since 1970; None where there is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise UnreadableError("is no time in ISO 8601") from None
        if found.tzinfo is None:
            raise UnreadableError("has no offset from UTC")
        return found
    seconds = decimal(value)
    if not 0 <= seconds < LAST_SECOND:
        raise UnreadableError("is no time in seconds since 1970")
    return datetime.fromtimestamp(int(seconds), UTC)


def items(value: Any) -> list[Any]:
    """A list; an empty one where there is nothing."""
    if not isinstance(value, list | None):
        raise UnreadableError("is no list")
    return value or []


def decimal(value: Any) -> Decimal:
    """A number of JSON, or a text that is one."""
    try:
        # float never comes here: listener.webhooks.event.parse_json keeps fractions as text.
        number = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    # Compared, not calculated with: 1e999999999 would overflow, and 1e-999999999 written out would fill the memory.
    exponent = number.as_tuple().exponent
    is_sane = isinstance(exponent, int) and abs(exponent) <= MOST_DECIMALS and -MOST_CENTS <= number <= MOST_CENTS
    if not is_sane:
        raise UnreadableError("is no decimal number")
    return number


def whole(value: Any) -> int:
    """A whole number."""
    number = decimal(value)
    if number != number.to_integral_value():
        raise UnreadableError("is no whole number")
    return int(number)


def cents(amount: Any, currency: str) -> int:
    """A decimal amount of money in the currency's minor unit; a fraction of one is refused."""
    in_cents = decimal(amount).scaleb(decimals(currency))
    if in_cents != in_cents.to_integral_value():
        raise UnreadableError(f"has more decimals than {currency} has")
    return int(in_cents)


def price(unit_price: Any, quantity: Decimal, currency: str) -> int:
    """What so many cost, rounded to the minor unit: 0.333 kg is seldom a whole number of cents."""
    return round((decimal(unit_price) * quantity).scaleb(decimals(currency)))


def decimals(currency: str) -> int:
    """How many decimals the currency has."""
    return next((count for count, currencies in DECIMALS.items() if currency in currencies), 2)
