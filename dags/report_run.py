"""
### What it does
Makes one SQL report: runs its statement as a role that may read the schema `reporting` and nothing else, writes the
rows into the report's files as they come, holds them to its rules, and mails them. `report_dispatch` starts it when a
report is due, the pages and the API when somebody asks; here, or by
`airflow dags trigger report_run --conf '{"report": "Daily sales"}'`, it works as well.

A statement that is rejected, fails, takes too long or brings too much ends the run: trying again would not help.
Anything else is tried again, as often as the report says. A run that is cleared writes its files anew, and mails what
it has not mailed; to mail it again, use *Resend* on its page.

### Reads and writes
Reads `reports.report` and, as `storekeeper_report`, the schema `reporting`. Writes `reports.report_run` with its files
and mails, the folder `reports/<run>/` in `STOREKEEPER_OUTPUTS`, the outbox.

### When it fails
- The report's owner gets the reason by mail, at most once an hour for a report; it stands on the run's page too.
  *line …, column …*: the statement. *… is no day*, *needs a value*: a parameter. *took longer*, *more than … rows*:
  narrow the report down, or raise its limit.
- Operations get a mail only for what no report is to blame for: a database that is away, a disk that is full, a process
  that was killed. Clear the task once that is mended.
- *there is no report …*: it was deleted, or the name in the params is another.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.dag_defaults import DEFAULT_ARGS, OUTBOX

PARAMS = {
    "report": Param(type=["string", "integer"], minLength=1, title="Report", description="Its name, or its number."),
    "parameters": Param(
        {},
        type="object",
        title="Parameters",
        description='Their values, such as {"day": "2026-11-20"} or {"day": "yesterday"}. Without: their defaults.',
    ),
    "formats": Param(
        [],
        type="array",
        items={"type": "string", "enum": ["csv", "json", "xlsx"]},
        examples=["csv", "json", "xlsx"],
        title="Formats",
        description="Of the files. None chosen: those of the report.",
    ),
    "recipients": Param(
        [],
        type="array",
        items={"type": "string", "pattern": r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+$"},
        title="Recipients",
        description="Who gets the whole report instead of its own recipients. None: those.",
    ),
    "mail": Param(True, type="boolean", title="Send mails", description="Off: files only."),
}


def close_failed(context: Any) -> None:
    from include.sql_reports.making.run import close_failed

    close_failed(context)


@dag(
    schedule=None,
    catchup=False,
    # What asks at a time for a session of the role that reports run as; the others wait for their turn.
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=8),
    default_args=DEFAULT_ARGS
    | {
        # The most that a report may want; it says itself how many of them it does.
        "retries": 5,
        # Longer than the longest time-out of a report.
        "execution_timeout": timedelta(minutes=90),
        "on_failure_callback": close_failed,
    },
    params=PARAMS,
    tags=["reports"],
    doc_md=__doc__,
)
def report_run() -> None:
    @task(outlets=[OUTBOX])
    def make_report(**context: Any) -> dict[str, Any]:
        from include.sql_reports.making.run import run_report

        return run_report(context)

    make_report()


report_run()
