"""Which period people mean, and which earlier ones it is held against."""

from dataclasses import dataclass
from datetime import date

from include.config.period import DAY, WEEK, Period, PeriodKind, months_on

# The whole period before the one that a day lies in.
BEFORE = {
    "yesterday": PeriodKind.DAY,
    "last week": PeriodKind.WEEK,
    "last month": PeriodKind.MONTH,
    "last quarter": PeriodKind.QUARTER,
    "last year": PeriodKind.YEAR,
}
WORDS = (*BEFORE, *(str(kind) for kind in PeriodKind))


@dataclass(frozen=True)
class Comparison:
    """An earlier period that a period is held against.

    :param label: as it stands in a sentence: "the week before".
    """

    label: str
    period: Period


def asked_period(word: str, day: date | None, *, today: date, newest: date) -> Period:
    """The period that one of `WORDS` means.

    The one that a day lies in ends, while it is not over, with the newest day that has ended. What is "last" is whole,
    whether it has ended everywhere or not.

    :param day: from which it is reckoned; None: from today.
    :param today: the business day of the request.
    :param newest: the newest business day that has ended.
    :raises ValueError: no such word, or a period that has not begun.
    """
    if word in BEFORE:
        kind = BEFORE[word]
        period = Period.around(kind, Period.around(kind, day or today).first - DAY)
    elif word in WORDS:
        period = Period.around(PeriodKind(word), day or newest)
    else:
        raise ValueError(f"period: there is no {word!r}; there are {', '.join(WORDS)}")
    if word in BEFORE and period.last < today:
        return period
    if period.first > newest:
        raise ValueError(f"date: no business day of {period} has ended yet; {newest} is the newest that has")
    return period.until(newest)


def comparisons(period: Period) -> tuple[Comparison, ...]:
    """The period before, and the same one last year: a day or week 52 weeks earlier, so that weekdays match. Of a year
    both are the same. A period that is not over is held against as many days."""
    match period.kind:
        case PeriodKind.DAY:
            return _pair(period, "the day before", period.first - DAY, period.first - 52 * WEEK)
        case PeriodKind.WEEK:
            return _pair(period, "the week before", period.first - WEEK, period.first - 52 * WEEK)
        case PeriodKind.MONTH:
            return _pair(period, "the month before", months_on(period.first, -1), months_on(period.first, -12))
        case PeriodKind.QUARTER:
            return _pair(period, "the quarter before", months_on(period.first, -3), months_on(period.first, -12))
        case PeriodKind.YEAR:
            return (Comparison("the year before", period.earlier(months_on(period.first, -12))),)


def _pair(period: Period, label: str, before: date, a_year_before: date) -> tuple[Comparison, ...]:
    return (
        Comparison(label, period.earlier(before)),
        Comparison("a year before", period.earlier(a_year_before)),
    )
