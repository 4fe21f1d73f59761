"""Days and times that people name by how they lie to today: "yesterday", "start of last month", "12 hours ago"."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from include.config.period import Period, PeriodKind, months_on

DAY = timedelta(days=1)
# For forms: what people mostly mean. Any number may stand in "7 days ago".
DATE_WORDS = (
    "today",
    "yesterday",
    "tomorrow",
    "7 days ago",
    "28 days ago",
    *(
        f"{edge} of {which} {kind}"
        for which in ("this", "last")
        for kind in ("week", "month", "quarter", "year")
        for edge in ("start", "end")
    ),
)
TIMESTAMP_WORDS = ("now", "24 hours ago", *(word for word in DATE_WORDS if not word.startswith("end")))

_AGO = re.compile(r"(\d{1,4}) (minute|hour|day|week|month|year)s? ago")
_EDGE = re.compile(r"(start|end) of (this|last|next) (week|month|quarter|year)")


def relative_date(words: str, today: date) -> date | None:
    """None: these words name no day. Weeks begin on Monday; an end is the last day, not the one after it.

    :raises OverflowError: before the year 1, or after 9999.
    """
    words = _plain(words)
    match words:
        case "today":
            return today
        case "yesterday":
            return today - DAY
        case "tomorrow":
            return today + DAY
    if ago := _AGO.fullmatch(words):
        number, unit = int(ago[1]), ago[2]
        match unit:
            case "day" | "week":
                return today - timedelta(**{f"{unit}s": number})
            case "month" | "year":
                return _months_before(today, number * (12 if unit == "year" else 1))
    if edge := _EDGE.fullmatch(words):
        period = Period.around(PeriodKind(edge[3]), today)
        if edge[2] == "last":
            period = Period.around(period.kind, period.first - DAY)
        elif edge[2] == "next":
            period = Period.around(period.kind, period.last + DAY)
        return period.first if edge[1] == "start" else period.last
    return None


def relative_timestamp(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """A day's words mean its midnight; where a clock change skips that, the first moment of the day."""
    words = _plain(words)
    if words == "now":
        return now
    if (ago := _AGO.fullmatch(words)) and ago[2] in ("minute", "hour"):
        return now - timedelta(**{f"{ago[2]}s": int(ago[1])})
    if words.startswith("end"):
        return None
    day = relative_date(words, now.astimezone(zone).date())
    return None if day is None else start_of_day(day, zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def _months_before(day: date, number: int) -> date:
    first = _in_calendar(months_on, day, -number)
    last_day = (_in_calendar(months_on, first, 1) - DAY).day
    return first.replace(day=min(day.day, last_day))


def _in_calendar(move: Callable[[date, int], date], day: date, months: int) -> date:
    try:
        return move(day, months)
    except ValueError as error:
        raise OverflowError(str(error)) from error


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
