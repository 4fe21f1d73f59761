"""What Square has to be told of one ingredient at one location, so that it counts what the ledger says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from include.square.stock import Place

# Square hears of nothing that is older than a day; the hour is for what waits for an answer.
OLDEST = timedelta(hours=23)
# Square's times have milliseconds.
TICK = timedelta(milliseconds=1)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Pair:
    """A location and an ingredient of which Square says, or should say, something else than the ledger.

    :param level_quantity: what Square should say by all that it was told, and by what it sold itself; None: nothing.
    :param sent_at: when the newest change occurred that it was told of.
    :param sold_quantity: the sum of what the ledger has booked since, and so on; Square's own sales are not in them.
    :param late_quantity: what of them occurred too long ago to be told.
    :param is_late: whether anything did.
    :param is_counted: people have counted it since.
    """

    location_key: int
    location_id: str
    ingredient_key: int
    variation_id: str
    is_sold_by_square: bool
    ledger_quantity: Decimal
    level_quantity: Decimal | None
    sent_at: datetime | None
    refusal_count: int
    sold_quantity: Decimal
    wasted_quantity: Decimal
    received_quantity: Decimal
    passed_on_quantity: Decimal
    late_quantity: Decimal
    is_late: bool
    is_counted: bool
    newest_at: datetime | None

    @property
    def place(self) -> Place:
        return self.variation_id, self.location_id

    @property
    def missing_quantity(self) -> Decimal:
        return self.ledger_quantity - (self.level_quantity or NOTHING)


@dataclass(frozen=True)
class Change:
    """One change as Square takes it, without states a count; :param level_change: what it does to the level."""

    pair: Pair
    from_state: str | None
    to_state: str | None
    quantity: Decimal
    occurred_at: datetime
    level_change: Decimal
    late_quantity: Decimal = NOTHING

    @property
    def is_count(self) -> bool:
        return self.from_state is None


def changes_of(pair: Pair, square_quantity: Decimal | None, now: datetime) -> list[Change]:
    """:param square_quantity: what Square says at present; None: it counts nothing there."""
    told = pair.sold_quantity + pair.wasted_quantity + pair.received_quantity + pair.passed_on_quantity
    if pair.level_quantity is None or pair.refusal_count:
        return list(_count(pair, square_quantity, now))
    if pair.missing_quantity == 0:
        return []
    if pair.is_counted or pair.is_late or told != pair.missing_quantity:
        return list(_count(pair, square_quantity, now))
    return list(_adjustments(pair, now))


def _adjustments(pair: Pair, now: datetime) -> Iterator[Change]:
    # Square passes over what occurred before its last count.
    occurred_at = max(_after(pair.sent_at, now), min(pair.newest_at or now, now))
    for quantity, less, more in (
        (pair.sold_quantity, ("IN_STOCK", "SOLD"), ("UNLINKED_RETURN", "IN_STOCK")),
        (pair.wasted_quantity, ("IN_STOCK", "WASTE"), ("NONE", "IN_STOCK")),
        (pair.received_quantity, ("IN_STOCK", "SOLD"), ("NONE", "IN_STOCK")),
        (pair.passed_on_quantity, ("IN_STOCK", "SOLD"), ("NONE", "IN_STOCK")),
    ):
        if quantity:
            yield Change(pair, *(more if quantity > 0 else less), abs(quantity), occurred_at, quantity)


def _count(pair: Pair, square_quantity: Decimal | None, now: datetime) -> Iterator[Change]:
    target = pair.ledger_quantity
    if pair.is_sold_by_square and square_quantity is not None and pair.level_quantity is not None:
        # Square has perhaps sold some that the ledger has not heard of: only what is missing is added.
        target = square_quantity + pair.missing_quantity
    occurred_at = max(_after(pair.sent_at, now), now)
    # A count is never below zero: what is owed is taken off after it.
    owed = min(target, NOTHING)
    late = pair.late_quantity if pair.is_late else NOTHING
    yield Change(pair, None, None, target - owed, occurred_at, pair.missing_quantity - owed, late)
    if owed:
        yield Change(pair, "IN_STOCK", "SOLD", -owed, occurred_at + TICK, owed)


def _after(sent_at: datetime | None, now: datetime) -> datetime:
    return sent_at + TICK if sent_at else now - OLDEST
