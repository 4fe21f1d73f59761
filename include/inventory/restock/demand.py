"""How much of an ingredient a location uses on a day, by weekday, and how far days stray from that."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

# Four of each weekday: what came before was another season.
WINDOW_DAYS = 28
PLACES = Decimal("0.00001")


@dataclass(frozen=True)
class Demand:
    """What a day is expected to use, in the ingredient's unit.

    :param weekday_use: seven, from Monday on.
    :param deviation: the standard deviation of a day's use about its weekday's average.
    """

    weekday_use: tuple[Decimal, ...]
    deviation: Decimal

    def on(self, day: date) -> Decimal:
        return self.weekday_use[day.weekday()]

    def over(self, begin: date, end: date) -> Decimal:
        """From the one day up to the other, which is not in it."""
        return sum((self.on(begin + timedelta(days=each)) for each in range((end - begin).days)), Decimal())

    @property
    def daily_use(self) -> Decimal:
        """Of a day of the week on average."""
        return _places(sum(self.weekday_use, Decimal()) / 7)


def demand(
    use: Mapping[date, Decimal], open_days: Collection[date], closed_weekdays: Collection[int] = ()
) -> Demand | None:
    """What days to come will use, by what days have used; None when nothing was used: there is nothing to tell it by.

    :param use: by day; a day that is left out used none.
    :param open_days: the days that count: those on which the location sold anything, and the ingredient was in use.
    :param closed_weekdays: on which the location opens no more (0 is Monday): they use nothing.
    """
    by_weekday: dict[int, list[Decimal]] = defaultdict(list)
    for day in open_days:
        by_weekday[day.weekday()].append(use.get(day, Decimal()))
    days = [each for uses in by_weekday.values() for each in uses]
    if sum(days, Decimal()) <= 0:
        return None
    # A weekday that has not been seen yet is taken to be one like the others.
    every_day = _mean(days)
    means = [_mean(by_weekday[weekday]) if weekday in by_weekday else every_day for weekday in range(7)]
    squares = sum(((each - means[weekday]) ** 2 for weekday, uses in by_weekday.items() for each in uses), Decimal())
    freedom = len(days) - len(by_weekday)
    if freedom == 0 and len(days) > 1:
        # Each weekday once: against its own average none of them strays.
        squares = sum(((each - every_day) ** 2 for each in days), Decimal())
        freedom = len(days) - 1
    return Demand(
        tuple(Decimal() if weekday in closed_weekdays else _places(mean) for weekday, mean in enumerate(means)),
        _places((squares / freedom).sqrt()) if freedom else Decimal(),
    )


def _mean(uses: list[Decimal]) -> Decimal:
    return sum(uses, Decimal()) / len(uses)


def _places(quantity: Decimal) -> Decimal:
    return quantity.quantize(PLACES, ROUND_HALF_UP)
