"""Menu engineering: what is popular, and what brings in much, and what is to be done about the rest.

After M. L. Kasavana and D. I. Smith, *Menu Engineering: A Practical Guide to Menu Analysis*, Hospitality Publications,
1982. An item is popular if its part of the units sold is at least 70 % of what it would be if all items sold equally
well. It is profitable if its contribution margin, a unit's net sales less the cost of its ingredients, is at least the
average of all units sold.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from include.products.report.figures import Product, Sales
from include.products.report.report import Slice, Standing

POPULARITY_FACTOR = Decimal("0.7")


class Kind(StrEnum):
    STAR = "star"
    PLOUGH_HORSE = "plough horse"
    PUZZLE = "puzzle"
    DOG = "dog"


ADVICE = {
    Kind.STAR: "Keep it as it is, and in sight",
    Kind.PLOUGH_HORSE: "Popular, earns little: look at its cost, its portion, its price",
    Kind.PUZZLE: "Earns well, few want it: show it better, rename it, try a lower price",
    Kind.DOG: "Neither: replace it, or leave it out",
}


@dataclass(frozen=True)
class Rated:
    """:param margin_cents: contribution margin of a unit, not rounded."""

    product: Product
    sales: Sales
    mix: Decimal
    margin_cents: Decimal
    kind: Kind

    @property
    def contribution_cents(self) -> Decimal:
        return self.sales.net_cents - self.sales.cost_cents


@dataclass(frozen=True)
class Menu:
    """The rated items of a currency, those that bring in most first.

    :param popular_from: the part of the units sold from which an item is popular.
    :param profitable_from_cents: the margin from which it is profitable.
    :param not_rated: what sold, and why it cannot be rated.
    """

    currency: str
    popular_from: Decimal
    profitable_from_cents: Decimal
    rated: tuple[Rated, ...]
    not_rated: tuple[tuple[Standing, str], ...]

    def of(self, kind: Kind) -> tuple[Rated, ...]:
        return tuple(item for item in self.rated if item.kind is kind)


def engineer(slice_: Slice) -> Menu:
    """Rates all that a place sold against one another: the mix is that of the rated items."""
    sold = [each for each in slice_.standings if each.product.is_known and each.sales.sold_quantity > 0]
    known = [each for each in sold if each.obstacle is None]
    not_rated = tuple((each, each.obstacle) for each in sold if each.obstacle is not None)
    total = sum((each.sales for each in known), Sales())
    if not known:
        return Menu(slice_.currency, Decimal(), Decimal(), (), not_rated)
    all_units, all_contribution = total.sold_quantity, total.net_cents - total.cost_cents
    rated = []
    for each in known:
        units, contribution = each.sales.sold_quantity, each.sales.net_cents - each.sales.cost_cents
        # Multiplied out, so that no rounded quotient decides.
        is_popular = units * len(known) >= POPULARITY_FACTOR * all_units
        is_profitable = contribution * all_units >= all_contribution * units
        kind = _kind(is_popular, is_profitable)
        rated.append(Rated(each.product, each.sales, units / all_units, contribution / units, kind))
    rated.sort(key=lambda item: (-item.contribution_cents, item.product))
    return Menu(slice_.currency, POPULARITY_FACTOR / len(known), all_contribution / all_units, tuple(rated), not_rated)


def _kind(is_popular: bool, is_profitable: bool) -> Kind:
    if is_popular:
        return Kind.STAR if is_profitable else Kind.PLOUGH_HORSE
    return Kind.PUZZLE if is_profitable else Kind.DOG
