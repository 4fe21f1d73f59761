"""Reports for tests: definitions with everything but the point in question filled in."""

from typing import Any

from include.sql_reports.definitions.definition import Definition
from include.sql_reports.definitions.standing_orders import OrderDefinition

SQL = "SELECT n FROM generate_series(1, 3) AS n"


def definition(**wish: Any) -> Definition:
    return Definition.model_validate(
        {"name": "Numbers", "sql": SQL, "timezone": "America/New_York", "owner": "ana@example.com"} | wish
    )


def order(**wish: Any) -> OrderDefinition:
    return OrderDefinition.model_validate(
        {
            "name": "Weekly products",
            "dag_id": "products_sold_report",
            "params": {"period": "last_week"},
            "cron": "0 6 * * 1",
            "timezone": "America/New_York",
        }
        | wish
    )
