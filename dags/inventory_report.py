"""
### What it does
Reports what stock did on a business day. For each location: the deduction log (every ingredient of every order line)
and the restock log (what ran short, was proposed, decided by whom, ordered, received) as CSV files in `outputs/` and
as tabs of a Google Sheet, and a mail: what was used and what it cost, what was sold without a recipe, what is below
zero, what counting found, where Square's count is not ours. One mail holds all locations side by side for the chain.

Runs once a day, an hour after the business day has ended at the last location, for that day. The run's data interval
names the day: `airflow backfill create --dag-id inventory_report --from-date 2026-11-01 --to-date 2026-11-08` makes the
seven days from the 1st to the 7th; one day alone is a trigger with the param `date`. A day that is still open is
reported "so far". A rerun replaces the tabs and mails nothing unless the figures have changed; then the mail says that
it corrects. Square's counts are compared for the newest day only: Square does not tell what they were.

### Reads and writes
Reads `inventory.*`, `gold.*`, `bronze.watermark`, `silver.orders`, and Square's counts (`square_default`). Writes
`inventory.square_difference`, files to `STOREKEEPER_OUTPUTS`, tabs through `google_default`, messages to the outbox.

### When it fails
- *square_sync has reached …*, *gold has yet to take over orders*: the day is not complete in the warehouse; see why
  `square_sync` is behind. The task tries again for an hour and a half; after that, clear it once it has caught up.
- *inventory_deduction has yet to take … orders off the shelves*: the same of `inventory_deduction`.
- A Google error: the connection `google_default`, or Google's limits. The files are written by then; the mail waits for
  the sheet's link.
- `compare` fails: what Square refused is in the log. The reports wait for it; mark it as a success to go on without.
- *date: …* or *locations: …*: a param that cannot be; trigger again with another.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, Param, dag, task

from include.config import load_chain
from include.config.schedule import daily_schedule
from include.dag_defaults import DEFAULT_ARGS, OUTBOX, date_param, locations_param

CHAIN = load_chain()
LOCATIONS = [location.name for location in CHAIN.locations]

PARAMS = {
    "date": date_param(),
    "locations": locations_param(LOCATIONS),
    "mail": Param(True, type="boolean", title="Send mails", description="Off: files and sheets only."),
}

# square_sync and inventory_deduction may be late: 2, 4, 8, 16, 30 and 30 minutes make an hour and a half.
PATIENCE = {"retries": 6, "retry_delay": timedelta(minutes=2), "max_retry_delay": timedelta(minutes=30)}


@dag(
    schedule=CronDataIntervalTimetable(*daily_schedule(CHAIN)),
    start_date=datetime(2020, 1, 1, tzinfo=UTC),
    catchup=False,
    # A run that waits for square_sync holds up nobody who asks for another day.
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=4),
    default_args=DEFAULT_ARGS | PATIENCE,
    params=PARAMS,
    tags=["inventory", "report"],
    doc_md=__doc__,
)
def inventory_report() -> None:
    @task(pool="square", retries=1)
    def compare(**context: Any) -> int | None:
        """How many of Square's counts are not ours."""
        from include.inventory.reports.run import compare_with_square

        return compare_with_square(context)

    @task(map_index_template="{{ task.op_kwargs['location'] }}", outlets=[OUTBOX])
    def location_report(location: str, compared_count: int | None, **context: Any) -> dict[str, Any]:
        from include.inventory.reports.run import report_location

        return report_location(location, compared_count, context)

    @task(outlets=[OUTBOX])
    def chain_report(compared_count: int | None, **context: Any) -> dict[str, Any]:
        from include.inventory.reports.run import report_chain

        return report_chain(compared_count, context)

    compared_count = compare()
    location_report.partial(compared_count=compared_count).expand(location=LOCATIONS)
    chain_report(compared_count=compared_count)  # type: ignore[arg-type]


inventory_report()
