from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from include.config.suppliers import Supplier
from include.inventory.restock.deliveries import Delivery, next_two

NEW_YORK = ZoneInfo("America/New_York")
# 2026-11-23 is a Monday.
MONDAY_MORNING = datetime(2026, 11, 23, 9, tzinfo=NEW_YORK)


def supplier(**fields: Any) -> Supplier:
    return Supplier.model_validate(
        {"name": "Roma Foods", "recipients": ["orders@roma.example.com"], "lead_time_days": 1, "cutoff": "14:00"}
        | fields
    )


def delivery(order_day: str, day: str, at: time = time(14)) -> Delivery:
    return Delivery(datetime.combine(date.fromisoformat(order_day), at, NEW_YORK), date.fromisoformat(day))


def test_until_the_cut_off_the_order_is_still_todays() -> None:
    first, second = next_two(supplier(), NEW_YORK, datetime(2026, 11, 23, 14, tzinfo=NEW_YORK))
    assert first == delivery("2026-11-23", "2026-11-24")
    assert second == delivery("2026-11-24", "2026-11-25")


def test_after_the_cut_off_it_is_the_next_order_days() -> None:
    at = datetime(2026, 11, 23, 14, 0, 1, tzinfo=NEW_YORK)
    first, second = next_two(supplier(order_days=["monday", "thursday"]), NEW_YORK, at)
    assert first == delivery("2026-11-26", "2026-11-27")
    assert second == delivery("2026-11-30", "2026-12-01")


def test_the_cut_off_is_by_the_clock_of_the_location() -> None:
    at = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
    chicago = ZoneInfo("America/Chicago")
    assert next_two(supplier(), NEW_YORK, at)[0].date == date(2026, 11, 25)
    assert next_two(supplier(), chicago, at)[0].date == date(2026, 11, 24)


def test_on_closed_dates_nothing_is_taken_and_nothing_comes() -> None:
    closed = supplier(closed_dates=[date(2026, 11, 24), date(2026, 11, 25)])
    first, second = next_two(closed, NEW_YORK, MONDAY_MORNING)
    # Monday's order comes on Thursday, as the one of no day before Thursday does.
    assert first == delivery("2026-11-23", "2026-11-26")
    assert second == delivery("2026-11-26", "2026-11-27")


def test_orders_of_two_days_that_come_together_are_one_delivery() -> None:
    closed = supplier(lead_time_days=2, closed_dates=[date(2026, 11, 25)])
    first, second = next_two(closed, NEW_YORK, MONDAY_MORNING)
    assert (first.date, second.date) == (date(2026, 11, 26), date(2026, 11, 28))
    assert second.order_by_at.date() == date(2026, 11, 26)


def test_the_cut_off_holds_over_a_change_of_clocks() -> None:
    # 2026-11-01: clocks go back an hour in New York.
    first, _ = next_two(supplier(), NEW_YORK, datetime(2026, 11, 1, 18, 30, tzinfo=UTC))
    assert first.order_by_at == datetime(2026, 11, 1, 19, tzinfo=UTC)


def test_a_supplier_without_an_open_day_is_told_by_name() -> None:
    mondays = [
        date.fromordinal(day) for day in range(date(2026, 11, 23).toordinal(), date(2028, 11, 23).toordinal(), 7)
    ]
    with pytest.raises(ValueError, match="Roma Foods takes no two orders"):
        next_two(supplier(order_days=["monday"], closed_dates=mondays), NEW_YORK, MONDAY_MORNING)
