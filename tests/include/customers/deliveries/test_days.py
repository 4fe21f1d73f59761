from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from include.customers.deliveries import due_at, list_days
from tests.include.customers.deliveries.conftest import (
    BAD_XML,
    CUSTOMERS,
    DAY_1,
    DAY_2,
    DAY_3,
    PARTNER,
    Depot,
    customers,
    orders,
)

ONE_DAY = timedelta(days=1)


def test_without_files_there_are_no_days(depot: Depot) -> None:
    assert list_days(depot.connection, PARTNER) == []


def test_every_day_is_listed_with_what_came_and_what_did_not(depot: Depot) -> None:
    first = DAY_1 - ONE_DAY
    depot.receive("customers", first, customers("C1 Ada North"))
    depot.receive("orders", first, orders(first, "O1 S1 5.00"))
    depot.receive("customers", DAY_2, CUSTOMERS)
    depot.receive("orders", DAY_2, BAD_XML)
    depot.receive("orders", DAY_3, orders(first, "O1 S1 4.00"))
    depot.take_in()
    depot.receive("customers", DAY_3, CUSTOMERS)
    noon = due_at(PARTNER, DAY_3) + timedelta(hours=3)

    days = list_days(depot.connection, PARTNER, at=noon)
    assert [(day.delivery_date, day.customers.state, day.orders.state, day.missing, day.is_absent) for day in days] == [
        (DAY_3, "received", "loaded", (), False),
        (DAY_2, "loaded", "quarantined", ("orders",), False),
        (DAY_1, "missing", "missing", ("customers", "orders"), True),
        (first, "loaded", "loaded", (), False),
    ]
    assert [day.late_order_count for day in days] == [1, 0, 0, 0]
    assert list_days(depot.connection, PARTNER, at=noon, limit=2, before=DAY_2) == days[2:]


def test_a_day_whose_time_has_not_come_lacks_nothing(depot: Depot) -> None:
    depot.put("orders", DAY_2, orders(DAY_2, "O1 S1 5.00"))
    due = due_at(PARTNER, DAY_3)
    early = list_days(depot.connection, PARTNER, at=due - timedelta(seconds=1))
    assert [(day.delivery_date, day.is_absent) for day in early] == [(DAY_3, False), (DAY_2, False)]
    assert list_days(depot.connection, PARTNER, at=due)[0].is_absent


def test_files_are_due_at_the_partners_hour_of_the_next_day() -> None:
    zone = ZoneInfo("America/New_York")
    at = due_at(PARTNER, datetime(2026, 10, 31, tzinfo=zone).date())
    assert at.astimezone(zone) == datetime(2026, 11, 1, 9, tzinfo=zone)
    assert at.utcoffset() == timedelta(0)


def test_a_correction_that_cannot_be_read_leaves_the_day_loaded(depot: Depot) -> None:
    depot.put("orders", DAY_3, orders(DAY_3, "O1 S1 5.00"))
    depot.put("orders", DAY_3, BAD_XML)
    [day] = list_days(depot.connection, PARTNER, limit=1)
    assert day.orders.state == "loaded"
    assert day.orders.newest is not None
    assert day.orders.newest.state == "quarantined"
    assert day.orders.file_count == 2
