"""Telling a report's owner that it failed or broke its rules: at most one mail an hour, and none is forgotten."""

from datetime import timedelta

import psycopg
from psycopg.rows import class_row

from include.mail.outbox import enqueue
from include.mail.render import render
from include.report_runs import Run, notify
from include.report_runs.links import run_url
from include.report_runs.reading import RUN
from include.sql_reports.definitions.changing import lock

PAUSE = timedelta(hours=1)
# Of what has happened since the last mail; the rest is counted.
MOST_SHOWN = 5


def tell_owner(connection: psycopg.Connection, report_id: int) -> bool:
    """Writes the mail about what the owner has not been told yet, unless the last one is not an hour old: then a later
    failure tells of it, or report_dispatch with its next look. The caller commits.

    :returns: whether there is a mail.
    """
    # Two runs that fail at one moment are one mail.
    lock(connection, "report", report_id)
    runs = _untold(connection, report_id)
    if not runs or _was_told_lately(connection, report_id):
        return False
    [(name, owner, timezone)] = connection.execute(
        "SELECT name, owner, timezone FROM reports.report WHERE report_id = %s", [report_id]
    ).fetchall()
    newest = runs[0]
    kind = "failure" if newest.state == "failed" else "breach"
    subject = f"{name} {'failed' if kind == 'failure' else 'broke its rules'}"
    if len(runs) > 1:
        subject += f", {len(runs)} times"
    mail = render(
        "sql_report_trouble",
        subject=subject,
        runs=[(run, run_url(run.run_id)) for run in runs[:MOST_SHOWN]],
        more=max(len(runs) - MOST_SHOWN, 0),
        timezone=timezone,
        url=run_url(newest.run_id),
    )
    message_id = enqueue(
        connection,
        dedupe_key=f"report_trouble/{report_id}/{newest.run_id}/{newest.attempt_count}",
        recipients=[owner],
        subject=subject,
        html=mail.html,
        text=mail.text,
    )
    connection.execute(
        "UPDATE reports.report_run SET owner_told_at = now() WHERE run_id = ANY(%s)", [[run.run_id for run in runs]]
    )
    if message_id is None:
        return False
    notify(connection, newest.run_id, kind, message_id, [owner], "schedule")
    return True


def tell_held_back(connection: psycopg.Connection) -> int:
    """Tells every owner of what has been held back for an hour; the caller commits.

    :returns: how many mails that made.
    """
    waiting = connection.execute(
        """
        SELECT DISTINCT report_id FROM reports.report_run
        WHERE owner_told_at IS NULL AND (state = 'failed' OR breaches <> '[]') AND report_id IS NOT NULL
            AND finished_at IS NOT NULL
        ORDER BY 1
        """
    ).fetchall()
    return sum(tell_owner(connection, report_id) for (report_id,) in waiting)


def _untold(connection: psycopg.Connection, report_id: int) -> list[Run]:
    """The newest first."""
    with connection.cursor(row_factory=class_row(Run)) as cursor:
        return cursor.execute(
            RUN
            + """
            WHERE report_id = %s AND owner_told_at IS NULL AND (state = 'failed' OR breaches <> '[]')
                AND finished_at IS NOT NULL
            ORDER BY run_id DESC
            """,
            [report_id],
        ).fetchall()


def _was_told_lately(connection: psycopg.Connection, report_id: int) -> bool:
    [(was_told,)] = connection.execute(
        """
        SELECT EXISTS (
            SELECT FROM reports.notification_log AS told
            JOIN reports.report_run USING (run_id)
            WHERE report_id = %s AND kind IN ('failure', 'breach') AND told.decided_at > now() - %s
        )
        """,
        [report_id, PAUSE],
    ).fetchall()
    return bool(was_told)
