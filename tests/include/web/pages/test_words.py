"""Times, spans, sizes and sparklines in words."""

from datetime import UTC, datetime, timedelta

import pytest

from include.web.pages.sparkline import sparkline
from include.web.pages.times import clock, counted, duration, moment, next_try, zone_words


def test_a_time_is_told_on_the_shops_clock_with_its_zone() -> None:
    at = datetime(2025, 11, 23, 11, 0, tzinfo=UTC)
    assert clock(at, "America/New_York") == "Sun, Nov 23 2025, 06:00"
    html = moment(at, "America/Los_Angeles")
    assert 'datetime="2025-11-23T11:00:00+00:00"' in html
    assert "03:00" in html
    assert "Los Angeles time" in html
    assert zone_words("UTC") == "UTC"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.84, "0.8 s"), (12, "12 s"), (185, "3 min 5 s"), (4320, "1 h 12 min")]
)
def test_a_span_is_told_in_units_that_fit(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


def test_numbers_have_their_noun() -> None:
    assert counted(1, "row") == "1 row"
    assert counted(1204, "row") == "1,204 rows"
    assert counted(2, "further try", "further tries") == "2 further tries"


def test_what_is_due_is_tried_now() -> None:
    assert next_try(datetime.now(UTC) - timedelta(minutes=1)) == "again now"
    assert next_try(datetime.now(UTC) + timedelta(minutes=5, seconds=1)) == "again in 5 minutes"


def test_a_sparkline_says_what_it_shows() -> None:
    assert "Rows of the last 3 runs: from 1 to 1,200, last 7" in sparkline([1, 1200, 7])
    assert "12.0" in sparkline([5, 5])
    assert sparkline([5]) == ""
