"""
### What it does
Brings what has changed in Square into the warehouse: locations, catalog and customers, then the orders of up to ten
locations a task, then gold with its materialized views.

Runs every 15 minutes, and asks for what has changed since the watermark. Past orders can be had again, as they are now:

- business days: trigger it with the params `start` and `end` (both included);
- a stretch of time: `airflow backfill create --dag-id square_sync --from-date 2026-11-01 --to-date 2026-11-02`.

Both ask for the orders that were *closed* then, whatever happened to them since (the time of the last change, which the
schedule follows, moves on with every change), and leave the watermark alone. Repeating any of them changes nothing.

### Reads and writes
Reads Square (`square_default`) and `locations.yaml`. Writes `bronze.*`, `silver.*`, `gold.*`, and tells operations
through the outbox of what was rejected and of locations that `locations.yaml` does not describe.

### When it fails
- *gold does not tie out*: day, location and measure are named, with both figures. Gold is not what the orders say: look
  at the orders of that day (`silver.orders`, `gold.fact_sales`), and give them to gold again with
  `INSERT INTO gold.pending_order SELECT order_key FROM silver.orders WHERE …`. Every run checks these days until they
  agree.
- *ApiError 401*: the access token of `square_default`. *429, 5xx*: Square; the task has waited as it was told, and
  tries again by itself. Nothing is lost: the watermark moves only with the data.
- *objects were rejected* is a warning: the rest is loaded. `SELECT * FROM bronze.rejected` has reason and JSON.
- *wait in bronze*: add the location to `locations.yaml`; the next run loads what waits.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS, SALES, date_param

PARAMS = {
    "start": date_param(
        "Bring the orders of these business days again. Empty: what has changed since the last run.",
        "First business day",
    ),
    "end": date_param(
        "The last of these business days, itself included. Empty with an empty first day.", "Last business day"
    ),
}


@dag(
    schedule=CronDataIntervalTimetable("*/15 * * * *", timezone="UTC"),
    start_date=datetime(2025, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    tags=["square", "warehouse"],
    doc_md=__doc__,
)
def square_sync() -> None:
    @task(pool="square")
    def dimensions() -> list[list[str]]:
        """Locations, catalog, customers; returns the locations in batches."""
        from include.config import load_chain
        from include.square.client import square_client
        from include.square.raw import closing
        from include.warehouse.connection import connect
        from include.warehouse.sync import sync_dimensions

        with closing(square_client()) as client, connect() as connection:
            return sync_dimensions(connection, client, load_chain())

    @task(pool="square", map_index_template="{{ location_ids | join(', ') }}")
    def orders(location_ids: list[str], params: dict[str, Any], dag_run: Any) -> dict[str, int | float]:
        """Bronze and silver."""
        from airflow.sdk import get_current_context

        from include.config import load_chain
        from include.square.client import square_client
        from include.square.raw import closing
        from include.warehouse.connection import connect
        from include.warehouse.sync import sync_orders
        from include.warehouse.window import window

        get_current_context()["location_ids"] = location_ids  # type: ignore[typeddict-unknown-key]
        with closing(square_client()) as client, connect() as connection:
            return sync_orders(connection, client, location_ids, window(load_chain(), params, dag_run))

    # What it tells operations is rare and no hurry: mail_delivery notices it by itself.
    @task(outlets=[SALES])
    def gold() -> dict[str, int | float]:
        """Facts, views, tie-out."""
        from include.config import load_chain
        from include.warehouse.connection import connect
        from include.warehouse.sync import sync_gold

        with connect() as first, connect() as second:
            first.autocommit = second.autocommit = True
            return sync_gold([first, second], load_chain())

    orders.expand(location_ids=dimensions()) >> gold()


square_sync()
