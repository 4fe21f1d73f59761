import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pint import UnitRegistry

from include.config.units import UNITS, convert, exact_quantity, read_quantity, show_quantity, to_places

WEIGHTS = ("mg", "g", "kg", "oz", "lb")
VOLUMES = ("ml", "l", "fl oz", "cup", "pint", "quart", "gal")
PINT_NAMES = {"fl oz": "fluid_ounce", "gal": "gallon", "l": "liter", "ml": "milliliter"}
amounts = st.fractions(min_value=0, max_value=10**6, max_denominator=10**5)
decimals = st.decimals(min_value=0, max_value=10**6, places=5)


@given(amounts, st.one_of(*(st.tuples(*[st.sampled_from(units)] * 3) for units in (WEIGHTS, VOLUMES, ("each",)))))
def test_there_and_back_is_exactly_the_same_by_any_way(amount: Fraction, units: tuple[str, str, str]) -> None:
    first, second, third = units
    assert convert(convert(amount, first, second), second, first) == amount
    assert convert(convert(amount, first, second), second, third) == convert(amount, first, third)


@given(decimals, st.sampled_from(UNITS))
def test_what_is_shown_reads_as_the_same(quantity: Decimal, unit: str) -> None:
    assert read_quantity(show_quantity(quantity, unit), unit) == quantity


@pytest.mark.parametrize("units", [WEIGHTS, VOLUMES])
def test_a_unit_is_what_pint_itself_says_it_is(units: tuple[str, ...]) -> None:
    registry: UnitRegistry[Fraction] = UnitRegistry(non_int_type=Fraction)
    for unit in units:
        for other in units:
            theirs = registry.convert(Fraction(1), PINT_NAMES.get(unit, unit), PINT_NAMES.get(other, other))
            assert convert(Fraction(1), unit, other) == theirs


@pytest.mark.parametrize(
    ("text", "unit", "quantity"),
    [
        ("2.5 lb", "kg", "1.13398"),
        ("220 g", "kg", "0.22"),
        ("220g", "g", "220"),
        ("1/2 cup", "ml", "118.29412"),
        ("1 1/2 cups", "ml", "354.88235"),
        ("16 fl oz", "pint", "1"),
        ("3 packs", "kg", "34.02"),
        ("1/3 pack", "kg", "3.78"),
        ("24 each", "each", "24"),
    ],
)
def test_a_quantity_is_read_as_a_kitchen_writes_it(text: str, unit: str, quantity: str) -> None:
    assert read_quantity(text, unit, pack=Decimal("11.34")) == Decimal(quantity)


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("2 l", "kg", "'2 l' cannot be told in kg: l is a volume, kg is a weight"),
        ("2 each", "ml", "'2 each' cannot be told in ml: each is a count, ml is a volume"),
        ("2 oz", "each", "'2 oz' cannot be told in each: oz is a weight, each is a count"),
        ("3 packs", "kg", "'3 packs': it has no pack"),
        ("3 stone", "kg", f"'3 stone' cannot be told in kg: there is no unit 'stone', only {', '.join(UNITS)}"),
        ("many", "kg", "'many' is no quantity: write a number and its unit, as 220 g, 2.5 lb or 1/2 cup"),
        ("-2 g", "kg", "'-2 g' is no quantity: write a number and its unit, as 220 g, 2.5 lb or 1/2 cup"),
        ("1/0 g", "kg", "'1/0 g' is no quantity: write a number and its unit, as 220 g, 2.5 lb or 1/2 cup"),
        ("1e3 g", "kg", "'1e3 g' is no quantity: write a number and its unit, as 220 g, 2.5 lb or 1/2 cup"),
    ],
)
def test_what_cannot_be_measured_is_told_in_a_sentence(text: str, unit: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        exact_quantity(text, unit)


def test_a_half_is_rounded_away_from_zero() -> None:
    assert [to_places(Fraction(number, 10**6)) for number in (5, 14, -5, -4)] == [
        Decimal("0.00001"),
        Decimal("0.00001"),
        Decimal("-0.00001"),
        Decimal(0),
    ]


def test_who_only_reads_the_chain_does_not_import_pint() -> None:
    script = "import sys; from include.config import load_chain; load_chain(); sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
