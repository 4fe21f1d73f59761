"""The days that a KPI of one business day looks at."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# The day and those before it.
RECENT_DAYS = 30


@dataclass(frozen=True)
class Days:
    """A business day, and what it is compared with."""

    day: date

    @property
    def before(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def week_before(self) -> date:
        return self.day - timedelta(days=7)

    @property
    def recent(self) -> date:
        """The first of the last 30 days."""
        return self.day - timedelta(days=RECENT_DAYS - 1)

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def month_before(self) -> date:
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def same_day_before(self) -> date:
        """The last of the same days of the month before: its end where the month has ended, or where it is shorter."""
        end = self.month - timedelta(days=1)
        return end if self.is_month_over else min(end, self.month_before + timedelta(days=self.day.day - 1))

    @property
    def is_month_over(self) -> bool:
        return self.day.day == monthrange(self.day.year, self.day.month)[1]

    def parameters(self) -> dict[str, Any]:
        names = ("day", "before", "week_before", "recent", "month", "month_before", "same_day_before")
        return {name: getattr(self, name) for name in names}


def months(first: date, last: date) -> Iterator[date]:
    """The first days of all months from one to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
