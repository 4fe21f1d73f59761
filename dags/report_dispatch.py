"""
### What it does
Starts the SQL reports and standing orders whose time has come: each gets its record in `reports.report_run`, and then
its own DAG run of `report_run`, `products_sold_report` or `sales_report`. The triggerer sees a time come and starts
this DAG within seconds; it runs every hour in any case.

Times that were missed, because Airflow was down, are made up for by one run. What still runs since an earlier time is
not started beside itself; its run is noted as skipped. Besides, every run takes over what is new in `reports.yaml`,
closes runs whose process is gone, tells owners of failures that were held back, and starts what was queued more than
two minutes ago and has not begun.

### Reads and writes
`reports.report`, `reports.standing_order`, `reports.report_run`, `reports.yaml` with its SQL files, the outbox.

### When it fails
- *ConfigError* in `look_after`: `reports.yaml` or one of its SQL files; file, line and field are named. What it names
  is not taken over; reports run as they are.
- `start` failed: Airflow does not know the DAG, or did not take the run. Nothing is lost: what stays queued is started
  again two minutes later. See whether the DAG named there has an import error.
- A report's run stays *queued*: its DAG is switched off, or every slot is taken.
- `claim` failed: the storekeeper database is away. What is due stays due.
"""

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS, OUTBOX
from include.sql_reports.dispatch.due import ReportsDue

DUE = Asset(
    "reports_due",
    uri="storekeeper://reports/due",
    watchers=[AssetWatcher(name="reports_due", trigger=ReportsDue())],
)
log = logging.getLogger(__name__)


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("20 * * * *", timezone="UTC"), assets=[DUE]),
    default_args=DEFAULT_ARGS,
    max_active_runs=1,
    # Airflow attaches watchers when it parses the file of a DAG that is on, not when one is switched on.
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=30),
    catchup=False,
    tags=["reports"],
    doc_md=__doc__,
)
def report_dispatch() -> None:
    @task
    def claim() -> list[dict[str, Any]]:
        """What is due, for this run alone."""
        from include.sql_reports.dispatch.tasks import claim_due

        return claim_due()

    @task(map_index_template="{{ task.op_kwargs['trigger_run_id'] }}")
    def start(trigger_dag_id: str, trigger_run_id: str, run_after: str, run_conf: dict[str, Any]) -> None:
        """The DAG run of a claimed run, unless there is one."""
        from include.sql_reports.dispatch.tasks import trigger

        trigger(trigger_dag_id, trigger_run_id, run_after, run_conf)

    @task(trigger_rule="all_done", outlets=[OUTBOX])
    def look_after() -> dict[str, int]:
        """The configuration's reports, lost runs, and failures that were held back."""
        from include.sql_reports.dispatch.tasks import look_after

        return look_after()

    start.expand_kwargs(claim()) >> look_after()


report_dispatch()
