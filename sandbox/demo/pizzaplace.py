"""The pizzaplace data that great-tables brings along: 21,350 orders of 2015, 49,574 pizzas (MIT licence)."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path

FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2015, 12, 31)
YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class PlacedOrder:
    """:param at: the wall clock. :param skus: one for each pizza, as the demo chain's products.yaml writes them."""

    at: datetime
    skus: Sequence[str]


def placed_orders() -> list[PlacedOrder]:
    """All orders, by time."""
    orders: dict[str, tuple[datetime, list[str]]] = {}
    with _file().open(newline="") as lines:
        for row in csv.DictReader(lines):
            known = orders.get(row["id"])
            if known is None:
                at = datetime.combine(date.fromisoformat(row["date"]), time.fromisoformat(row["time"]))
                known = orders[row["id"]] = (at, [])
            known[1].append(f"{row['name']}_{row['size']}".lower())
    return sorted((PlacedOrder(at, skus) for at, skus in orders.values()), key=lambda order: order.at)


def shift(day: date, last_day: date) -> timedelta:
    """By how much a day of the data is moved, whole weeks, so that weekdays stay and the year ends on ``last_day``.

    The data's last day, a Thursday, moves to the last Thursday up to ``last_day``. The days after it (none to six,
    Friday to Wednesday) are filled with the first ones of the data that have their weekday, which go 52 weeks further
    than the others. So the first Thursday of all stands alone before them, every order comes exactly once, and the
    last days have orders: the seven days on which the place was closed lie elsewhere.
    """
    weeks = timedelta(weeks=(last_day - LAST_DAY).days // 7)
    missing_days = (last_day - LAST_DAY - weeks).days
    return weeks + YEAR if 0 < (day - FIRST_DAY).days <= missing_days else weeks


def _file() -> Path:
    # Found without being imported: great_tables takes a second to load, and only its file is wanted.
    spec = find_spec("great_tables")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("great-tables is not installed: it is in requirements-dev.txt")
    return Path(spec.submodule_search_locations[0]) / "data" / "05-pizzaplace.csv"
