"""One random order, from nothing but its place in the simulation: day, location, seed and number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from include.config import Discount, Location
from include.sales.simulation.curve import curve, instant
from include.sales.simulation.menu import Choice, Menu

REGULARS = 100

_LINE_COUNTS = (1, 2, 3, 4, 5, 6, 7, 8)
_LINE_COUNT_WEIGHTS = (11, 16, 20, 19, 14, 10, 6, 4)


@dataclass(frozen=True)
class SimulatedLine:
    choice: Choice
    quantity: int


@dataclass(frozen=True)
class SimulatedOrder:
    """What a customer orders and does. Customers are regulars, numbered from 0; the tip is a share of the total."""

    number: int
    placed_at: datetime
    paid_at: datetime
    lines: tuple[SimulatedLine, ...]
    discount: Discount | None
    tip_percent: int
    tender: Literal["CARD", "CASH"]
    customer: int | None
    refund: Literal["all", "half"] | None
    refunded_at: datetime


def draw_line_counts(random: Random, count: int) -> list[int]:
    """How many lines each of `count` orders has: 3.83 on average."""
    return random.choices(_LINE_COUNTS, _LINE_COUNT_WEIGHTS, k=count)


def draw_customer(random: Random, count: int) -> int:
    """One of `count` customers, skewed: a tenth of them come for a third of the visits."""
    return int(count * random.random() ** 2)


def random_order(location: Location, menu: Menu, day: date, seed: int, number: int) -> SimulatedOrder | None:
    """The order of that number; None on a day on which the location is closed.

    Each order has a generator of its own, so that it stays the same whatever the number of orders is.
    """
    opening = curve(location.opening_hours.on(day))
    if opening is None:
        return None
    random = Random(f"order/{seed}/{location.name}/{day}/{number}")
    placed_at = instant(location, day, opening.draw(random) * 60 + random.randrange(60))
    paid_at = placed_at + timedelta(seconds=random.randrange(30, 600))
    lines = tuple(
        SimulatedLine(menu.choose(random), random.choices((1, 2, 3), (90, 8, 2))[0])
        for _ in range(*draw_line_counts(random, 1))
    )
    tender: Literal["CARD", "CASH"] = "CARD" if random.random() < 0.8 else "CASH"
    tips = tender == "CARD" and random.random() < 0.6
    return SimulatedOrder(
        number,
        placed_at,
        paid_at,
        lines,
        discount=random.choice(menu.discounts) if menu.discounts and random.random() < 0.12 else None,
        tip_percent=random.choice((10, 15, 18, 20)) if tips else 0,
        tender=tender,
        customer=draw_customer(random, REGULARS) if random.random() < 0.45 else None,
        refund=random.choice(("all", "half")) if random.random() < 0.02 else None,
        refunded_at=paid_at + timedelta(minutes=random.randrange(5, 60)),
    )
