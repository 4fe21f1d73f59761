"""A field's text → its value, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from babel.numbers import get_currency_precision, get_currency_symbol

from include.config.partner import Partner

LONGEST_ID = 100
LONGEST_NAME = 255
MOST_COUNT = 1_000_000
# In major units: no overflow is possible in sums of a day's orders.
MOST_AMOUNT = 10**9
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a value.

    :param kind: a few words that flaws of the same kind share.
    :param message: follows the column's name.
    :param value: what is taken in its place; None with `is_rejected` where nothing can be.
    """

    kind: str
    message: str
    is_rejected: bool = True
    value: Any = None


Converter = Callable[[str | None], Any]
MISSING = Flaw("missing", "is missing")


def _remembering(size: int) -> Callable[[Converter], Converter]:
    """Values come again and again. Long ones are not remembered: a file of them must not fill the memory."""

    def decorate(convert: Converter) -> Converter:
        remembered = lru_cache(maxsize=size)(convert)
        return lambda text: remembered(text) if text is None or len(text) <= LONGEST_ID else convert(text)

    return decorate


def identifier(text: str | None) -> str | Flaw:
    """What tells one customer, order or SKU from another."""
    text = (text or "").strip()
    if not text:
        return MISSING
    if len(text) > LONGEST_ID:
        return Flaw("too long", f"has more than {LONGEST_ID} characters")
    if not text.isprintable():
        return Flaw("invisible characters", "holds characters that nobody sees")
    return text


def name(text: str | None) -> str | Flaw:
    """A customer's name or region: one space between words, accents composed in one way."""
    text = unicodedata.normalize("NFC", " ".join((text or "").split()))
    if not text:
        return Flaw("missing", "is missing", is_rejected=False)
    if len(text) > LONGEST_NAME:
        return Flaw("too long", f"is cut after {LONGEST_NAME} characters", is_rejected=False, value=text[:LONGEST_NAME])
    return text


def mobile_number(partner: Partner) -> Converter:
    """A number → (E.164, None), or (None, as it came)."""
    return _mobile_number_of(partner.phone_region)


@lru_cache(maxsize=8)
def _mobile_number_of(region: str) -> Converter:
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    # The customers' in their orders, and both in the next day's files.
    @_remembering(1 << 17)
    def convert(text: str | None) -> tuple[str, None] | Flaw:
        text = " ".join((text or "").split())
        if not text:
            return Flaw("missing", "is missing", is_rejected=False, value=(None, None))
        try:
            number = parse(text, region)
            if is_valid_number(number):
                return format_number(number, PhoneNumberFormat.E164), None
        except NumberParseException:
            pass
        return Flaw(
            "no number",
            f"is no telephone number of {region}, nor one with a country code",
            is_rejected=False,
            value=(None, text[:LONGEST_ID]),
        )

    return convert


def moment(partner: Partner) -> Converter:
    """A time → (in UTC, the partner's business day); in the partner's time zone unless it says another."""
    zone, formats = partner.zone, partner.time_formats

    # Neither clocks nor business days change within a minute: a day's orders have 1,440 of them.
    @lru_cache(maxsize=1 << 16)
    def of_minute(at: datetime) -> tuple[datetime, date, bool]:
        # In the hour that comes twice it is the first one: fold=0.
        instant = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        is_skipped = at.tzinfo is None and instant.astimezone(zone).replace(tzinfo=None) != at
        return instant, partner.business_date(instant), is_skipped

    def convert(text: str | None) -> tuple[datetime, date] | Flaw:
        text = (text or "").strip()
        if not text:
            return MISSING
        at = _time(text, formats)
        if at is None:
            return Flaw("no time", 'is no time such as "2026-11-20 18:30:00", nor any of partner.yaml\'s time_formats')
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            return Flaw("no time", f"is not between {FIRST_YEAR} and {LAST_YEAR}")
        minute = at.replace(second=0, microsecond=0)
        instant, business_date, is_skipped = of_minute(minute)
        value = instant + (at - minute), business_date
        if is_skipped:
            return Flaw("skipped hour", "is a time that daylight saving skips", is_rejected=False, value=value)
        return value

    return convert


def _time(text: str, formats: tuple[str, ...]) -> datetime | None:
    for time_format in formats:
        try:
            return datetime.strptime(text, time_format)  # noqa: DTZ007 (the caller gives it its zone)
        except ValueError:
            continue
    # Shorter ones are days without a time.
    if len(text) > len("2026-11-20"):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    return None


def count(partner: Partner) -> Converter:
    """A whole number, of decimals at most noughts."""
    pattern = re.compile(rf"0*([0-9]+)(?:{re.escape(partner.decimal_mark)}0*)?")

    @_remembering(1 << 12)
    def convert(text: str | None) -> int | Flaw:
        text = (text or "").strip()
        if not text:
            return MISSING
        found = pattern.fullmatch(text) if len(text) <= LONGEST_ID else None
        if found is None:
            return Flaw("no count", "is no whole number")
        number = int(found[1])
        if not 1 <= number <= MOST_COUNT:
            return Flaw("no count", f"is not between 1 and {MOST_COUNT:,}")
        return number

    return convert


def amount(partner: Partner) -> Converter:
    """An amount in major units → in minor units of the partner's currency."""
    exponent, code = get_currency_precision(partner.currency), partner.currency
    signs = rf"(?:{code}|{re.escape(get_currency_symbol(code, locale='en'))})?\s*"
    point, group = (r"\.", ",") if partner.decimal_mark == "." else (",", r"\.")
    pattern = re.compile(rf"(-?){signs}(-?)([0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)(?:{point}([0-9]*))?\s*{signs}")

    @_remembering(1 << 16)
    def convert(text: str | None) -> int | Flaw:
        text = (text or "").strip()
        if not text:
            return MISSING
        found = pattern.fullmatch(text) if len(text) <= LONGEST_ID else None
        if found is None:
            return Flaw("no amount", f"is no amount of {code} with {partner.decimal_mark!r} before the decimals")
        if found[1] or found[2]:
            return Flaw("negative", "is negative: a return is no order")
        units, decimals = re.sub("[.,]", "", found[3]), (found[4] or "").rstrip("0")
        if len(decimals) > exponent:
            return Flaw("no amount", f"has more than {exponent} decimals, which {code} does not have")
        cents = int(units + decimals.ljust(exponent, "0"))
        if cents > MOST_AMOUNT * 10**exponent:
            return Flaw("no amount", f"is more than {MOST_AMOUNT:,} {code}")
        return cents

    return convert
