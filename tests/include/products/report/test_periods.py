from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.config.period import Period, PeriodKind
from include.products.report.periods import BEFORE, WORDS, asked_period, comparisons

TODAY = date(2026, 11, 23)
NEWEST = date(2026, 11, 21)


def asked(word: str, day: str | None = None, today: date = TODAY, newest: date = NEWEST) -> tuple[str, str]:
    period = asked_period(word, date.fromisoformat(day) if day else None, today=today, newest=newest)
    return period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("word", "day", "first", "last"),
    [
        ("yesterday", None, "2026-11-22", "2026-11-22"),
        ("last week", None, "2026-11-16", "2026-11-22"),
        ("last month", None, "2026-10-01", "2026-10-31"),
        ("last quarter", None, "2026-07-01", "2026-09-30"),
        ("last year", None, "2025-01-01", "2025-12-31"),
        ("last month", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("day", None, "2026-11-21", "2026-11-21"),
        ("week", None, "2026-11-16", "2026-11-21"),
        ("month", None, "2026-11-01", "2026-11-21"),
        ("month", "2026-02-10", "2026-02-01", "2026-02-28"),
        ("year", "2026-02-10", "2026-01-01", "2026-11-21"),
    ],
)
def test_words_mean_whole_periods_before_or_what_there_is_of_one(
    word: str, day: str | None, first: str, last: str
) -> None:
    assert asked(word, day) == (first, last)


@pytest.mark.parametrize("word", ["day", "month", "last week"])
def test_a_period_that_has_not_begun_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"date: no business day of .* has ended yet; 2026-11-21 is the newest"):
        asked(word, "2027-01-31")


def test_a_word_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="period: there is no 'fortnight'; there are yesterday, last week"):
        asked("fortnight")


@given(st.sampled_from(WORDS), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 2))
def test_a_period_ends_with_what_has_ended_or_is_awaited(word: str, today: date, days_behind: int) -> None:
    newest = today - timedelta(days=days_behind)
    period = asked_period(word, None, today=today, newest=newest)
    assert period.first <= period.last < today
    assert period.is_whole if word in BEFORE else period.last <= newest


def compared(kind: PeriodKind, day: str, until: str | None = None) -> list[tuple[str, str, str]]:
    period = Period.around(kind, date.fromisoformat(day))
    if until:
        period = period.until(date.fromisoformat(until))
    return [(each.label, str(each.period.first), str(each.period.last)) for each in comparisons(period)]


def test_a_week_is_held_against_the_one_before_and_the_same_weekdays_a_year_before() -> None:
    assert compared(PeriodKind.WEEK, "2026-11-18") == [
        ("the week before", "2026-11-09", "2026-11-15"),
        ("a year before", "2025-11-17", "2025-11-23"),
    ]


def test_a_month_that_is_not_over_is_held_against_as_many_days() -> None:
    assert compared(PeriodKind.MONTH, "2026-11-01", "2026-11-10") == [
        ("the month before", "2026-10-01", "2026-10-10"),
        ("a year before", "2025-11-01", "2025-11-10"),
    ]


def test_a_year_is_held_against_the_one_before_alone() -> None:
    assert compared(PeriodKind.YEAR, "2026-11-01") == [("the year before", "2025-01-01", "2025-12-31")]


def test_a_day_is_held_against_the_day_before_and_its_weekday_a_year_before() -> None:
    assert compared(PeriodKind.DAY, "2026-11-20") == [
        ("the day before", "2026-11-19", "2026-11-19"),
        ("a year before", "2025-11-21", "2025-11-21"),
    ]
