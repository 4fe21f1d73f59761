"""The KPIs of customers and orders: one SQL over any source, on Postgres and on DuckDB (docs/customer-kpis.md).

with PartnerWarehouse(connection, partner) as source:
    for row in regional_revenue(source, date(2026, 11, 20)): ...

with files([Path("customers.csv")], [Path("orders.xml")], partner) as source:
    top_customers(source, source.newest_day).frame()
"""

from include.customers.kpis.customers import customers, repeat_customers, top_customers
from include.customers.kpis.headlines import headlines
from include.customers.kpis.memory import UnknownDayError, files, frames
from include.customers.kpis.orders import current_day_orders, previous_day_orders, unmatched_orders
from include.customers.kpis.quality import data_quality
from include.customers.kpis.revenue import monthly_order_trends, regional_revenue, skus_by_region
from include.customers.kpis.source import PartnerWarehouse, Source, SquareWarehouse
from include.customers.kpis.table import Column, Headline, Kind, Row, Table, Value

__all__ = [
    "Column",
    "Headline",
    "Kind",
    "PartnerWarehouse",
    "Row",
    "Source",
    "SquareWarehouse",
    "Table",
    "UnknownDayError",
    "Value",
    "current_day_orders",
    "customers",
    "data_quality",
    "files",
    "frames",
    "headlines",
    "monthly_order_trends",
    "previous_day_orders",
    "regional_revenue",
    "repeat_customers",
    "skus_by_region",
    "top_customers",
    "unmatched_orders",
]
