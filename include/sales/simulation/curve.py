"""When customers come: two peaks, as a pizza business has them, within the opening hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from include.config import Location, OpeningTime

# Relative numbers of orders for each hour of the local day (those after midnight count on), the shape of a year of
# orders of a pizza place: noon and six in the evening are busiest.
_BUSY = {9: 1, 10: 3, 11: 27, 12: 68, 13: 64, 14: 36, 15: 32, 16: 42, 17: 52, 18: 54, 19: 44, 20: 35, 21: 25, 22: 14}
_LATE = {23: 6, 24: 5, 25: 3}
_WEIGHTS = _BUSY | _LATE
# The last order comes so early that it is paid before the doors close.
_LAST_ORDER_MINUTES = 15


@dataclass(frozen=True)
class Curve:
    """The minutes of one local day in which orders come, and how likely each is."""

    minutes: Sequence[int]
    cumulative_weights: Sequence[int]

    def draw(self, random: Random) -> int:
        return random.choices(self.minutes, cum_weights=self.cumulative_weights)[0]


@lru_cache(maxsize=64)
def curve(opening_times: tuple[OpeningTime, ...]) -> Curve | None:
    """The curve of a day with these opening times; None when the location is closed."""
    minutes = [
        minute
        for opening in opening_times
        for minute in range(opening.begin_minute, opening.end_minute - _LAST_ORDER_MINUTES)
    ]
    return Curve(minutes, list(accumulate(_WEIGHTS.get(minute // 60, 2) for minute in minutes))) if minutes else None


def instant(location: Location, day: date, second: float) -> datetime:
    """The instant, in UTC, so many seconds of wall clock after the local midnight that begins a day."""
    local = datetime.combine(day, time()) + timedelta(seconds=second)
    return local.replace(tzinfo=location.zone).astimezone(UTC)
