"""When a schedule has its times: a cron expression of five fields, read on the clock of a time zone.

The clock on the wall decides. A time that daylight saving skips is the first instant after the gap, and one that comes
twice is the first of the two: what is due at it runs once in either night.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter

_NAMES = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|MON|TUE|WED|THU|FRI|SAT|SUN"
# Not croniter's seconds, nicknames, hashes and random times: five fields, as everybody knows them.
_FIELD = re.compile(rf"(?:[\d*/,#-]|L|{_NAMES})+", re.IGNORECASE)
_SOME_TIME = datetime(2026, 1, 1)  # noqa: DTZ001 (a wall clock's)
# More than any daylight saving moves a clock by.
_LONGEST_FOLD = timedelta(hours=3)


def check_cron(cron: str) -> str:
    """The expression with single blanks.

    :raises ValueError: it is none, or no time ever fits it.
    """
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(
            f"{cron!r} is no schedule: write minute, hour, day, month and weekday, as in '0 6 * * 1' (Mondays at 6)"
        )
    if wrong := [field for field in fields if not _FIELD.fullmatch(field)]:
        raise ValueError(f"{cron!r} is no schedule: {wrong[0]!r} is none of its fields")
    try:
        croniter(cron, _SOME_TIME).get_next(datetime)
    except CroniterError as error:
        raise ValueError(f"{cron!r} is no schedule: {_reason(error)}") from None
    return " ".join(fields)


def next_times(cron: str, timezone: str, after: datetime, count: int) -> list[datetime]:
    """The next ``count`` times of a schedule after an instant, in UTC."""
    return list(islice(_times_after(cron, ZoneInfo(timezone), after), count))


def next_time(cron: str, timezone: str, after: datetime) -> datetime:
    """The first time of a schedule after an instant, in UTC."""
    return next(_times_after(cron, ZoneInfo(timezone), after))


def last_time(cron: str, timezone: str, at: datetime) -> datetime:
    """The newest time of a schedule that had come at an instant, in UTC."""
    zone = ZoneInfo(timezone)
    # In the hour that comes twice the clock may show less than it has shown.
    times = croniter(cron, at.astimezone(zone).replace(tzinfo=None) + _LONGEST_FOLD)
    while True:
        instant = _instant(times.get_prev(datetime), zone)
        if instant <= at:
            return instant


@lru_cache(maxsize=10_000)
def in_words(cron: str) -> str:
    """Such as "At 06:00 on Monday"."""
    from cron_descriptor import ExpressionDescriptor, Options

    options: Any = Options()
    options.use_24hour_time_format = True
    words: str = ExpressionDescriptor(cron, options).get_description()
    return words.replace(", only on ", " on ").replace(", only in ", " in ")


def _times_after(cron: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    times = croniter(cron, after.astimezone(zone).replace(tzinfo=None))
    last = after.astimezone(UTC)
    while True:
        instant = _instant(times.get_next(datetime), zone)
        # Several skipped times are one instant, and in the hour that comes twice there are times that have been.
        if instant > last:
            last = instant
            yield instant


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a clock shows a time for the first time, or has gone past it."""
    # fold=0 is the first of two, and before a gap's end the offset that held until then.
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # Skipped. By the offset that held after the gap it lies before it.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), instant
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _reason(error: Exception) -> str:
    text = str(error)
    if "failed to find" in text:
        return "no day is ever that day"
    return re.sub(r"^\[.*?\]\s*", "", text)
