"""Who the customers are, who comes back, and who spends most."""

from collections.abc import Iterator
from datetime import date

from include.customers.kpis.days import RECENT_DAYS, Days
from include.customers.kpis.ratios import mean, mean_cents, ratio
from include.customers.kpis.source import Source
from include.customers.kpis.statements import statement
from include.customers.kpis.table import Column, Kind, Row, Table

WHO = (
    Column("customer_id", "Customer", Kind.TEXT),
    Column("customer_name", "Name", Kind.TEXT),
    Column("mobile_number", "Mobile number", Kind.TEXT),
)
REGION = Column("region", "Region", Kind.TEXT)


def customers(source: Source, day: date) -> Table:
    """One row per customer who was known by the day, or had ordered by then, by customer id."""
    return Table(
        "Customers",
        [
            *WHO,
            Column("raw_mobile_number", "Number as it came", Kind.TEXT),
            REGION,
            Column("is_name_filled", "Name from history", Kind.FLAG),
            Column("is_region_filled", "Region from history", Kind.FLAG),
            Column("first_delivery_date", "Known since", Kind.DATE),
            Column("order_count", "Orders", Kind.COUNT),
            Column("revenue_cents", "Revenue", Kind.MONEY),
            Column("first_order_date", "First order", Kind.DATE),
            Column("last_order_date", "Last order", Kind.DATE),
        ],
        lambda: source.stream(statement("customers"), {"day": day}),
    )


def repeat_customers(source: Source, day: date) -> Table:
    """One row per customer with more than one order by the day; who has more than one on the day comes first."""

    def rows() -> Iterator[Row]:
        for row in source.stream(statement("repeat_customers"), {"day": day}):
            *told, first_order_date, last_order_date = row
            day_order_count, order_count = row[4], row[5]
            days_between = mean((last_order_date - first_order_date).days, order_count - 1)
            yield *told, first_order_date, last_order_date, days_between, day_order_count > 1

    return Table(
        "KPI_Repeat_Customers",
        [
            *WHO,
            REGION,
            Column("day_order_count", "Orders on the day", Kind.COUNT),
            Column("order_count", "Orders ever", Kind.COUNT),
            Column("day_revenue_cents", "Revenue on the day", Kind.MONEY),
            Column("revenue_cents", "Revenue ever", Kind.MONEY),
            Column("first_order_date", "First order", Kind.DATE),
            Column("last_order_date", "Last order", Kind.DATE),
            Column("mean_days_between", "Mean days between orders", Kind.NUMBER),
            Column("is_repeat_on_day", "Repeat on the day", Kind.FLAG),
        ],
        rows,
    )


def top_customers(source: Source, day: date) -> Table:
    """Those who spent most in the last 30 days, the day included: `Source.top_customer_count` of them."""
    days = Days(day)

    def rows() -> Iterator[Row]:
        (recent_revenue_cents,) = source.one(statement("recent_revenue"), days.parameters())
        parameters = days.parameters() | {"count": source.top_customer_count}
        for *who, revenue_cents, order_count, last_order_date in source.stream(statement("top_customers"), parameters):
            yield (
                *who,
                revenue_cents,
                order_count,
                mean_cents(revenue_cents, order_count),
                ratio(revenue_cents, recent_revenue_cents),
                last_order_date,
            )

    return Table(
        "KPI_Top_Customers_Last_30_Days",
        [
            Column("customer_rank", "Rank", Kind.COUNT),
            *WHO,
            REGION,
            Column("revenue_cents", "Revenue", Kind.MONEY),
            Column("order_count", "Orders", Kind.COUNT),
            Column("average_order_cents", "Average order", Kind.MONEY),
            Column("revenue_ratio", "Share of revenue", Kind.RATIO),
            Column("last_order_date", "Last order", Kind.DATE),
        ],
        rows,
        note=f"The {RECENT_DAYS} days from {days.recent} to {day}.",
    )
