from datetime import date

import pytest

from include.customers.kpis.days import Days, months


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 20), date(2026, 10, 1), date(2026, 10, 20)),
        (date(2026, 3, 30), date(2026, 2, 1), date(2026, 2, 28)),
        # A month that is over is compared with the whole one before.
        (date(2026, 4, 30), date(2026, 3, 1), date(2026, 3, 31)),
        (date(2028, 2, 29), date(2028, 1, 1), date(2028, 1, 31)),
        (date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 1)),
    ],
)
def test_a_month_is_compared_with_the_same_days_of_the_one_before(day: date, first: date, last: date) -> None:
    assert (Days(day).month_before, Days(day).same_day_before) == (first, last)


def test_thirty_days_hold_the_day() -> None:
    assert (Days(date(2026, 3, 1)).recent, Days(date(2026, 3, 1)).day) == (date(2026, 1, 31), date(2026, 3, 1))


def test_months_are_without_holes() -> None:
    assert list(months(date(2025, 11, 30), date(2026, 2, 1))) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
