"""Quantities, days and packs as a sentence says them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from include.config.units import show_quantity

# So many digits of a forecast mean something.
DIGITS = 3


def about(quantity: Decimal, unit: str) -> str:
    """``4.27 kg``, ``1310 g``: what is reckoned or measured, to three digits; whole numbers stay whole. Pieces have no
    unit: ``116``."""
    places = max(DIGITS - 1 - quantity.adjusted(), 0) if quantity else 0
    return show_quantity(quantity.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), unit).removesuffix(" each")


def packs(count: int, pack_name: str) -> str:
    """``4 x 5 kg bag``"""
    return f"{count} x {pack_name}"


def weekday(day: date) -> str:
    """``Tue, Nov 24``"""
    return f"{day:%a, %b} {day.day}"


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """``Tue, Nov 24, 14:00``"""
    local = at.astimezone(zone)
    return f"{weekday(local.date())}, {local:%H:%M}"


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], most: int) -> str:
    """``a, b and c``; of more than `most` the first ones, ``and 4 more``."""
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# What the mails' templates call.
WORDS = {
    "about": about,
    "counted": counted,
    "local_time": local_time,
    "packs": packs,
    "weekday": weekday,
}
