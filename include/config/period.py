"""Periods of business days, and how people call them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """Business days from `first` to `last`, both included. One that is not over yet is cut at its newest day."""

    kind: PeriodKind
    first: date
    last: date

    @classmethod
    def around(cls, kind: PeriodKind, day: date) -> "Period":
        """The whole period that a day lies in; weeks begin on Monday, as ISO 8601 has it."""
        match kind:
            case PeriodKind.DAY:
                return cls(kind, day, day)
            case PeriodKind.WEEK:
                monday = day - day.weekday() * DAY
                return cls(kind, monday, monday + 6 * DAY)
            case PeriodKind.MONTH:
                return cls(kind, day.replace(day=1), months_on(day, 1) - DAY)
            case PeriodKind.QUARTER:
                first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
                return cls(kind, first, months_on(first, 3) - DAY)
            case PeriodKind.YEAR:
                return cls(kind, date(day.year, 1, 1), date(day.year, 12, 31))

    def until(self, day: date) -> "Period":
        """This period without the days after `day`."""
        return replace(self, last=min(self.last, day))

    def earlier(self, day: date) -> "Period":
        """The period of this kind around an earlier day. Where this one is cut, so is that: to as many days."""
        whole = Period.around(self.kind, day)
        return whole if self.is_whole else whole.until(whole.first + (self.day_count - 1) * DAY)

    @property
    def is_whole(self) -> bool:
        return self == Period.around(self.kind, self.first)

    @property
    def day_count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def slug(self) -> str:
        """The period in a file's or a tab's name; it sorts by time."""
        match self.kind:
            case PeriodKind.DAY:
                return self.first.isoformat()
            case PeriodKind.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year}-W{week:02}"
            case PeriodKind.MONTH:
                return f"{self.first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
            case PeriodKind.YEAR:
                return str(self.first.year)

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.DAY:
                return f"{self.first:%A, %B} {self.first.day}, {self.first.year}"
            case PeriodKind.WEEK:
                _, week, _ = self.first.isocalendar()
                name = (
                    f"week {week}, {self.first:%b} {self.first.day} to {self.last:%b} {self.last.day}, {self.last.year}"
                )
            case PeriodKind.MONTH:
                name = f"{self.first:%B %Y}"
            case PeriodKind.QUARTER:
                name = f"Q{(self.first.month + 2) // 3} {self.first.year}"
            case PeriodKind.YEAR:
                name = str(self.first.year)
        return name if self.is_whole else f"{name} until {self.last:%b} {self.last.day}"


def months_on(day: date, months: int) -> date:
    """The first of the month that lies so many months after that of `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
