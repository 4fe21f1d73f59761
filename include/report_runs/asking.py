"""Asking for a run: its record stands before Airflow is told to start it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb


def ask(
    connection: psycopg.Connection,
    *,
    dag_id: str,
    dag_run_id: str,
    title: str,
    asked_by: str,
    conf: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    report_id: int | None = None,
    standing_order_id: int | None = None,
    due_at: datetime | None = None,
) -> int:
    """Writes the record of a run, queued; the caller commits, then triggers the DAG with ``dag_run_id`` and ``conf``.

    What is not triggered then is by report_dispatch, two minutes later. Asked for twice, it is one run.

    :param conf: of the DAG run. Of ``report_run``: ``{"report": <id>, "parameters": {…}, …}``.
    :param parameters: what people see of the request; default: those of ``conf``, or all of it.
    :returns: the run's id.
    """
    shown = conf.get("parameters", {}) if dag_id == "report_run" else conf
    connection.execute(
        """
        INSERT INTO reports.report_run
            (dag_id, dag_run_id, report_id, standing_order_id, title, asked_by, due_at, conf, parameters)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (dag_id, dag_run_id) DO NOTHING
        """,
        [
            dag_id,
            dag_run_id,
            report_id,
            standing_order_id,
            title,
            asked_by,
            due_at,
            Jsonb(dict(conf)),
            Jsonb(dict(shown if parameters is None else parameters)),
        ],
    )
    [(run_id,)] = connection.execute(
        "SELECT run_id FROM reports.report_run WHERE dag_id = %s AND dag_run_id = %s", [dag_id, dag_run_id]
    ).fetchall()
    return int(run_id)
