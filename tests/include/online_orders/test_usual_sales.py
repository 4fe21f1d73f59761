"""What a location usually sells on a weekday."""

from datetime import UTC, date, datetime, timedelta

from include.online_orders.store import usual_cents
from tests.include.warehouse.conftest import Warehouse, warehouse
from tests.include.warehouse.square_json import line, order

__all__ = ["warehouse"]

# A Monday; New York's business day of it is going on.
NOW = datetime(2026, 3, 30, 23, tzinfo=UTC)


def sell(warehouse: Warehouse, days_ago: dict[int, int]) -> None:
    """Days before NOW → what New York took on that day."""
    for days, cents in days_ago.items():
        at = f"{date(2026, 3, 30) - timedelta(days=days)}T18:00:00Z"
        warehouse.load(order(f"order-{days}", line(price=cents - 100, tax=100), at=at))
    warehouse.take_over()


def test_it_is_the_mean_of_its_last_eight_such_days_all_in(warehouse: Warehouse) -> None:
    mondays = {7 * week: 1000 * week for week in range(1, 11)}
    sell(warehouse, mondays | {0: 99_000})
    assert usual_cents(warehouse.connection, NOW) == {("New York", 1): 4500}


def test_a_day_without_sales_does_not_count(warehouse: Warehouse) -> None:
    sell(warehouse, {7: 1000, 14: 1000, 28: 3000, 35: 3000, 6: 5000})
    assert usual_cents(warehouse.connection, NOW) == {("New York", 1): 2000}


def test_fewer_than_four_days_say_nothing(warehouse: Warehouse) -> None:
    sell(warehouse, {7: 1000, 14: 1000, 21: 1000, 7 * 13: 1000})
    assert usual_cents(warehouse.connection, NOW) == {}
