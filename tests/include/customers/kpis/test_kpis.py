"""The KPIs of a story that was added up by hand, from either engine."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from include.customers.kpis import (
    Source,
    Table,
    current_day_orders,
    customers,
    data_quality,
    headlines,
    monthly_order_trends,
    previous_day_orders,
    regional_revenue,
    repeat_customers,
    skus_by_region,
    top_customers,
    unmatched_orders,
)
from tests.include.customers.kpis.conftest import ADA, BOB, DEE, FRIDAY, NAMELESS, NOBODY, tell
from tests.include.customers.kpis.story import PARTNER, Story


def columns(table: Table, *names: str) -> list[tuple[object, ...]]:
    """Some columns of a table."""
    numbers = [[column.name for column in table.columns].index(name) for name in names]
    return [tuple(row[number] for number in numbers) for row in table]


def test_a_customer_is_known_by_what_was_told_last_and_gaps_are_filled(source: Source) -> None:
    table = customers(source, FRIDAY)
    assert columns(table, "customer_id", "customer_name", "mobile_number", "region", "first_delivery_date") == [
        ("C1", "Ada", ADA, "North", date(2026, 10, 5)),
        ("C2", "Bob", BOB, "South", date(2026, 10, 5)),
        ("C3", None, NAMELESS, None, date(2026, 10, 5)),
        ("C4", "Dee", DEE, "North", FRIDAY),
    ]
    assert columns(table, "is_name_filled", "is_region_filled", "order_count", "revenue_cents") == [
        (False, False, 5, 10_000),
        (True, True, 2, 3600),
        (False, False, 1, 200),
        (False, False, 1, 1200),
    ]


def test_a_customer_who_came_later_is_not_yet_known(source: Source) -> None:
    assert columns(customers(source, date(2026, 11, 19)), "customer_id", "order_count") == [
        ("C1", 3),
        ("C2", 1),
        # The order of the 18th came on the 20th, and counts on the 18th.
        ("C3", 1),
    ]


def test_the_days_orders_are_those_of_the_business_day(source: Source) -> None:
    table = current_day_orders(source, FRIDAY)
    assert columns(table, "order_id", "customer_id", "customer_name", "region", "sku_count", "amount_cents") == [
        ("E1", "C1", "Ada", "North", 1, 4000),
        ("E2", "C1", "Ada", "North", 1, 800),
        ("E3", "C2", "Bob", "South", 3, 1600),
        ("E4", None, None, "(no customer)", 1, 999),
        ("E5", None, None, "(no customer)", 1, 101),
        ("E7", "C4", "Dee", "North", 1, 1200),
    ]
    assert columns(table, "ordered_at", "is_late")[0] == (datetime(2026, 11, 20, 5, tzinfo=UTC), False)
    assert table.note == ""


def test_a_day_without_orders_shows_the_months_so_far(source: Source) -> None:
    table = current_day_orders(source, date(2026, 11, 17))
    assert columns(table, "order_id") == [("B1",)]
    assert table.note == "No orders on 2026-11-17: these are those since 2026-11-01."


def test_the_day_before_is_kept_beside_the_day(source: Source) -> None:
    table = previous_day_orders(source, FRIDAY)
    assert columns(table, "order_id", "sku_id", "customer_id", "amount_cents") == [
        ("B2", "S1", "C1", 500),
        ("B2", "S2", "C1", 700),
    ]


def test_a_late_order_lies_on_its_own_day(source: Source) -> None:
    table = current_day_orders(source, date(2026, 11, 18))
    assert columns(table, "order_id", "business_date", "is_late") == [("E6", date(2026, 11, 18), True)]


def test_repeat_customers_have_more_than_one_order_on_the_day_or_ever(source: Source) -> None:
    assert columns(
        repeat_customers(source, FRIDAY),
        "customer_id", "day_order_count", "order_count", "day_revenue_cents", "revenue_cents", "first_order_date",
        "last_order_date", "mean_days_between", "is_repeat_on_day",
    ) == [
        ("C1", 2, 5, 4800, 10_000, date(2026, 10, 5), FRIDAY, Decimal("11.50"), True),
        # The first of his orders was by his old number.
        ("C2", 1, 2, 1600, 3600, date(2026, 10, 25), FRIDAY, Decimal("26.00"), False),
    ]  # fmt: skip


def test_regions_are_held_against_the_same_days_of_the_month_before(source: Source) -> None:
    table = regional_revenue(source, FRIDAY)
    assert columns(
        table, "region", "day_revenue_cents", "day_order_count", "day_customer_count", "day_average_order_cents"
    ) == [
        ("North", 6000, 3, 2, 2000),
        ("South", 1600, 1, 1, 1600),
        ("(no customer)", 1100, 2, 0, 550),
        ("(no region)", 0, 0, 0, None),
    ]
    assert columns(
        table,
        "month_revenue_cents", "month_order_count", "month_customer_count", "month_average_order_cents",
        "month_revenue_ratio", "before_revenue_cents", "revenue_change",
    ) == [
        (10_200, 5, 2, 2040, Decimal("0.778626"), 1000, Decimal("9.200000")),
        (1600, 1, 1, 1600, Decimal("0.122137"), 0, None),
        (1100, 2, 0, 550, Decimal("0.083969"), 0, None),
        (200, 1, 1, 200, Decimal("0.015267"), 0, None),
    ]  # fmt: skip
    assert table.note == "This month: 2026-11-01 to 2026-11-20. The month before: 2026-10-01 to 2026-10-20."


def test_months_follow_one_another_and_the_days_own_is_compared_fairly(source: Source) -> None:
    assert list(monthly_order_trends(source, FRIDAY)) == [
        (date(2026, 10, 1), 2, 2, 2, 3, 3000, 1500, None),
        (date(2026, 11, 1), 9, 4, 2, 12, 13_100, 1456, Decimal("12.100000")),
    ]


def test_a_month_without_orders_is_there(source: Source) -> None:
    trends = monthly_order_trends(source, date(2027, 1, 31))
    assert list(trends)[2:] == [
        (date(2026, 12, 1), 0, 0, 0, 0, 0, None, Decimal("-1.000000")),
        (date(2027, 1, 1), 0, 0, 0, 0, 0, None, None),
    ]
    assert trends.note == ""


def test_top_customers_are_ranked_by_what_they_spent_in_thirty_days(source: Source) -> None:
    assert columns(
        top_customers(source, FRIDAY),
        "customer_rank", "customer_id", "revenue_cents", "order_count", "average_order_cents", "revenue_ratio",
        "last_order_date",
    ) == [
        (1, "C1", 9000, 4, 2250, Decimal("0.596026"), FRIDAY),
        (2, "C2", 3600, 2, 1800, Decimal("0.238411"), FRIDAY),
        (3, "C4", 1200, 1, 1200, Decimal("0.079470"), FRIDAY),
        (4, "C3", 200, 1, 200, Decimal("0.013245"), date(2026, 11, 18)),
    ]  # fmt: skip


def test_only_so_many_are_top(tmp_path: Path) -> None:
    with tell(tmp_path, PARTNER.model_copy(update={"top_customer_count": 2})).alone() as source:
        assert columns(top_customers(source, FRIDAY), "customer_id") == [("C1",), ("C2",)]


def test_skus_are_shared_out_by_region(source: Source) -> None:
    assert list(skus_by_region(source, FRIDAY)) == [
        ("North", "S1", 1, 4000, 3, 3, 7500, Decimal("0.735294")),
        ("North", "S2", 2, 2000, 3, 3, 2700, Decimal("0.264706")),
        ("South", "S1", 3, 1600, 3, 1, 1600, Decimal("1.000000")),
        ("(no customer)", "S1", 2, 1100, 2, 2, 1100, Decimal("1.000000")),
        ("(no region)", "S1", 0, 0, 1, 1, 200, Decimal("1.000000")),
    ]


def test_orders_of_nobody_known_say_why(source: Source) -> None:
    table = unmatched_orders(source, FRIDAY)
    assert columns(table, "order_id", "mobile_number", "raw_mobile_number", "reason", "amount_cents") == [
        ("E5", None, "call me", "not a mobile number", 101),
        ("E4", NOBODY, None, "nobody has this number", 999),
    ]
    assert "older" not in table.note


def test_older_orders_of_nobody_are_counted_still(source: Source) -> None:
    table = unmatched_orders(source, date(2026, 12, 31))
    assert list(table) == []
    assert table.note.endswith("2 older ones stand in earlier reports.")


def test_headlines_tell_the_day(source: Source) -> None:
    assert {headline.name: headline.value for headline in headlines(source, FRIDAY)} == {
        "order_count": 6,
        "revenue_cents": 8700,
        "average_order_cents": 1450,
        "sku_count": 8,
        "day_change": Decimal("6.250000"),
        "week_change": Decimal("1.900000"),
        "month_revenue_cents": 13_100,
        "day_customer_count": 3,
        "new_customer_count": 1,
        "returning_customer_count": 2,
        "day_repeat_ratio": Decimal("0.333333"),
        "repeat_ratio": Decimal("0.500000"),
        "median_days_between": Decimal(6),
        "top_decile_ratio": Decimal("0.642857"),
        "unmatched_order_count": 2,
        "unmatched_revenue_ratio": Decimal("0.126437"),
        "late_order_count": 1,
    }


def test_headlines_of_a_day_before_everything_divide_by_nothing(source: Source) -> None:
    values = {headline.name: headline.value for headline in headlines(source, date(2026, 1, 1))}
    assert {name for name, value in values.items() if value is None} == {
        "average_order_cents",
        "day_change",
        "week_change",
        "day_repeat_ratio",
        "repeat_ratio",
        "median_days_between",
        "top_decile_ratio",
        "unmatched_revenue_ratio",
    }
    assert {value for value in values.values() if value is not None} == {0}


def test_data_quality_tells_totals_gaps_files_and_rows(source: Source) -> None:
    table = data_quality(source, FRIDAY)
    counts = columns(table, "check", "found_count")
    assert counts[:8] == [
        ("Customers", 4),
        ("Customers without a name", 1),
        ("Customers with a name from history", 1),
        ("Customers without a region", 1),
        ("Customers with a region from history", 1),
        ("Customers without a mobile number", 0),
        ("Orders", 11),
        ("Orders without a customer", 2),
    ]
    rows = columns(table, "check", "day", "column_name", "value")
    absent = [row[1] for row in rows if row[0] == "Absent file"]
    # 47 days since the first file, of which two kinds are due: five files of orders and two of customers came.
    assert len(absent) == 2 * 47 - 7
    assert absent[0] == date(2026, 10, 6)
    assert ("Late orders", date(2026, 11, 18), None, None) in rows
    assert ("Row noted", FRIDAY, "mobile_number", "call me") in rows
    files = [row for row in columns(table, "check", "day", "filename", "found_count") if row[0] == "File loaded"]
    assert files == [
        ("File loaded", FRIDAY, "customers_2026-11-20.csv", 2),
        ("File loaded", FRIDAY, "orders_2026-11-20.csv", 7),
        ("File loaded", date(2026, 11, 19), "orders_2026-11-19.csv", 2),
        ("File loaded", date(2026, 11, 13), "orders_2026-11-13.csv", 1),
        ("File loaded", date(2026, 10, 25), "orders_2026-10-25.csv", 1),
    ]


def test_a_table_is_a_data_frame_too(source: Source) -> None:
    frame = regional_revenue(source, FRIDAY).frame()
    assert frame["month_revenue_cents"].sum() == 13_100
    assert frame.set_index("region")["revenue_change"].isna().tolist() == [False, True, True, True]
    assert str(current_day_orders(source, FRIDAY).frame()["ordered_at"].dtype) == "datetime64[us, UTC]"


def test_the_newest_day_is_told(source: Source) -> None:
    assert source.newest_day == FRIDAY


def test_what_comes_later_changes_no_earlier_day(story: Story) -> None:
    """A report that is made again tells the same, but for what was corrected or came late."""
    day, kpis = date(2026, 11, 13), (regional_revenue, monthly_order_trends, skus_by_region, headlines)
    with story.alone() as source:
        afterwards = [list(kpi(source, day)) for kpi in kpis]
    story.files = [file for file in story.files if file.day <= day]
    with story.alone() as source:
        assert [list(kpi(source, day)) for kpi in kpis] == afterwards
