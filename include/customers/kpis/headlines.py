"""The figures of a day that a decision needs; they name nobody."""

from datetime import date
from decimal import Decimal
from itertools import chain, repeat
from statistics import median
from typing import NamedTuple

from include.customers.kpis.days import RECENT_DAYS, Days
from include.customers.kpis.ratios import change, mean_cents, ratio
from include.customers.kpis.source import Source
from include.customers.kpis.statements import statement
from include.customers.kpis.table import Headline, Kind


class _Figures(NamedTuple):
    order_count: int
    revenue_cents: int
    sku_count: int
    before_cents: int
    week_before_cents: int
    month_cents: int
    unmatched_count: int
    unmatched_cents: int
    day_customer_count: int
    new_customer_count: int
    day_repeat_count: int
    customer_count: int
    repeat_count: int
    late_count: int
    decile_cents: int
    matched_cents: int


def headlines(source: Source, day: date) -> list[Headline]:
    """All figures of a day, in the order in which people want them."""
    days = Days(day)
    told = _Figures(*source.one(statement("headlines"), days.parameters()))
    returning_count = told.day_customer_count - told.new_customer_count
    return [
        Headline("order_count", "Orders", told.order_count, Kind.COUNT),
        Headline("revenue_cents", "Revenue", told.revenue_cents, Kind.MONEY),
        Headline("average_order_cents", "Average order", mean_cents(told.revenue_cents, told.order_count), Kind.MONEY),
        Headline("sku_count", "SKUs sold", told.sku_count, Kind.COUNT),
        Headline(
            "day_change", "Revenue against the day before", change(told.before_cents, told.revenue_cents), Kind.RATIO
        ),
        Headline(
            "week_change",
            "Revenue against the same weekday a week before",
            change(told.week_before_cents, told.revenue_cents),
            Kind.RATIO,
        ),
        Headline("month_revenue_cents", "Revenue this month", told.month_cents, Kind.MONEY),
        Headline("day_customer_count", "Customers who ordered", told.day_customer_count, Kind.COUNT),
        Headline("new_customer_count", "New customers", told.new_customer_count, Kind.COUNT),
        Headline("returning_customer_count", "Returning customers", returning_count, Kind.COUNT),
        Headline(
            "day_repeat_ratio",
            "Customers with more than one order on the day",
            ratio(told.day_repeat_count, told.day_customer_count),
            Kind.RATIO,
        ),
        Headline(
            "repeat_ratio",
            "Customers with more than one order ever",
            ratio(told.repeat_count, told.customer_count),
            Kind.RATIO,
        ),
        Headline("median_days_between", "Median days between orders", _median_days(source, day), Kind.NUMBER),
        Headline(
            "top_decile_ratio",
            f"Top tenth of customers' share of revenue, last {RECENT_DAYS} days",
            ratio(told.decile_cents, told.matched_cents),
            Kind.RATIO,
        ),
        Headline("unmatched_order_count", "Orders without a customer", told.unmatched_count, Kind.COUNT),
        Headline(
            "unmatched_revenue_ratio",
            "Share of revenue without a customer",
            ratio(told.unmatched_cents, told.revenue_cents),
            Kind.RATIO,
        ),
        Headline("late_order_count", "Late orders that came with the day", told.late_count, Kind.COUNT),
    ]


def _median_days(source: Source, day: date) -> Decimal | None:
    counts = source.all(statement("days_between"), {"day": day})
    if not counts:
        return None
    return Decimal(median(chain.from_iterable(repeat(Decimal(days), count) for days, count in counts)))
