"""What the tasks of report_dispatch do: owns the transactions, and says in the log what came of it."""

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, NoReturn

from airflow.sdk.exceptions import DagRunTriggerException

from include.config.reports import load_reports
from include.sql_reports.definitions.library import take_over
from include.sql_reports.dispatch.claiming import claim
from include.sql_reports.dispatch.lost import close_lost
from include.sql_reports.making.owners import tell_held_back
from include.warehouse.connection import connect

log = logging.getLogger(__name__)


def claim_due() -> list[dict[str, Any]]:
    """:returns: what `trigger` is given for each run."""
    # The clock decides what is due, as it does for every claim: what this run claims, no other run will.
    with connect() as connection:
        starts = claim(connection, datetime.now(UTC))
    for start in starts:
        log.info("%s %s, due at %s", start["trigger_dag_id"], start["trigger_run_id"], start["run_after"])
    return [dict(start) for start in starts]


def trigger(dag_id: str, dag_run_id: str, run_after: str, conf: dict[str, Any]) -> NoReturn:
    """Starts a DAG run, unless there is one of that id: then the task is skipped.

    It asks the supervisor as TriggerDagRunOperator does, whose import would cost every process that reads the DAG files
    a quarter of a second.
    """
    raise DagRunTriggerException(
        trigger_dag_id=dag_id,
        dag_run_id=dag_run_id,
        conf=conf,
        # Many may be due at one time, and a DAG has one run at most for a logical date.
        logical_date=None,
        run_after=datetime.fromisoformat(run_after),
        reset_dag_run=False,
        skip_when_already_exists=True,
        wait_for_completion=False,
        allowed_states=[],
        failed_states=[],
        poke_interval=0,
        deferrable=False,
    )


def look_after() -> dict[str, int]:
    """:raises ConfigError: reports.yaml is wrong; all else has been done."""
    with connect() as connection:
        lost = close_lost(connection)
        told = tell_held_back(connection)
    with connect() as connection:
        # Each entry its own transaction, so that those before one that is wrong stay.
        connection.autocommit = True
        tally = take_over(connection, load_reports())
    log.info("%s, %d lost runs closed, %d mails to owners", tally, lost, told)
    return {**asdict(tally), "lost": lost, "told": told}
