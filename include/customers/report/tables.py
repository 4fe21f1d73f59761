"""What the report holds below its summary, in the order of its sheets."""

from include.customers.kpis import (
    current_day_orders,
    customers,
    data_quality,
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
