"""An order's amounts, in whole cents and as Square reckons them: discount first, then taxes, each rounded once.

An amount that belongs to several lines is divided so that the shares add up to it; what is left after rounding down
goes to the lines with the largest fractions. Source: https://developer.squareup.com/docs/orders-api/price-adjustments
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from include.config import Discount, Item, Tax
from include.sales.simulation.menu import Menu


def distribute(numerators: Sequence[int], denominator: int) -> list[int]:
    """Whole numbers that add up to the rounded sum (half to even) of fractions with one denominator."""
    shares = [numerator // denominator for numerator in numerators]
    whole, rest = divmod(sum(numerators), denominator)
    rounds_up = 2 * rest > denominator or (2 * rest == denominator and whole % 2)
    left = whole + rounds_up - sum(shares)
    if left:
        missing = [share * denominator - numerator for share, numerator in zip(shares, numerators, strict=True)]
        for index in sorted(range(len(shares)), key=missing.__getitem__)[:left]:
            shares[index] += 1
    return shares


def rate(percentage: str) -> Fraction:
    """``"8.875"`` as 0.08875, exactly."""
    return Fraction(percentage) / 100


def discount_shares(discount: Discount, prices: Sequence[int]) -> list[int]:
    """What a discount on the whole order takes off each line."""
    if discount.percentage is not None:
        off = rate(discount.percentage)
        return distribute([price * off.numerator for price in prices], off.denominator)
    total = sum(prices)
    amount = min(discount.amount_cents or 0, total)
    return distribute([amount * price for price in prices], total) if total else [0] * len(prices)


@dataclass(frozen=True)
class TaxTable:
    """A location's taxes as integers: a tax on a line is its discounted price times a factor over one denominator.

    The price holds the inclusive taxes, so every factor is the rate over one plus the inclusive rates on that item.
    """

    taxes: tuple[Tax, ...]
    factors: dict[str, tuple[int, ...]]
    denominator: int

    @classmethod
    def of(cls, menu: Menu) -> "TaxTable":
        exact = {item.name: _exact_factors(menu, item) for item in menu.items}
        denominator = lcm(*(factor.denominator for factors in exact.values() for factor in factors))
        return cls(
            menu.taxes,
            {name: tuple(int(factor * denominator) for factor in factors) for name, factors in exact.items()},
            denominator,
        )

    def shares(self, taxables: Sequence[int], factors: Sequence[tuple[int, ...]]) -> list[list[int]]:
        """For each tax, what of it stands on each line."""
        return [
            distribute(
                [taxable * factor[number] for taxable, factor in zip(taxables, factors, strict=True)], self.denominator
            )
            for number in range(len(self.taxes))
        ]


def _exact_factors(menu: Menu, item: Item) -> list[Fraction]:
    on_item = menu.taxes_of(item)
    inclusive = sum((rate(tax.percentage) for tax in on_item if tax.inclusive), Fraction())
    return [rate(tax.percentage) / (1 + inclusive) if tax in on_item else Fraction() for tax in menu.taxes]
