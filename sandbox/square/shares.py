"""Exact amounts and their division into whole minor units, with Square's rounding: half to even."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from math import lcm

from sandbox.square.errors import SquareError


def distribute(exact: Sequence[Fraction | int]) -> list[int]:
    """Whole amounts that add up to the rounded sum; what is left after rounding down goes to the largest fractions."""
    denominator = lcm(*(amount.denominator for amount in exact))
    numerators = [amount.numerator * (denominator // amount.denominator) for amount in exact]
    whole = [numerator // denominator for numerator in numerators]
    left = round(Fraction(sum(numerators), denominator)) - sum(whole)
    by_fraction = sorted(range(len(exact)), key=lambda i: -(numerators[i] % denominator))
    for i in by_fraction[:left]:
        whole[i] += 1
    return whole


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Divides `total` in proportion to the weights, which are not negative; nothing if all weights are 0."""
    weight = sum(weights)
    return distribute([Fraction(total * w, weight) for w in weights]) if weight else [0] * len(weights)


@lru_cache(maxsize=1024)
def decimal(text: object, field: str) -> Fraction | int:
    """A decimal number as Square writes it, not negative. Raises SquareError naming the field."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise SquareError("INVALID_VALUE", f"`{text}` is not a decimal number of 0 or more", field=field)
    exact = Fraction(number)
    return exact.numerator if exact.denominator == 1 else exact


@lru_cache(maxsize=1024)
def percentage(text: object, field: str) -> Fraction:
    """`"7.25"` as 0.0725. Raises SquareError outside 0 to 100."""
    rate = Fraction(decimal(text, field)) / 100
    if rate > 1:
        raise SquareError("VALUE_TOO_HIGH", "A percentage must not be greater than 100", field=field)
    return rate
