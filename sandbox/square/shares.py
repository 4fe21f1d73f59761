"""Exact amounts and their division into whole minor units, with Square's rounding: half to even."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from sandbox.square.errors import SquareError


def distribute(exact: Sequence[Fraction]) -> list[int]:
    """Whole amounts that add up to the rounded sum; what is left after rounding down goes to the largest fractions."""
    whole = [int(amount // 1) for amount in exact]
    left = round(sum(exact, Fraction())) - sum(whole)
    by_fraction = sorted(range(len(exact)), key=lambda i: whole[i] - exact[i])
    for i in by_fraction[:left]:
        whole[i] += 1
    return whole


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Divides `total` in proportion to the weights, which are not negative; nothing if all weights are 0."""
    weight = sum(weights)
    return distribute([Fraction(total * w, weight) for w in weights]) if weight else [0] * len(weights)


def decimal(text: object, field: str) -> Fraction:
    """A decimal number as Square writes it, not negative. Raises SquareError naming the field."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise SquareError("INVALID_VALUE", f"`{text}` is not a decimal number of 0 or more", field=field)
    return Fraction(number)


def percentage(text: object, field: str) -> Fraction:
    """`"7.25"` as 0.0725. Raises SquareError outside 0 to 100."""
    rate = decimal(text, field) / 100
    if rate > 1:
        raise SquareError("VALUE_TOO_HIGH", "A percentage must not be greater than 100", field=field)
    return rate
