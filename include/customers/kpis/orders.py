"""The orders themselves: of the day, of the day before, and those of nobody known."""

from datetime import date

from include.customers.kpis.customers import REGION, WHO
from include.customers.kpis.days import RECENT_DAYS, Days
from include.customers.kpis.source import Source
from include.customers.kpis.statements import statement
from include.customers.kpis.table import Column, Kind, Table

LINE = (Column("order_id", "Order", Kind.TEXT), Column("sku_id", "SKU", Kind.TEXT))
ORDERED_AT = Column("ordered_at", "Ordered at", Kind.TIME)
BUSINESS_DATE = Column("business_date", "Business day", Kind.DATE)
SOLD = (Column("sku_count", "Count", Kind.COUNT), Column("amount_cents", "Amount", Kind.MONEY))


def current_day_orders(source: Source, day: date) -> Table:
    """One row per SKU of the day's orders; where the day has none, of the month's to the day, and the note says so."""
    (has_orders,) = source.one(statement("has_orders"), {"day": day})
    if has_orders:
        return _orders(source, "Current_Day_Orders", day, day)
    month = Days(day).month
    return _orders(source, "Current_Day_Orders", month, day, f"No orders on {day}: these are those since {month}.")


def previous_day_orders(source: Source, day: date) -> Table:
    """One row per SKU of the orders of the day before."""
    before = Days(day).before
    return _orders(source, "Archived_Previous_Day", before, before, f"The orders of {before}.")


def unmatched_orders(source: Source, day: date) -> Table:
    """One row per SKU of the orders without a customer that were placed, or came, in the last 30 days; newest first."""
    days = Days(day)
    (older_count,) = source.one(statement("older_unmatched"), days.parameters())
    older = f" {older_count:,} older ones stand in earlier reports." if older_count else ""
    return Table(
        "Unmatched_Orders",
        [
            *LINE,
            Column("mobile_number", "Mobile number", Kind.TEXT),
            Column("raw_mobile_number", "Number as it came", Kind.TEXT),
            Column("reason", "Reason", Kind.TEXT),
            ORDERED_AT,
            BUSINESS_DATE,
            Column("delivery_date", "Came with", Kind.DATE),
            *SOLD,
        ],
        lambda: source.stream(statement("unmatched_orders"), days.parameters()),
        note=f"Placed or come in the {RECENT_DAYS} days from {days.recent} to {day}.{older}",
    )


def _orders(source: Source, name: str, first: date, last: date, note: str = "") -> Table:
    return Table(
        name,
        [*LINE, *WHO, REGION, ORDERED_AT, BUSINESS_DATE, *SOLD, Column("is_late", "Came late", Kind.FLAG)],
        lambda: source.stream(statement("orders"), {"first": first, "last": last}),
        note,
    )
