from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.sales.report.period import Period, PeriodKind, comparisons

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
KINDS = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    ("kind", "first", "last", "slug", "name"),
    [
        ("day", "2026-11-20", "2026-11-20", "2026-11-20", "Friday, November 20, 2026"),
        ("week", "2026-11-16", "2026-11-22", "2026-W47", "week 47, Nov 16 to Nov 22, 2026"),
        ("month", "2026-11-01", "2026-11-30", "2026-11", "November 2026"),
        ("quarter", "2026-10-01", "2026-12-31", "2026-Q4", "Q4 2026"),
        ("year", "2026-01-01", "2026-12-31", "2026", "2026"),
    ],
)
def test_a_day_lies_in_five_periods(kind: str, first: str, last: str, slug: str, name: str) -> None:
    period = Period.around(PeriodKind(kind), date(2026, 11, 20))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert (period.slug, str(period)) == (slug, name)


def test_a_week_over_new_year_belongs_to_the_year_of_its_thursday() -> None:
    assert Period.around(PeriodKind.WEEK, date(2027, 1, 1)).slug == "2026-W53"


@given(KINDS, DAYS)
def test_periods_of_a_kind_lie_end_to_end(kind: PeriodKind, day: date) -> None:
    period = Period.around(kind, day)
    assert period.first <= day <= period.last
    assert period.is_whole
    after = Period.around(kind, period.last + timedelta(days=1))
    assert after.first == period.last + timedelta(days=1)


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
