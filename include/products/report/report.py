"""A report: what was sold, cut into places, with shares, ranks and what earlier periods sold beside it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from include.config import Location
from include.products.report.bands import Band, cut
from include.products.report.figures import Change, Product, Sales, Sold
from include.products.report.periods import Comparison
from include.products.report.request import Request


class Level(StrEnum):
    """How large a place is: what its figures are added up over."""

    ALL = "All locations"
    COUNTRY = "Country"
    PARENT_COMPANY = "Parent company"
    MARKET = "Market"
    LOCATION = "Location"


# Level → the field of a location that names its place.
_FIELDS = {
    Level.COUNTRY: "country",
    Level.PARENT_COMPANY: "parent_company",
    Level.MARKET: "market",
    Level.LOCATION: "name",
}


@dataclass(frozen=True)
class Row:
    """What a location sold of a product in one currency.

    :param obstacle: why its cost is not known; None when it is.
    """

    location_key: int
    product: Product
    currency: str
    sales: Sales
    obstacle: str | None = None


@dataclass(frozen=True)
class RowBefore:
    location_key: int
    product: Product
    currency: str
    sold: Sold


@dataclass(frozen=True)
class Before:
    """What the period of a comparison sold."""

    comparison: Comparison
    rows: tuple[RowBefore, ...]


@dataclass(frozen=True)
class Standing:
    """How a product stands among those of a place.

    :param befores: of each comparison; None where it did not sell.
    :param rank: by net sales, 1 is the best; equal sales share a rank. None: not sold.
    """

    product: Product
    sales: Sales
    befores: tuple[Sold | None, ...]
    rank: int | None
    rank_before: int | None
    unit_share: Decimal | None
    net_share: Decimal | None
    band: Band | None
    obstacle: str | None

    @property
    def movement(self) -> int | None:
        """By how many ranks it has risen; None of what did not sell both times."""
        return None if self.rank is None or self.rank_before is None else self.rank_before - self.rank

    def change(self, number: int) -> Change | None:
        """Against a comparison; None where it did not sell then."""
        before = self.befores[number]
        return None if before is None else Change.since(before.net_cents, self.sales.net_cents)


@dataclass(frozen=True)
class Slice:
    """The sales of a place in one currency: different currencies are never added together.

    :param befores: the totals of each comparison; None where the place sold nothing then.
    :param standings: the best sellers first.
    """

    level: Level
    name: str
    currency: str
    total: Sales
    befores: tuple[Sold | None, ...]
    standings: tuple[Standing, ...]

    def change(self, number: int) -> Change | None:
        before = self.befores[number]
        return None if before is None else Change.since(before.net_cents, self.total.net_cents)


@dataclass(frozen=True)
class Report:
    """:param location_keys: of the request's locations, in their order."""

    request: Request
    location_keys: tuple[int, ...]
    rows: tuple[Row, ...]
    befores: tuple[Before, ...]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        return tuple(before.comparison for before in self.befores)

    @cached_property
    def totals(self) -> tuple[Slice, ...]:
        """All locations together, a slice for each currency."""
        return self.slices(Level.ALL)

    @cached_property
    def bands(self) -> Mapping[str, tuple[Band, ...]]:
        """The price bands of each currency, the same at all places."""
        prices: dict[str, dict[Product, Sales]] = defaultdict(lambda: defaultdict(Sales))
        for row in self.rows:
            if row.product.is_known:
                prices[row.currency][row.product] += row.sales
        return {
            currency: cut((sales.average_price_cents for sales in products.values()), currency)
            for currency, products in prices.items()
        }

    def slices(self, level: Level) -> tuple[Slice, ...]:
        """One for each place of the level and currency it sells in, in the order of the configuration."""
        places: dict[str, list[tuple[Location, int]]] = defaultdict(list)
        for location, key in zip(self.request.locations, self.location_keys, strict=True):
            places[getattr(location, _FIELDS[level]) if level in _FIELDS else self.request.title].append(
                (location, key)
            )
        return tuple(
            self._slice(level, name, currency, frozenset(key for _, key in members))
            for name, members in places.items()
            for currency in self._currencies(members)
        )

    def _currencies(self, members: Iterable[tuple[Location, int]]) -> list[str]:
        own = {location.currency: None for location, _ in members}
        keys = {key for _, key in members}
        return list(own | {row.currency: None for row in self.rows if row.location_key in keys})

    def _slice(self, level: Level, name: str, currency: str, keys: frozenset[int]) -> Slice:
        sales: dict[Product, Sales] = defaultdict(Sales)
        obstacles: dict[Product, str | None] = {}
        for row in self.rows:
            if row.location_key in keys and row.currency == currency:
                sales[row.product] += row.sales
                obstacles[row.product] = obstacles.get(row.product) or row.obstacle
        befores: list[dict[Product, Sold]] = []
        for before in self.befores:
            sold: dict[Product, Sold] = defaultdict(Sold)
            for each in before.rows:
                if each.location_key in keys and each.currency == currency:
                    sold[each.product] += each.sold
            befores.append(dict(sold))
        # What sold in the period before and no longer does has a row, too.
        products = sales.keys() | (befores[0].keys() if befores else set())
        total = sum(sales.values(), Sales())
        ranks = _ranks({product: each.net_cents for product, each in sales.items()})
        ranks_before = _ranks({product: each.net_cents for product, each in befores[0].items()}) if befores else {}
        bands = self.bands.get(currency, ())
        standings = []
        for product in products:
            own = sales.get(product, Sales())
            price = own.average_price_cents
            standings.append(
                Standing(
                    product,
                    own,
                    tuple(each.get(product) for each in befores),
                    ranks.get(product),
                    ranks_before.get(product),
                    _share(own.sold_quantity, total.sold_quantity),
                    _share(Decimal(own.net_cents), Decimal(total.net_cents)),
                    next((band for band in bands if price is not None and band.holds(price)), None),
                    obstacles.get(product),
                )
            )
        standings.sort(key=lambda each: (-each.sales.net_cents, each.product))
        return Slice(
            level,
            name,
            currency,
            total,
            tuple(sum(each.values(), Sold()) if each else None for each in befores),
            tuple(standings),
        )


def _ranks(nets: Mapping[Product, int]) -> dict[Product, int]:
    best_first = sorted((net for product, net in nets.items() if product.is_known), reverse=True)
    first_at: dict[int, int] = {}
    for rank, net in enumerate(best_first, start=1):
        first_at.setdefault(net, rank)
    return {product: first_at[net] for product, net in nets.items() if product.is_known}


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole > 0 else None
