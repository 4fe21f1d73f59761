from datetime import date

from hypothesis import given

from include.config.period import Period, PeriodKind
from include.sales.report.comparisons import comparisons
from tests.include.config.test_period import DAYS, KINDS


@given(KINDS, DAYS)
def test_comparisons_lie_before_the_period(kind: PeriodKind, day: date) -> None:
    for comparison in comparisons(Period.around(kind, day)):
        for earlier in comparison.periods:
            assert earlier.last < day
            assert earlier.is_whole


def test_a_day_is_held_against_the_same_weekday() -> None:
    nearest, average = comparisons(Period.around(PeriodKind.DAY, date(2026, 11, 20)))
    assert nearest.label == "Friday a week earlier"
    assert [period.first for period in nearest.periods] == [date(2026, 11, 13)]
    assert average.label == "the average of the 4 Fridays before"
    assert [period.first.day for period in average.periods] == [13, 6, 30, 23]


def test_a_month_that_is_not_over_is_held_against_as_many_days() -> None:
    month = Period.around(PeriodKind.MONTH, date(2026, 11, 20)).until(date(2026, 11, 20))
    assert str(month) == "November 2026 until Nov 20"
    nearest, a_year_before = comparisons(month)
    assert str(nearest.periods[0]) == "October 2026 until Oct 20"
    assert str(a_year_before.periods[0]) == "November 2025 until Nov 20"


def test_the_end_of_march_is_held_against_the_whole_of_a_shorter_february() -> None:
    march = Period.around(PeriodKind.MONTH, date(2026, 3, 30)).until(date(2026, 3, 30))
    assert comparisons(march)[0].periods[0].last == date(2026, 2, 28)
