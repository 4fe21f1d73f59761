from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.config.period import Period, PeriodKind

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
