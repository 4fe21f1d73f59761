"""
### What it does
Deletes, once a day, what has been kept for long enough: files of reports' runs. A SQL report says itself how long its
files are kept; those of `products_sold_report` and `sales_report` are for a year. The record of a run stays, without
its files. A partner's files as received, and the workbooks made of them, are kept for `retention_days` of partner.yaml.

### Reads and writes
`reports.report_file`; the folder `STOREKEEPER_OUTPUTS`. `partner.file`, `partner.file_problem`, `partner.edition`; the
folder `STOREKEEPER_PARTNER_FILES`.

### When it fails
- *PermissionError*: a folder, or a file in it, belongs to another user. Nothing is noted as deleted that is there.
- Anything else waits for tomorrow without harm, or clear the task.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS


@dag(
    schedule=CronTriggerTimetable("40 3 * * *", timezone="UTC"),
    default_args=DEFAULT_ARGS,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    catchup=False,
    tags=["housekeeping"],
    doc_md=__doc__,
)
def housekeeping() -> None:
    @task
    def report_files() -> int:
        from include.report_runs.retention import delete_old_files
        from include.warehouse.connection import connect

        with connect() as connection:
            return delete_old_files(connection)

    @task
    def partner_files() -> int:
        from include.config.partner import load_partner
        from include.customers.deliveries.retention import delete_old_files
        from include.warehouse.connection import connect

        partner = load_partner()
        if partner is None:
            return 0
        with connect() as connection:
            return delete_old_files(connection, partner)

    report_files()
    partner_files()


housekeeping()
