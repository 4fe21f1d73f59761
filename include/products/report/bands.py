"""Price bands: products by what they cost on average.

The bands of a currency are equally wide, and as narrow as they can be with six of them holding every product: a step
of 1, 2 or 5 times a power of ten, such as 5.00, counted from 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision

MOST_BANDS = 6


@dataclass(frozen=True)
class Band:
    """From a price to below another, in minor units of the currency."""

    from_cents: int
    below_cents: int
    currency: str

    def holds(self, price_cents: Decimal) -> bool:
        return self.from_cents <= price_cents < self.below_cents

    def __str__(self) -> str:
        """Such as "10.00 to 14.99"."""
        digits = get_currency_precision(self.currency)
        first, last = (Decimal(cents).scaleb(-digits) for cents in (self.from_cents, self.below_cents - 1))
        return f"{first} to {last}" if first != last else f"{first}"


def cut(prices_cents: Iterable[Decimal | None], currency: str) -> tuple[Band, ...]:
    """The bands that hold these average prices, the cheapest first. None stands for what has no price."""
    known = [price for price in prices_cents if price is not None and price >= 0]
    if not known:
        return ()
    lowest, highest = int(min(known)), int(max(known))
    step = next(step for step in _steps() if highest // step - lowest // step < MOST_BANDS)
    return tuple(
        Band(number * step, (number + 1) * step, currency) for number in range(lowest // step, highest // step + 1)
    )


def _steps() -> Iterable[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
