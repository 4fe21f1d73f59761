"""Claiming the reports and standing orders whose time has come, and what has to be looked after besides.

A claim is one transaction: the runs' records are written, and the next times set, by one process at a time. Only then
is Airflow told to start them; what it was not told, it is told again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from include.report_runs import ask
from include.sql_reports.definitions.audit import Kind
from include.sql_reports.definitions.schedule import last_time, next_time

SCHEDULE = "schedule"
# Of one dispatch: each is a task.
MOST_STARTS = 200
# Longer than it takes from the record to Airflow's own.
STARTED_WITHIN = timedelta(minutes=2)


class Start(TypedDict):
    """A run that Airflow is to start. `run_after`: when it was due, as ISO 8601."""

    trigger_dag_id: str
    trigger_run_id: str
    run_after: str
    run_conf: dict[str, Any]


@dataclass(frozen=True)
class _Due:
    object_id: int
    name: str
    dag_id: str
    conf: dict[str, Any]
    cron: str
    timezone: str
    next_run_at: datetime


_DUE: dict[Kind, sql.SQL] = {
    "report": sql.SQL("""
        SELECT report_id AS object_id, name, 'report_run' AS dag_id,
            jsonb_build_object('report', report_id::text) AS conf, cron, timezone, next_run_at
        FROM reports.report
        WHERE next_run_at <= %(now)s
        ORDER BY next_run_at, report_id
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    """),
    "standing_order": sql.SQL("""
        SELECT standing_order_id AS object_id, name, dag_id, params AS conf, cron, timezone, next_run_at
        FROM reports.standing_order
        WHERE next_run_at <= %(now)s
        ORDER BY next_run_at, standing_order_id
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    """),
}


def claim(connection: psycopg.Connection, now: datetime) -> list[Start]:
    """Writes a queued run for all that is due, one however many of its times were missed, and sets its next time.

    What still runs since an earlier time is not started beside itself: its run is written down as skipped. The caller
    commits, then triggers what is returned, with the queued runs of before that nobody has triggered yet.
    """
    starts = [start for kind in ("report", "standing_order") for start in _claim(connection, kind, now)]
    return [*starts, *_unstarted(connection, MOST_STARTS)]


def _claim(connection: psycopg.Connection, kind: Kind, now: datetime) -> list[Start]:
    with connection.cursor(row_factory=class_row(_Due)) as cursor:
        due = cursor.execute(_DUE[kind], {"now": now, "most": MOST_STARTS}).fetchall()
    if not due:
        return []
    _set_next_times(connection, kind, due, now)
    busy = _busy(connection, kind, [each.object_id for each in due])
    starts = []
    for each in due:
        # The newest of the times that were missed is the one that people would have looked at.
        due_at = max(each.next_run_at, last_time(each.cron, each.timezone, now))
        dag_run_id = f"{kind}_{each.object_id}__{due_at:%Y-%m-%dT%H:%M:%SZ}"
        run_id = ask(
            connection,
            dag_id=each.dag_id,
            dag_run_id=dag_run_id,
            title=each.name,
            asked_by=SCHEDULE,
            conf=each.conf,
            due_at=due_at,
            **{f"{kind}_id": each.object_id},  # type: ignore[arg-type]
        )
        if earlier := busy.get(each.object_id):
            _skip(connection, run_id, earlier)
        else:
            starts.append(_start(each.dag_id, dag_run_id, due_at, each.conf))
    return starts


def _set_next_times(connection: psycopg.Connection, kind: Kind, due: Sequence[_Due], now: datetime) -> None:
    connection.execute(
        sql.SQL(
            """
            UPDATE {} AS kept SET next_run_at = due.next_run_at
            FROM unnest(%s::bigint[], %s::timestamptz[]) AS due (object_id, next_run_at)
            WHERE kept.{} = due.object_id
            """
        ).format(sql.Identifier("reports", kind), sql.Identifier(f"{kind}_id")),
        [[each.object_id for each in due], [next_time(each.cron, each.timezone, now) for each in due]],
    )


def _busy(connection: psycopg.Connection, kind: Kind, object_ids: Sequence[int]) -> dict[int, int]:
    """Whose run of an earlier time has not ended, and which run that is."""
    statement = sql.SQL(
        """
        SELECT {0}, max(run_id) FROM reports.report_run
        WHERE {0} = ANY(%s) AND due_at IS NOT NULL AND state IN ('queued', 'running')
        GROUP BY 1
        """
    ).format(sql.Identifier(f"{kind}_id"))
    return dict(connection.execute(statement, [list(object_ids)]).fetchall())


def _skip(connection: psycopg.Connection, run_id: int, earlier: int) -> None:
    connection.execute(
        "UPDATE reports.report_run SET state = 'skipped', finished_at = now(), note = %s WHERE run_id = %s",
        [f"not started: run {earlier}, of an earlier time, has not ended", run_id],
    )


def _unstarted(connection: psycopg.Connection, most: int) -> list[Start]:
    """Queued runs that should have started by now. Airflow skips those that it knows."""
    rows = connection.execute(
        """
        SELECT dag_id, dag_run_id, coalesce(due_at, queued_at), conf
        FROM reports.report_run
        WHERE state = 'queued' AND queued_at < now() - %s
        ORDER BY run_id
        LIMIT %s
        """,
        [STARTED_WITHIN, most],
    ).fetchall()
    return [_start(*row) for row in rows]


def _start(dag_id: str, dag_run_id: str, due_at: datetime, conf: dict[str, Any]) -> Start:
    return {"trigger_dag_id": dag_id, "trigger_run_id": dag_run_id, "run_after": due_at.isoformat(), "run_conf": conf}
