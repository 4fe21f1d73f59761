"""Which earlier periods a period is held against."""

from dataclasses import dataclass

from include.config.period import WEEK, Period, PeriodKind, months_on


@dataclass(frozen=True)
class Comparison:
    """What a period is held against: one earlier period, or the average of several."""

    label: str
    periods: tuple[Period, ...]


def comparisons(period: Period) -> tuple[Comparison, ...]:
    """The nearest first. Against a period that is not over, earlier ones count for the same number of days."""
    match period.kind:
        case PeriodKind.DAY:
            weekday = f"{period.first:%A}"
            before = [period.earlier(period.first - n * WEEK) for n in range(1, 5)]
            label = f"{weekday} a week earlier"
            return Comparison(label, (before[0],)), Comparison(f"the average of the 4 {weekday}s before", tuple(before))
        case PeriodKind.WEEK:
            before = [period.earlier(period.first - n * WEEK) for n in range(1, 5)]
            return (
                Comparison("the week before", (before[0],)),
                Comparison("the average of the 4 weeks before", tuple(before)),
            )
        case PeriodKind.MONTH | PeriodKind.QUARTER:
            months = 1 if period.kind is PeriodKind.MONTH else 3
            nearest = period.earlier(months_on(period.first, -months))
            a_year_before = period.earlier(months_on(period.first, -12))
            return tuple(Comparison(str(each), (each,)) for each in (nearest, a_year_before))
        case PeriodKind.YEAR:
            year_before = period.earlier(months_on(period.first, -12))
            return (Comparison(str(year_before), (year_before,)),)
