"""Quantities as a kitchen writes them, and as stock is kept in: exact from one unit to the other.

Pint is imported on the first conversion: it takes half a second, and who only reads a configuration needs none of it.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pint import UnitRegistry

StockUnit = Literal["mg", "g", "kg", "oz", "lb", "ml", "l", "fl oz", "cup", "pint", "quart", "gal", "each"]
UNITS: tuple[StockUnit, ...] = StockUnit.__args__  # type: ignore[attr-defined]

# Only what a kitchen measures in: pint's own list has 900 units, and takes as long again to read. US customary units,
# by their legal definitions (NIST Handbook 44, appendix C).
_DEFINITIONS = (
    "gram = [mass] = g",
    "milligram = gram / 1000 = mg",
    "kilogram = 1000 * gram = kg",
    "pound = 453.59237 * gram = lb",
    "ounce = pound / 16 = oz",
    "liter = [volume] = l",
    "milliliter = liter / 1000 = ml",
    "gallon = 3.785411784 * liter = gal",
    "quart = gallon / 4",
    "pint = gallon / 8",
    "cup = gallon / 16",
    "fluid_ounce = gallon / 128",
    "each = [count]",
)
_NAMES = {"fl oz": "fluid_ounce"}
_MEASURES = {"mg": "a weight", "g": "a weight", "kg": "a weight", "oz": "a weight", "lb": "a weight", "each": "a count"}
_PLURALS = {"cups": "cup", "pints": "pint", "quarts": "quart", "packs": "pack", "portions": "portion"}
# "2.5 lb", "1/2 cup", "1 1/2 fl oz"
_QUANTITY = re.compile(r"(?:(\d+) +)??(\d+(?:\.\d+)?|\d+/[1-9]\d*) *([a-z]+(?: [a-z]+)?)")
PLACES = Decimal("0.00001")


@cache
def _registry() -> "UnitRegistry[Fraction]":
    from pint import UnitRegistry

    registry: UnitRegistry[Fraction] = UnitRegistry(None, non_int_type=Fraction)
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


@cache
def _factor(unit: str, to_unit: str) -> Fraction:
    for each in (unit, to_unit):
        if each not in UNITS:
            raise ValueError(f"there is no unit {each!r}, only {', '.join(UNITS)}")
    from pint import DimensionalityError

    try:
        return Fraction(_registry().convert(Fraction(1), _NAMES.get(unit, unit), _NAMES.get(to_unit, to_unit)))
    except DimensionalityError:
        measure, other = (_MEASURES.get(each, "a volume") for each in (unit, to_unit))
        raise ValueError(f"{unit} is {measure}, {to_unit} is {other}") from None


def split_quantity(text: object) -> tuple[Fraction, str]:
    """``"1 1/2 cups"`` → 3/2 and ``"cup"``. The unit may be any word.

    :raises ValueError: when it is no number with a word behind it.
    """
    parts = _split(text) if isinstance(text, str) else None
    if parts is None:
        raise ValueError(f"{text!r} is no quantity: write a number and its unit, as 220 g, 2.5 lb or 1/2 cup")
    return parts


# A menu says the same few hundred quantities thousands of times.
@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[Fraction, str] | None:
    parts = _QUANTITY.fullmatch(text.strip())
    if parts is None:
        return None
    whole, number, unit = parts.groups()
    return Fraction(whole or 0) + Fraction(number), _PLURALS.get(unit, unit)


def convert(quantity: Fraction, unit: str, to_unit: str) -> Fraction:
    """:raises ValueError: with a sentence, when one is a weight, say, and the other a volume."""
    return quantity * _factor(unit, to_unit)


def exact_quantity(text: str, unit: str, *, pack: Fraction | None = None) -> Fraction:
    """What a text says, in a unit. :param pack: what ``1 pack`` is, in that unit.

    :raises ValueError: with a sentence, when it is no quantity or cannot be measured in that unit.
    """
    number, written = split_quantity(text)
    if written == "pack":
        if pack is None:
            raise ValueError(f"{text!r}: it has no pack")
        return number * pack
    try:
        return convert(number, written, unit)
    except ValueError as error:
        raise ValueError(f"{text!r} cannot be told in {unit}: {error}") from None


def to_places(quantity: Fraction) -> Decimal:
    """Rounded to the five decimal places that Square and the ledger know, a half away from zero."""
    scaled = abs(quantity) * 100_000
    places = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(places if quantity >= 0 else -places).scaleb(-5)


def read_quantity(text: str, unit: str, *, pack: Decimal | None = None) -> Decimal:
    """What a text says, in a unit, rounded to five decimal places: ``("2.5 lb", "kg")`` → ``1.13398``.

    :param pack: what ``1 pack`` is, in that unit.
    :raises ValueError: with a sentence, when it is no quantity or cannot be measured in that unit.
    """
    return to_places(exact_quantity(text, unit, pack=None if pack is None else Fraction(pack)))


def show_quantity(quantity: Decimal, unit: str) -> str:
    """For people: ``12.5 kg``, without trailing zeros."""
    text = f"{quantity.quantize(PLACES, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return f"{'0' if text == '-0' else text} {unit}"
