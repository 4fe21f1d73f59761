"""
### What it does
Mails each location how its business day went on the phones: how many calls were answered and how soon, how many were
missed and why, hour by hour, and who rang more than once and has not been reached yet.

Runs once a day, an hour after the business day has ended at the last location, for that day. The run's data interval
names the day: `airflow backfill create --dag-id calls_summary --from-date 2026-11-01 --to-date 2026-11-08` makes the
seven days from the 1st to the 7th; one day alone is a trigger with the param `date`. A day's summary is mailed to a
location once: a rerun mails nothing. A location without calls gets none, unless the feed of its phone system was lost.

### Reads and writes
Reads `calls.call`, `inbox.call` (whether all is placed), `inbox.call_feed_gaps` and `phones.yaml`; writes the outbox.

### When it fails
- *calls … wait in inbox.call*: `missed_calls` has not placed them. See why it is behind, then clear this task.
- *date: …* or *locations: …*: a param that cannot be; trigger again with another.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task

from include.config import load_chain
from include.config.schedule import daily_schedule
from include.dag_defaults import DEFAULT_ARGS, OUTBOX, date_param, locations_param

CHAIN = load_chain()

PARAMS = {
    "date": date_param(),
    "locations": locations_param([location.name for location in CHAIN.locations]),
}


@dag(
    schedule=CronDataIntervalTimetable(*daily_schedule(CHAIN)),
    start_date=datetime(2020, 1, 1, tzinfo=UTC),
    catchup=False,
    default_args=DEFAULT_ARGS,
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=1),
    params=PARAMS,
    tags=["calls", "report"],
    doc_md=__doc__,
)
def calls_summary() -> None:
    @task(outlets=[OUTBOX])
    def summarize(**context: Any) -> int:
        from airflow.sdk.exceptions import AirflowFailException

        from include.calls.summary.run import summarize

        run = context["dag_run"]
        try:
            return summarize(context["params"], run.data_interval_end, run.run_after)
        except ValueError as error:
            # Trying again changes no param.
            raise AirflowFailException(str(error)) from error

    summarize()


calls_summary()
