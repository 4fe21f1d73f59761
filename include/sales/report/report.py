"""A report: the figures of one location, or of the chain's locations side by side, over one period."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from include.config.period import Period
from include.sales.report.figures import Amounts, Change, GroupSales, LocationAmounts, ModifierSales, Refund
from include.sales.report.request import GroupBy


@dataclass(frozen=True)
class Before:
    """The totals that a comparison calls for, per location key; a location without sales then is left out."""

    label: str
    amounts: Mapping[int, Amounts]


@dataclass(frozen=True)
class Report:
    """:param title: the location's name, or the chain's.
    :param timezone: the zone that times are shown in.
    :param open_until_at: for a day that is not over: how far square_sync had come.
    """

    title: str
    is_chain: bool
    period: Period
    group_by: GroupBy
    timezone: str
    open_until_at: datetime | None
    locations: tuple[LocationAmounts, ...]
    befores: tuple[Before, ...]
    groups: tuple[GroupSales, ...]
    modifiers: tuple[ModifierSales, ...]
    refunds: tuple[Refund, ...]

    @property
    def totals(self) -> dict[str, Amounts]:
        """Grand totals per currency: different currencies are never added together."""
        totals: dict[str, Amounts] = defaultdict(Amounts)
        for location in self.locations:
            totals[location.currency] += location.amounts
        return dict(totals)

    @property
    def markets(self) -> dict[tuple[str, str], Amounts]:
        """Totals per market and currency."""
        markets: dict[tuple[str, str], Amounts] = defaultdict(Amounts)
        for location in self.locations:
            markets[location.market, location.currency] += location.amounts
        return dict(markets)

    def changes(self, currency: str) -> list[Change]:
        """How the grand total of a currency did against each comparison."""
        keys = [location.location_key for location in self.locations if location.currency == currency]
        return [
            Change.since(
                before.label,
                sum((before.amounts.get(key, Amounts()) for key in keys), Amounts()),
                self.totals[currency],
            )
            for before in self.befores
            if any(key in before.amounts for key in keys)
        ]

    def changes_at(self, location: LocationAmounts) -> list[Change]:
        """How one location did against each comparison in which it sold something."""
        return [
            Change.since(before.label, before.amounts[location.location_key], location.amounts)
            for before in self.befores
            if location.location_key in before.amounts
        ]
