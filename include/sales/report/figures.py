"""What gold knows of a period, as plain values. Money is in minor units; quantities are exact decimals."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Amounts:
    """The grand totals of some orders, all of one currency.

    net = gross - discount - refund (sales without tax); total = net + tax + service charge + tip (money taken).
    """

    order_count: int = 0
    gross_cents: int = 0
    discount_cents: int = 0
    refund_cents: int = 0
    net_cents: int = 0
    tax_cents: int = 0
    service_charge_cents: int = 0
    tip_cents: int = 0
    total_cents: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def divided_by(self, count: int) -> "Amounts":
        """The average of `count` periods, each figure rounded by itself, half up."""
        return Amounts(*(_rounded(getattr(self, each.name), count) for each in fields(self)))

    @property
    def average_order_cents(self) -> int | None:
        """Net sales of an order; None without orders."""
        return _rounded(self.net_cents, self.order_count) if self.order_count else None


@dataclass(frozen=True)
class LocationAmounts:
    """The totals of one location."""

    location_key: int
    name: str
    market: str
    currency: str
    amounts: Amounts


@dataclass(frozen=True)
class GroupSales:
    """The sales of an item, a variation, a modifier or a category: what the report is grouped by.

    Of items, gross holds the modifiers' part (`modifier_gross_cents`) too, as Square's item sales do: a refund gives
    back both. Over all groups but modifiers, gross, discount, refund and net add up to the period's totals.
    """

    name: str
    variation_name: str
    category: str
    currency: str
    sold_quantity: Decimal
    returned_quantity: Decimal
    order_count: int
    gross_cents: int
    modifier_gross_cents: int
    discount_cents: int
    refund_cents: int
    net_cents: int


@dataclass(frozen=True)
class ModifierSales:
    """The sales of one modifier on one item variation."""

    modifier_name: str
    item_name: str
    variation_name: str
    currency: str
    sold_quantity: Decimal
    order_count: int
    gross_cents: int
    discount_cents: int
    net_cents: int


@dataclass(frozen=True)
class Refund:
    """One order that gave money back. `refund_cents` is the sales part, `total_cents` all that was given back."""

    refunded_at: datetime
    items: str
    reason: str
    currency: str
    refund_cents: int
    total_cents: int


@dataclass(frozen=True)
class Change:
    """How a period did against an earlier one."""

    label: str
    before: Amounts
    net_cents: int
    net_ratio: Decimal | None
    order_count: int

    @classmethod
    def since(cls, label: str, before: Amounts, now: Amounts) -> "Change":
        """`net_ratio` is 0.125 for a growth by an eighth, None where nothing was sold before."""
        change_cents = now.net_cents - before.net_cents
        ratio = Decimal(change_cents) / before.net_cents if before.net_cents > 0 else None
        return cls(label, before, change_cents, ratio, now.order_count - before.order_count)


def _rounded(value: int, count: int) -> int:
    return int((Decimal(value) / count).quantize(Decimal(1), ROUND_HALF_UP))
