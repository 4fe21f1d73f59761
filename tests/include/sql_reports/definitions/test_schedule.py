from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.sql_reports.definitions.schedule import check_cron, in_words, last_time, next_time, next_times


def times(cron: str, timezone: str, after: str, count: int) -> list[str]:
    found = next_times(cron, timezone, datetime.fromisoformat(after), count)
    return [f"{at:%m-%d %H:%M}" for at in found]


@pytest.mark.parametrize(
    ("timezone", "after", "night", "day_after"),
    [
        # 02:30 is skipped; the clocks go from 02:00 to 03:00, at 07:00 UTC in New York.
        ("America/New_York", "2026-03-07T12:00+00:00", "03-08 07:00", "03-09 06:30"),
        ("Europe/Berlin", "2026-03-28T12:00+00:00", "03-29 01:00", "03-30 00:30"),
        # Lord Howe moves by half an hour, from 02:00 to 02:30: that is the instant itself.
        ("Australia/Lord_Howe", "2026-10-03T02:00+00:00", "10-03 15:30", "10-04 15:30"),
    ],
)
def test_a_time_that_is_skipped_is_the_first_instant_after(
    timezone: str, after: str, night: str, day_after: str
) -> None:
    assert times("30 2 * * *", timezone, after, 2) == [night, day_after]
    assert times("15 2 * * *", timezone, after, 1) == [night]


@pytest.mark.parametrize(
    ("cron", "timezone", "after", "night", "day_after"),
    [
        ("30 1 * * *", "America/New_York", "2026-10-31T12:00+00:00", "11-01 05:30", "11-02 06:30"),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00+00:00", "10-25 00:30", "10-26 01:30"),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T02:00+00:00", "04-04 14:45", "04-05 15:15"),
    ],
)
def test_a_time_that_comes_twice_is_the_first_of_the_two(
    cron: str, timezone: str, after: str, night: str, day_after: str
) -> None:
    assert times(cron, timezone, after, 2) == [night, day_after]


def test_between_the_two_times_that_the_clock_shows_the_next_is_the_day_after() -> None:
    assert times("30 1 * * *", "America/New_York", "2026-11-01T06:10+00:00", 1) == ["11-02 06:30"]


def test_what_runs_every_quarter_of_an_hour_has_no_time_twice_in_either_night() -> None:
    spring = next_times("*/15 * * * *", "America/New_York", datetime(2026, 3, 8, 6, 30, tzinfo=UTC), 4)
    assert [f"{at:%H:%M}" for at in spring] == ["06:45", "07:00", "07:15", "07:30"]
    autumn = next_times("*/15 * * * *", "America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), 3)
    assert [f"{at:%H:%M}" for at in autumn] == ["05:45", "07:00", "07:15"]


@pytest.mark.parametrize("at", ["2026-11-01T06:10+00:00", "2026-03-08T07:00+00:00", "2026-06-01T00:00:00.5+00:00"])
def test_the_newest_time_that_had_come_is_found_in_either_night(at: str) -> None:
    now = datetime.fromisoformat(at)
    last = last_time("45 1 * * *", "America/New_York", now)
    assert last <= now < next_time("45 1 * * *", "America/New_York", last)


MINUTES = st.integers(0, 527_040)
CRONS = st.sampled_from(["* * * * *", "30 1 * * *", "30 2 * * *", "0 */3 * * *", "0 0 1 * *", "*/20 1-3 * * 0"])
ZONES = st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"])


@given(MINUTES, CRONS, ZONES)
@settings(max_examples=60, deadline=None)
def test_times_follow_one_another_and_last_is_the_one_before_next(minute: int, cron: str, timezone: str) -> None:
    at = datetime.fromtimestamp(1_767_225_600 + minute * 60, UTC)
    following = next_times(cron, timezone, at, 4)
    assert at < following[0]
    assert all(earlier < later for earlier, later in pairwise(following))
    for earlier, later in pairwise(following):
        assert next_time(cron, timezone, earlier) == later
        assert last_time(cron, timezone, later) == later
    assert last_time(cron, timezone, at) <= at
    assert next_time(cron, timezone, last_time(cron, timezone, at)) > at


@pytest.mark.parametrize(
    ("cron", "reason"),
    [
        ("0 6 * *", "write minute, hour, day, month and weekday"),
        ("0 0 6 * * 1", "write minute"),
        ("@daily", "write minute"),
        ("61 6 * * *", "out of range"),
        ("0 6 30 2 *", "no day is ever that day"),
        ("R 6 * * *", "'R' is none of its fields"),
        ("0 6 * * FOO", "'FOO' is none of its fields"),
        ("*/0 * * * *", "is no schedule"),
    ],
)
def test_what_is_no_schedule_is_refused_with_the_reason(cron: str, reason: str) -> None:
    with pytest.raises(ValueError, match="is no schedule") as refused:
        check_cron(cron)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 6 * * 1", "At 06:00 on Monday"),
        ("*/15 8-18 * * MON-FRI", "Every 15 minutes, between 08:00 and 18:59, Monday through Friday"),
        ("0 7 L * *", "At 07:00, on the last day of the month"),
    ],
)
def test_a_schedule_can_be_said_in_words(cron: str, words: str) -> None:
    assert in_words(check_cron(cron)) == words
