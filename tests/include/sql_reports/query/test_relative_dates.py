from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from include.sql_reports.query.relative_dates import DATE_WORDS, TIMESTAMP_WORDS, relative_date, relative_timestamp

SATURDAY = date(2026, 11, 21)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-21"),
        ("Yesterday ", "2026-11-20"),
        ("tomorrow", "2026-11-22"),
        ("7 days ago", "2026-11-14"),
        ("1 week ago", "2026-11-14"),
        ("9 months ago", "2026-02-21"),
        ("1 year ago", "2025-11-21"),
        ("start of this week", "2026-11-16"),
        ("end of this week", "2026-11-22"),
        ("start of  last week", "2026-11-09"),
        ("end of last week", "2026-11-15"),
        ("start of last month", "2026-10-01"),
        ("end of last month", "2026-10-31"),
        ("start of this quarter", "2026-10-01"),
        ("start of last quarter", "2026-07-01"),
        ("end of last quarter", "2026-09-30"),
        ("end of this year", "2026-12-31"),
        ("start of last year", "2025-01-01"),
        ("start of next month", "2026-12-01"),
    ],
)
def test_words_name_a_day(words: str, day: str) -> None:
    assert relative_date(words, SATURDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words", ["", "someday", "2026-11-21", "start of last fortnight", "3 hours ago", "-1 days ago"]
)
def test_other_words_name_none(words: str) -> None:
    assert relative_date(words, SATURDAY) is None


def test_a_month_before_a_long_months_end_is_the_short_months_end() -> None:
    assert relative_date("1 month ago", date(2026, 3, 31)) == date(2026, 2, 28)
    assert relative_date("1 year ago", date(2024, 2, 29)) == date(2023, 2, 28)


def test_days_before_the_calendar_are_an_overflow() -> None:
    with pytest.raises(OverflowError):
        relative_date("9999 years ago", SATURDAY)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("now", "2026-11-21T03:30:00+00:00"),
        ("24 hours ago", "2026-11-20T03:30:00+00:00"),
        ("90 minutes ago", "2026-11-21T02:00:00+00:00"),
        # It is still Friday there.
        ("today", "2026-11-20T05:00:00+00:00"),
        ("start of last month", "2026-10-01T04:00:00+00:00"),
    ],
)
def test_words_name_a_time_in_the_reports_zone(words: str, at: str) -> None:
    now = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
    assert relative_timestamp(words, now, NEW_YORK) == datetime.fromisoformat(at)


def test_the_day_on_which_clocks_change_begins_at_its_first_moment() -> None:
    now = datetime(2026, 9, 6, 12, tzinfo=UTC)
    # In Chile clocks go from 24:00 of Saturday to 01:00.
    assert relative_timestamp("today", now, ZoneInfo("America/Santiago")) == datetime(2026, 9, 6, 4, tzinfo=UTC)


def test_hours_are_counted_through_both_nights() -> None:
    for now in (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC)):
        before = relative_timestamp("24 hours ago", now, NEW_YORK)
        assert before is not None
        assert (now - before).total_seconds() == 24 * 3600


def test_every_word_that_forms_offer_is_understood() -> None:
    now = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
    assert all(relative_date(words, SATURDAY) for words in DATE_WORDS)
    assert all(relative_timestamp(words, now, NEW_YORK) for words in TIMESTAMP_WORDS)
