"""One run of a SQL report, from the request to files and mails: what the task of report_run does.

The record is begun in one transaction and settled in another, which holds the files, the mails and the outcome: a run
that is repeated from any point ends in the same rows, and mails once.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.mail.failure import describe, mail_failure
from include.report_runs import Run, begin, fail, find_run, skip
from include.sql_reports.definitions.errors import NotFoundError
from include.sql_reports.definitions.store import Report, find_report, get_report
from include.sql_reports.making.owners import tell_owner
from include.sql_reports.making.report import NoRowsError, make
from include.sql_reports.making.request import read_request
from include.sql_reports.making.settling import settle
from include.sql_reports.query.errors import ReportError
from include.sql_reports.query.guard import RejectedError
from include.sql_reports.query.parameters import ParameterError, as_json, resolve
from include.warehouse.connection import connect

NO_ROWS = "no rows: nothing was mailed"

log = logging.getLogger(__name__)


def run_report(context: Mapping[str, Any]) -> dict[str, Any]:
    """
    :param context: the task's: params, and the run's place in time.
    :returns: the record's id, and how many rows there were.
    :raises AirflowFailException: what another attempt would not mend, or there have been as many as the report wants.
    :raises AirflowSkipException: there were no rows, and the report is skipped then.
    """
    run, report = _begin(context)
    definition, request = report.definition, read_request(context["params"], report.definition)
    # Never the clock: "yesterday" stays the same day however late the run is, and when it is repeated.
    at: datetime = run.due_at or context["dag_run"].run_after
    try:
        values = resolve(definition.parameters, request.given, now=at, timezone=definition.timezone)
        made = make(run, report, request, values, at)
    except NoRowsError:
        with connect() as connection:
            skip(connection, run.run_id, NO_ROWS)
        raise AirflowSkipException(NO_ROWS) from None
    except (ReportError, RejectedError, ParameterError) as error:
        _fail(run, report, str(error))
        raise AirflowFailException(str(error)) from None
    except Exception as error:
        if not _may_try_again(context, definition.retry_count):
            # The task's callback writes it down.
            raise AirflowFailException(describe(error)) from error
        raise
    with connect() as connection:
        note = settle(connection, run, report, request, made, as_json(values))
    log.info("Run %d: %d rows, %s", run.run_id, made.result.row_count, note or "mailed as the report says")
    return {"run_id": run.run_id, "rows": made.result.row_count, "note": note}


def close_failed(context: Mapping[str, Any]) -> None:
    """``on_failure_callback`` of the task. A failure that the report's SQL or params have brought on is written down by
    then; any other (a server away, a killed process) is now, and operations hear of it besides the owner."""
    with connect() as connection:
        run = find_run(connection, context["dag_run"].dag_id, context["dag_run"].run_id)
        if run is not None and run.state == "failed":
            return
        if run is not None:
            fail(connection, run.run_id, describe(context.get("exception")))
            if run.report_id is not None:
                tell_owner(connection, run.report_id)
    mail_failure(context)


def _begin(context: Mapping[str, Any]) -> tuple[Run, Report]:
    """:raises AirflowFailException: there is no such report, or no longer."""
    dag_run, params = context["dag_run"], context["params"]
    with connect() as connection:
        known = find_run(connection, dag_run.dag_id, dag_run.run_id)
        try:
            if known is not None and known.report_id is not None:
                report = get_report(connection, known.report_id)
            else:
                report = find_report(connection, params["report"])
        except NotFoundError as error:
            if known is not None:
                fail(connection, known.run_id, f"{known.title} has been deleted: {error}")
            reason = str(error)
        else:
            run = begin(
                connection,
                context,
                title=report.definition.name,
                report_id=report.report_id,
                parameters=params.get("parameters") or {},
                sql=report.definition.sql,
            )
            return run, report
    raise AirflowFailException(reason)


def _fail(run: Run, report: Report, message: str) -> None:
    with connect() as connection:
        fail(connection, run.run_id, message)
        tell_owner(connection, report.report_id)


def _may_try_again(context: Mapping[str, Any], retry_count: int) -> bool:
    """The DAG allows the most that any report may want. A run that somebody clears has all of its attempts anew."""
    ti = context["ti"]
    attempt = ti.try_number - ti.max_tries + ti.task.retries
    return bool(attempt <= retry_count and ti.try_number <= ti.max_tries)
