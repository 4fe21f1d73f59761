"""Is an ingredient short, how long does it last, and how much is to be ordered? Every quantity is in its unit."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from statistics import NormalDist

from include.inventory.restock.demand import Demand

# What lasts longer needs no forecast.
FURTHEST_DAYS = 366
TENTH = Decimal("0.1")
PLACES = Decimal("0.00001")


class Level(StrEnum):
    LOW = "low"
    OUT = "out"


@dataclass(frozen=True)
class Shelf:
    """What there is of an ingredient at a location. `today` is the location's business day."""

    today: date
    on_hand: Decimal
    on_order: Decimal
    used_today: Decimal


@dataclass(frozen=True)
class Limits:
    """What the configuration asks for."""

    service_level: Decimal
    cover_days: int
    # Instead of what is reckoned.
    par: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Outlook:
    """`reorder_point` and `maximum` are None where there is nothing to tell them by, and 0 is wanted then."""

    level: Level | None
    reorder_point: Decimal | None
    maximum: Decimal | None
    wanted_quantity: Decimal
    daily_use: Decimal | None
    # Of what is on hand, today's rest counted as part of a day; None: no known use, or more than a year.
    days_left: Decimal | None
    runs_out_date: date | None


def outlook(shelf: Shelf, demand: Demand | None, limits: Limits, until: date | None) -> Outlook:
    """
    :param demand: None where nothing is known of it.
    :param until: the day of the delivery that comes next if nothing is ordered now; None without a supplier.
    """
    reorder_point = _reorder_point(shelf, demand, limits, until)
    maximum = _maximum(reorder_point, demand, limits, until or shelf.today)
    if reorder_point is not None and maximum is not None:
        # More than fits is never asked for.
        reorder_point = min(reorder_point, maximum)
    is_low = reorder_point is not None and shelf.on_hand + shelf.on_order < reorder_point
    # The ledger may be below nothing; a shelf is not.
    there_is = max(shelf.on_hand, Decimal()) + shelf.on_order
    days_left, runs_out_date = _forecast(shelf, demand)
    return Outlook(
        level=Level.OUT if shelf.on_hand <= 0 else Level.LOW if is_low else None,
        reorder_point=reorder_point,
        maximum=maximum,
        wanted_quantity=max(maximum - there_is, Decimal()) if is_low and maximum is not None else Decimal(),
        daily_use=demand.daily_use if demand else None,
        days_left=days_left,
        runs_out_date=runs_out_date,
    )


def packs_of(quantity: Decimal, pack_quantity: Decimal) -> int:
    """How many whole packs hold a quantity."""
    return int((quantity / pack_quantity).to_integral_value(ROUND_CEILING))


def _reorder_point(shelf: Shelf, demand: Demand | None, limits: Limits, until: date | None) -> Decimal | None:
    """A par level, or use up to the delivery and, for the safety stock, z x deviation x square root of the days."""
    if limits.par is not None:
        return limits.par
    if demand is None or until is None:
        return None
    days = max((until - shelf.today).days, 1)
    use = _rest_of_today(shelf, demand) + demand.over(shelf.today + timedelta(days=1), shelf.today + timedelta(days))
    safety = _z(limits.service_level) * demand.deviation * Decimal(days).sqrt()
    return (use + safety).quantize(PLACES, ROUND_HALF_UP)


def _maximum(reorder_point: Decimal | None, demand: Demand | None, limits: Limits, begin: date) -> Decimal | None:
    if limits.maximum is not None or reorder_point is None:
        return limits.maximum
    cover = demand.over(begin, begin + timedelta(days=limits.cover_days)) if demand else Decimal()
    return reorder_point + cover


@cache
def _z(service_level: Decimal) -> Decimal:
    """How many deviations cover that share of cases."""
    return Decimal(f"{NormalDist().inv_cdf(float(service_level)):.6f}")


def _rest_of_today(shelf: Shelf, demand: Demand) -> Decimal:
    return max(demand.on(shelf.today) - shelf.used_today, Decimal())


def _forecast(shelf: Shelf, demand: Demand | None) -> tuple[Decimal | None, date | None]:
    if demand is None:
        return None, None
    left = shelf.on_hand
    if left <= 0:
        return Decimal(), shelf.today
    lasted = Decimal()
    day = shelf.today
    for _ in range(FURTHEST_DAYS):
        whole = demand.on(day)
        use = _rest_of_today(shelf, demand) if day == shelf.today else whole
        # Of a day on which nothing is used the whole passes.
        part = use / whole if whole else Decimal(1)
        if use > left:
            return (lasted + part * left / use).quantize(TENTH, ROUND_HALF_UP), day
        left -= use
        lasted += part
        day += timedelta(days=1)
    return None, None
