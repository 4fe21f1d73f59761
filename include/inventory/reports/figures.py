"""What stock did on a business day, as plain values. Costs are exact, in cents; `cents` rounds a sum, once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Cost:
    """What a unit of an ingredient cost on that day; both None without a known price."""

    unit_cost_cents: Decimal | None
    currency: str | None

    def of(self, quantity: Decimal) -> Decimal:
        """0 without a known price."""
        return quantity * (self.unit_cost_cents or 0)


@dataclass(frozen=True)
class Moved:
    """An ingredient at a location: what was used, thrown away, and found more (or less) by counting than was booked."""

    ingredient_name: str
    unit: str
    used_quantity: Decimal
    wasted_quantity: Decimal
    counted_quantity: Decimal
    cost: Cost


@dataclass(frozen=True)
class OnHand:
    """An ingredient at a location at the end of the day."""

    ingredient_name: str
    unit: str
    quantity: Decimal
    cost: Cost


@dataclass(frozen=True)
class Unmapped:
    """A product that was sold without a recipe; `modifier_name` is None where the variation itself has none."""

    item_name: str
    variation_name: str
    modifier_name: str | None
    sold_quantity: Decimal
    order_count: int


@dataclass(frozen=True)
class AtSquare:
    """An ingredient of which Square's count is not ours; `square_quantity` None: Square counts nothing."""

    ingredient_name: str
    unit: str
    ledger_quantity: Decimal
    square_quantity: Decimal | None
    cost: Cost

    @property
    def difference(self) -> Decimal:
        return (self.square_quantity or Decimal()) - self.ledger_quantity


@dataclass(frozen=True)
class LocationDay:
    """One location's day. Amounts are in its currency; ingredients priced in another have no part in them."""

    name: str
    timezone: str
    currency: str
    net_cents: int
    moved: Sequence[Moved]
    stock: Sequence[OnHand]
    unmapped: Sequence[Unmapped]
    at_square: Sequence[AtSquare]

    @property
    def used_cost(self) -> Decimal:
        return sum((each.cost.of(each.used_quantity) for each in self.moved if self._is_own(each.cost)), Decimal())

    @property
    def wasted_cost(self) -> Decimal:
        return sum((each.cost.of(each.wasted_quantity) for each in self.moved if self._is_own(each.cost)), Decimal())

    @property
    def counted_cost(self) -> Decimal:
        return sum((each.cost.of(each.counted_quantity) for each in self.moved if self._is_own(each.cost)), Decimal())

    @property
    def stock_value(self) -> Decimal | None:
        """None before anybody has said how much there is."""
        if not self.stock:
            return None
        return sum((each.cost.of(each.quantity) for each in self.stock if self._is_own(each.cost)), Decimal())

    @property
    def used(self) -> list[Moved]:
        """The dearest first."""
        used = [each for each in self.moved if each.used_quantity]
        return sorted(used, key=lambda each: (-each.cost.of(each.used_quantity), each.ingredient_name))

    @property
    def counted(self) -> list[Moved]:
        """What counting the shelves found otherwise, the dearest difference first."""
        counted = [each for each in self.moved if each.counted_quantity]
        return sorted(counted, key=lambda each: (-abs(each.cost.of(each.counted_quantity)), each.ingredient_name))

    @property
    def negative(self) -> list[OnHand]:
        return [each for each in self.stock if each.quantity < 0]

    @property
    def cost_ratio(self) -> Decimal | None:
        """Cost of what was used as a part of net sales; None without sales."""
        return self.used_cost / self.net_cents if self.net_cents > 0 else None

    def _is_own(self, cost: Cost) -> bool:
        return cost.currency in (None, self.currency)


@dataclass(frozen=True)
class DayReport:
    """:param title: the location's name, or the chain's.
    :param open_until_at: for a day that is not over: how far square_sync had come.
    """

    title: str
    is_chain: bool
    day: date
    timezone: str
    open_until_at: datetime | None
    locations: Sequence[LocationDay]

    @property
    def is_kept(self) -> bool:
        """Whether stock is kept at all."""
        return any(each.moved or each.stock for each in self.locations)


def cents(cost: Decimal) -> int:
    return int(cost.quantize(Decimal(1), ROUND_HALF_UP))


def digest(report: DayReport) -> str:
    """Equal for equal figures of the day. What goes on selling moves Square's count and ours alike: of these only the
    difference counts."""
    own = [
        (
            each.name,
            each.net_cents,
            each.moved,
            each.stock,
            each.unmapped,
            [(one.ingredient_name, one.difference) for one in each.at_square],
        )
        for each in report.locations
    ]
    return hashlib.sha256(repr(own).encode()).hexdigest()[:16]
