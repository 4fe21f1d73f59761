"""Where, when and with what the revenue is made."""

from collections.abc import Iterator
from datetime import date

from include.customers.kpis.customers import REGION
from include.customers.kpis.days import Days, months
from include.customers.kpis.ratios import change, mean_cents, ratio
from include.customers.kpis.source import Source
from include.customers.kpis.statements import statement
from include.customers.kpis.table import Column, Kind, Row, Table


def regional_revenue(source: Source, day: date) -> Table:
    """One row per region that sold this month to the day, or in the same days of the month before.

    Most revenue of the month first; orders without a region and without a customer have a row each, at the end.
    """
    days = Days(day)

    def rows() -> Iterator[Row]:
        found = source.all(statement("regional_revenue"), days.parameters())
        month_cents = sum(row[4] for row in found)
        for region, *of_day, revenue_cents, order_count, customer_count, before_cents in found:
            day_cents, day_order_count, _ = of_day
            yield (
                region,
                *of_day,
                mean_cents(day_cents, day_order_count),
                revenue_cents,
                order_count,
                customer_count,
                mean_cents(revenue_cents, order_count),
                ratio(revenue_cents, month_cents),
                before_cents,
                change(before_cents, revenue_cents),
            )

    return Table(
        "KPI_Regional_Revenue",
        [
            REGION,
            Column("day_revenue_cents", "Revenue on the day", Kind.MONEY),
            Column("day_order_count", "Orders on the day", Kind.COUNT),
            Column("day_customer_count", "Customers on the day", Kind.COUNT),
            Column("day_average_order_cents", "Average order on the day", Kind.MONEY),
            Column("month_revenue_cents", "Revenue this month", Kind.MONEY),
            Column("month_order_count", "Orders this month", Kind.COUNT),
            Column("month_customer_count", "Customers this month", Kind.COUNT),
            Column("month_average_order_cents", "Average order this month", Kind.MONEY),
            Column("month_revenue_ratio", "Share of this month", Kind.RATIO),
            Column("before_revenue_cents", "Revenue in the same days of the month before", Kind.MONEY),
            Column("revenue_change", "Change", Kind.RATIO),
        ],
        rows,
        note=f"This month: {days.month} to {day}. The month before: {days.month_before} to {days.same_day_before}.",
    )


def monthly_order_trends(source: Source, day: date) -> Table:
    """One row per month from the first order's to the day's, also of months without orders.

    The day's own month goes to the day, and is compared with the same days of the month before.
    """
    days = Days(day)

    def rows() -> Iterator[Row]:
        found = {row[0]: row[1:] for row in source.stream(statement("monthly_order_trends"), days.parameters())}
        before_cents = before_same_days_cents = 0
        for month in months(min(found, default=day), day):
            order_count, customer_count, new_customer_count, sku_count, revenue_cents, same_days_cents = found.get(
                month, (0, 0, 0, 0, 0, 0)
            )
            yield (
                month,
                order_count,
                customer_count,
                new_customer_count,
                sku_count,
                revenue_cents,
                mean_cents(revenue_cents, order_count),
                change(before_same_days_cents if month == days.month else before_cents, revenue_cents),
            )
            before_cents, before_same_days_cents = revenue_cents, same_days_cents

    return Table(
        "KPI_Monthly_Order_Trends",
        [
            Column("month_date", "Month", Kind.MONTH),
            Column("order_count", "Orders", Kind.COUNT),
            Column("customer_count", "Customers", Kind.COUNT),
            Column("new_customer_count", "New customers", Kind.COUNT),
            Column("sku_count", "SKUs sold", Kind.COUNT),
            Column("revenue_cents", "Revenue", Kind.MONEY),
            Column("average_order_cents", "Average order", Kind.MONEY),
            Column("revenue_change", "Change of revenue", Kind.RATIO),
        ],
        rows,
        note=""
        if days.is_month_over
        else f"{days.month:%Y-%m} to {day}, compared with {days.month_before} to {days.same_day_before}.",
    )


def skus_by_region(source: Source, day: date) -> Table:
    """One row per region and SKU that sold this month to the day; per region most revenue first."""
    days = Days(day)

    def rows() -> Iterator[Row]:
        for *told, revenue_cents, region_cents in source.stream(statement("skus_by_region"), days.parameters()):
            yield *told, revenue_cents, ratio(revenue_cents, region_cents)

    return Table(
        "KPI_SKUs_By_Region",
        [
            REGION,
            Column("sku_id", "SKU", Kind.TEXT),
            Column("day_sku_count", "Sold on the day", Kind.COUNT),
            Column("day_revenue_cents", "Revenue on the day", Kind.MONEY),
            Column("month_sku_count", "Sold this month", Kind.COUNT),
            Column("month_order_count", "Orders this month", Kind.COUNT),
            Column("month_revenue_cents", "Revenue this month", Kind.MONEY),
            Column("month_revenue_ratio", "Share of the region", Kind.RATIO),
        ],
        rows,
        note=f"This month: {days.month} to {day}.",
    )
