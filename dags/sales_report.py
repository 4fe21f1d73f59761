"""
### What it does
Reports what each location and the whole chain sold: totals, items and variations, modifiers with the items that used
them, refunds, and how that compares with earlier days. Every report is a CSV file in `outputs/`, a tab of a Google
Sheet, and a mail with the file attached: one to each location's recipients, one for all locations to the chain's.

Runs once a day, an hour after the business day has ended at the last location, for that day. The run's data interval
names the day, so any day can be had again:

- a past stretch: `airflow backfill create --dag-id sales_report --from-date 2026-11-01 --to-date 2026-11-08`
  (the seven days from the 1st to the 7th; east of Greenwich give the dates an offset: `2026-11-01T00:00+09:00`);
- one day, or the week, month, quarter or year around it: trigger it with params. A day that is still open is reported
  "so far"; a longer period that is not over goes up to the newest day that has ended everywhere.

A rerun replaces the tab and mails nothing unless the figures have changed; then the mail says that it corrects.

### Reads and writes
Reads `gold.*`, `bronze.watermark` and the refunds' reasons in `silver.refunds`. Writes files to `STOREKEEPER_OUTPUTS`,
tabs through `google_default`, messages to the outbox, and the run's record with its files to `reports`.

### When it fails
- *square_sync has reached …*: the day is not complete in the warehouse. See why `square_sync` is behind. The task tries
  again for an hour and a half; after that, clear it once `square_sync` has caught up.
- *gold has yet to take over orders*: `square_sync` was at work at that moment, or has failed between silver and gold.
- *sold in EUR …, but its currency is USD*: `locations.yaml` and Square disagree on a location.
- A Google error: the connection `google_default`, or Google's limits. The file is written by then; the mail waits for
  the sheet's link.
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
    "date": date_param("The business day, or any day of the period. Empty: the run's own business day."),
    "period": Param(
        "day",
        type="string",
        enum=["day", "week", "month", "quarter", "year"],
        title="Period",
        description="How much to report: the day itself, or the period that it lies in. Weeks begin on Monday.",
    ),
    "group_by": Param(
        "variation",
        type="string",
        enum=["variation", "item", "modifier", "category", "location", "market"],
        title="Grouped by",
        description="What the main table lists. Locations and markets are compared in the chain's report only.",
    ),
    "locations": locations_param(LOCATIONS),
    "mail": Param(
        True,
        type="boolean",
        title="Send mails",
        description="Off: files and sheets only.",
    ),
}

# square_sync may be late: 2, 4, 8, 16, 30 and 30 minutes make an hour and a half.
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
    tags=["sales", "report"],
    doc_md=__doc__,
)
def sales_report() -> None:
    @task(map_index_template="{{ task.op_kwargs['location'] }}", outlets=[OUTBOX])
    def location_report(location: str, **context: Any) -> dict[str, str | bool | None]:
        from include.sales.report.run import report_location

        return report_location(location, context)

    @task(outlets=[OUTBOX])
    def chain_report(**context: Any) -> dict[str, str | bool | None]:
        from include.sales.report.run import report_chain

        return report_chain(context)

    location_report.expand(location=LOCATIONS)
    chain_report()


sales_report()
