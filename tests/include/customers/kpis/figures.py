"""Everything that a source is asked."""

from datetime import date

from include.customers.kpis import (
    Row,
    Source,
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

TABLES = (
    customers,
    current_day_orders,
    previous_day_orders,
    repeat_customers,
    regional_revenue,
    monthly_order_trends,
    top_customers,
    skus_by_region,
    unmatched_orders,
    data_quality,
)
# Who received a file, and when: only the database knows.
ONLY_IN_DATABASE = {"received_by", "received_at"}


def figures(source: Source, day: date) -> dict[str, list[Row] | str]:
    """All tables of a day, their notes, and its headlines."""
    told: dict[str, list[Row] | str] = {}
    for make in TABLES:
        table = make(source, day)
        kept = [number for number, column in enumerate(table.columns) if column.name not in ONLY_IN_DATABASE]
        told[table.name] = [tuple(row[number] for number in kept) for row in table]
        told[f"{table.name}'s note"] = table.note
    told["Headlines"] = [(headline.name, headline.value) for headline in headlines(source, day)]
    return told
