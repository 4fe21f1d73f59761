from datetime import timedelta

import pytest

from include.online_orders.words import clock, from_now, lasting, round_money
from tests.include.online_orders.samples import NOW, local


@pytest.mark.parametrize(
    ("cents", "currency", "said"),
    [
        (50_000, "USD", "$500"),
        (49_950, "USD", "$499.50"),
        (1_234_500, "USD", "$12,345"),
        (0, "USD", "$0"),
        (5_000, "JPY", "¥5,000"),
        (50_000, "EUR", "€500"),
    ],
)
def test_whole_amounts_are_said_without_decimals(cents: int, currency: str, said: str) -> None:
    assert round_money(cents, currency) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (60, "1 h"),
        (185, "3 h 5 min"),
        (24 * 60, "1 day"),
        (28 * 60 + 20, "1 day 4 h"),
        (50 * 60, "2 days 2 h"),
    ],
)
def test_a_span_is_said_as_people_say_it(minutes: int, said: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(("minutes", "said"), [(0.5, "now"), (-0.5, "now"), (20, "in 20 min"), (-75, "1 h 15 min ago")])
def test_what_is_left_is_said(minutes: float, said: str) -> None:
    assert from_now(NOW + timedelta(minutes=minutes), NOW) == said


def test_times_are_the_locations_own_on_both_sides_of_the_night_that_is_longer() -> None:
    assert clock(local("2026-11-01T01:30"), "America/New_York") == "Sun, Nov 1, 01:30 EDT"
    assert clock(local("2026-11-01T01:30", fold=1), "America/New_York") == "Sun, Nov 1, 01:30 EST"
