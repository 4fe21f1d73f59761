"""What is known of runs: for pages, the API, and whoever tells of them."""

from collections.abc import Sequence
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from include.report_runs.runs import File, NotFoundError, Notification, Run, State

RUN = """
    SELECT run_id, dag_id, dag_run_id, report_id, standing_order_id, title, state, asked_by, due_at, queued_at,
        started_at, finished_at, attempt_count, conf, parts, sql, parameters, row_count, byte_count, digest, sheet_url,
        breaches, note, error
    FROM reports.report_run
"""
_COUNT = "SELECT count(*) FROM reports.report_run"
_FILE = """
    SELECT file_id, run_id, format, filename, path, byte_count, location_name, created_at, deleted_at
    FROM reports.report_file
"""
_WANTED = """
    WHERE (%(report_id)s::bigint IS NULL OR report_id = %(report_id)s)
        AND (%(standing_order_id)s::bigint IS NULL OR standing_order_id = %(standing_order_id)s)
        AND (%(dag_id)s::text IS NULL OR dag_id = %(dag_id)s)
        AND (%(state)s::text IS NULL OR state = %(state)s)
        AND (%(asked_by)s::text IS NULL OR asked_by = %(asked_by)s)
        AND (%(since)s::timestamptz IS NULL OR queued_at >= %(since)s)
        AND (%(until)s::timestamptz IS NULL OR queued_at < %(until)s)
"""


def list_runs(
    connection: psycopg.Connection,
    *,
    report_id: int | None = None,
    standing_order_id: int | None = None,
    dag_id: str | None = None,
    state: State | None = None,
    asked_by: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Run], int]:
    """The newest first.

    :param since: queued at this time or later; ``until``: before it.
    :returns: a page, and how many there are in all.
    """
    wanted = {
        "report_id": report_id,
        "standing_order_id": standing_order_id,
        "dag_id": dag_id,
        "state": state,
        "asked_by": asked_by,
        "since": since,
        "until": until,
    }
    with connection.cursor(row_factory=class_row(Run)) as cursor:
        page = cursor.execute(
            RUN + _WANTED + "ORDER BY run_id DESC LIMIT %(limit)s OFFSET %(offset)s",
            wanted | {"limit": limit, "offset": offset},
        ).fetchall()
    [(total,)] = connection.execute(_COUNT + _WANTED, wanted).fetchall()
    return page, total


def get_run(connection: psycopg.Connection, run_id: int) -> Run:
    """:raises NotFoundError: there is none of that id."""
    with connection.cursor(row_factory=class_row(Run)) as cursor:
        run = cursor.execute(RUN + "WHERE run_id = %s", [run_id]).fetchone()
    if run is None:
        raise NotFoundError(f"there is no run {run_id}")
    return run


def find_run(connection: psycopg.Connection, dag_id: str, dag_run_id: str) -> Run | None:
    """The record of an Airflow DAG run."""
    with connection.cursor(row_factory=class_row(Run)) as cursor:
        return cursor.execute(RUN + "WHERE dag_id = %s AND dag_run_id = %s", [dag_id, dag_run_id]).fetchone()


def files_of(connection: psycopg.Connection, run_ids: int | Sequence[int]) -> list[File]:
    """The files of a run, or of several; those whose retention is over, too (``deleted_at``)."""
    wanted = [run_ids] if isinstance(run_ids, int) else list(run_ids)
    with connection.cursor(row_factory=class_row(File)) as cursor:
        return cursor.execute(_FILE + "WHERE run_id = ANY(%s) ORDER BY run_id, file_id", [wanted]).fetchall()


def get_file(connection: psycopg.Connection, file_id: int) -> File:
    """:raises NotFoundError: there is none of that id."""
    with connection.cursor(row_factory=class_row(File)) as cursor:
        file = cursor.execute(_FILE + "WHERE file_id = %s", [file_id]).fetchone()
    if file is None:
        raise NotFoundError(f"there is no file {file_id}")
    return file


def notifications_of(connection: psycopg.Connection, run_id: int) -> list[Notification]:
    """The mails about a run, the oldest first."""
    with connection.cursor(row_factory=class_row(Notification)) as cursor:
        return cursor.execute(
            """
            SELECT notification.*, message.state, message.sent_at, message.last_error
            FROM reports.notification_log AS notification
            LEFT JOIN outbox.message USING (message_id)
            WHERE notification.run_id = %s
            ORDER BY notification.notification_id
            """,
            [run_id],
        ).fetchall()
