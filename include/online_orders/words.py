"""Amounts and times as a sentence says them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency, get_currency_precision

from include.mail.render import LOCALE, money


def round_money(cents: int, currency: str) -> str:
    """``$500``, and ``$499.50`` where whole units do not say it."""
    units, rest = divmod(cents, 10 ** get_currency_precision(currency))
    if rest:
        return money(cents, currency)
    return str(format_currency(units, currency, format="¤#,##0", locale=LOCALE, currency_digits=False))


def lasting(span: timedelta) -> str:
    """``45 min``, ``3 h 5 min``, ``2 days 4 h``: what is short to the minute, what is long to the hour."""
    minutes = round(abs(span) / timedelta(minutes=1))
    days, hours = divmod(minutes // 60, 24)
    if days:
        parts = [f"{days} day{'s' if days > 1 else ''}", f"{hours} h" if hours else ""]
    else:
        parts = [f"{hours} h" if hours else "", f"{minutes % 60} min" if minutes % 60 or not hours else ""]
    return " ".join(filter(None, parts))


def from_now(at: datetime, now: datetime) -> str:
    """``in 3 h 5 min``, ``now``, ``20 min ago``."""
    span = at - now
    if abs(span) < timedelta(minutes=1):
        return "now"
    return f"in {lasting(span)}" if span > timedelta() else f"{lasting(span)} ago"


def clock(at: datetime, timezone: str) -> str:
    """``Sun, Nov 22, 11:30 EST``."""
    return _local(at, timezone, "EEE, MMM d, HH:mm z")


def day_and_time(at: datetime, timezone: str) -> str:
    """``Sun, Nov 22, 11:30``."""
    return _local(at, timezone, "EEE, MMM d, HH:mm")


def _local(at: datetime, timezone: str, pattern: str) -> str:
    return str(format_datetime(at, format=pattern, tzinfo=ZoneInfo(timezone), locale=LOCALE))
