"""
### What it does
Takes in what a partner has sent (a customer file and an order file a day), makes the day's workbook
`Daily_Report_YYYYMMDD.xlsx`, and waits until somebody with the right to export approves it; then it can be downloaded.

It starts within seconds of a file: one that somebody uploads on the page *Partner files*, or one in the watched folder
`incoming/`. As soon as both files of a day are there, the day is reported; a corrected file makes another edition,
which supersedes one that still waits. At `due_hour` of `partner.yaml` it reports yesterday with what is there, and
tells people once which file has not come. With a date it makes an edition of that day whatever there is, and with the
source *square* one of the customers and orders of Square.

Approved, rejected and downloaded is on the page of the day: there the right to export is asked for. An answer under
Airflow's *Required Actions* does not count, and is asked again. What nobody decides on within `approval_hours` lapses.
docs/customer-report.md has the whole story.

### Reads and writes
Reads the folder `STOREKEEPER_PARTNER_FILES` and `partner.yaml`; of Square's, `silver.*` and `gold.*`. Writes
`partner.*`, `silver.partner_customers`, `silver.partner_orders`, workbooks below `editions/` in that folder, a Google
Sheet on demand, the outbox, and its record to `reports.report_run`.

### When it fails
- *partner.yaml: …* or *ConfigError*: the configuration; file, line and field are named. What has come waits.
- `take_in` failed: what had not been taken in still waits, and nothing is taken in by halves. Clear it. A broken file
  fails nothing: it is quarantined, people are told why, and the others go on.
- `build` failed: no edition was made, and the next run, or clearing it, makes it. *No space left*: the folder.
- `approve` failed: clear it; it waits again, or goes on with what was decided. If its run was deleted, ask for the
  day's report once more: its edition lapses two hours after its time with the next run.
- `export` failed: a Google error, or no connection `google_default`. The approval holds, and the workbook can be had.
  Clear it.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, Param, dag, task, task_group

from include.config.partner import load_partner
from include.customers.approval import EditionApproval
from include.customers.due import FilesDue
from include.dag_defaults import DEFAULT_ARGS, OUTBOX, date_param

PARTNER_FILES = Asset(
    "partner_files",
    uri="storekeeper://partner/files",
    watchers=[AssetWatcher(name="partner_files", trigger=FilesDue())],
)
PARTNER = load_partner()
# Without a partner nothing comes; whoever triggers it is told why.
SCHEDULE = PARTNER and AssetOrTimeSchedule(
    timetable=CronTriggerTimetable(f"0 {PARTNER.due_hour} * * *", timezone=PARTNER.timezone), assets=[PARTNER_FILES]
)

PARAMS = {
    "date": date_param("The business day. Empty: what has come; of Square, the newest day that has ended."),
    "source": Param(
        "partner",
        type="string",
        enum=["partner", "square"],
        title="From",
        description="Partner: the files that a partner sends. Square: customers and orders of the point of sale.",
    ),
    "output": Param(
        "xlsx",
        type="string",
        enum=["xlsx", "sheet", "both"],
        title="As",
        description="The workbook is made in any case; with sheet or both a Google Sheet is, too, once it is approved.",
    ),
    "mail": Param(
        True, type="boolean", title="Send mails", description="Off: nobody is told that it waits, or is done."
    ),
}


@dag(
    schedule=SCHEDULE,
    catchup=False,
    # One that waits for approval takes no slot, and must hold up nobody else's.
    max_active_runs=200,
    # Airflow attaches watchers when it parses the file of a DAG that is on, not when one is switched on.
    is_paused_upon_creation=False,
    # More than partner.yaml may allow for an approval.
    dagrun_timeout=timedelta(days=15),
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    tags=["customers", "report"],
    doc_md=__doc__,
)
def customer_orders_report() -> None:
    @task(outlets=[OUTBOX])
    def take_in(**context: Any) -> list[dict[str, Any]]:
        """Files into tables; which days are to be reported?"""
        from include.customers.editions.run import take_in

        return take_in(context)

    @task_group
    def report(source: Any, day: str, day_count: int) -> None:
        """One day's workbook, and what people say to it."""

        @task(outlets=[OUTBOX], map_index_template="{{ task.op_kwargs['day'] }}")
        def build(source: Any, day: str, day_count: int, **context: Any) -> int:
            """The edition that is to be decided on."""
            from include.customers.editions.run import build

            return build(context, source, day, day_count)

        @task(outlets=[OUTBOX], map_index_template="edition {{ task.op_kwargs['edition_id'] }}")
        def export(edition_id: Any, **context: Any) -> str | None:
            """The sheet and the mail, once it is approved."""
            from include.customers.editions.run import export

            return export(context, edition_id)

        edition_id = build(source=source, day=day, day_count=day_count)
        approve = EditionApproval(
            task_id="approve", edition_id=edition_id, map_index_template="edition {{ task.edition_id }}"
        )
        approve >> export(edition_id=edition_id)

    report.expand_kwargs(take_in())


customer_orders_report()
