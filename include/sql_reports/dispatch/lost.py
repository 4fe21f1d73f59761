"""Runs that will not end by themselves: their process is gone, or Airflow never started them."""

import logging

import psycopg

log = logging.getLogger(__name__)


def close_lost(connection: psycopg.Connection) -> int:
    """Sets them failed; the caller commits. One that is alive after all sets itself right when it ends.

    :returns: how many.
    """
    lost = connection.execute(
        """
        WITH patience AS (
            SELECT run_id,
                -- Each attempt has its time and the pause before the next, and the first may wait for a slot.
                coalesce((timeout_seconds + 900) * (retry_count + 1) * interval '1 second', interval '5 hours')
                    + interval '1 hour' AS longest
            FROM reports.report_run
            LEFT JOIN reports.report USING (report_id)
            WHERE state IN ('queued', 'running')
        )
        UPDATE reports.report_run AS run
        SET state = 'failed', finished_at = now(),
            error = CASE state
                WHEN 'queued' THEN 'Airflow has not started it within a day: see that the DAG ' || dag_id || ' is on'
                ELSE 'Its process ended without a word: see the log of ' || dag_run_id || ' in Airflow'
            END
        FROM patience
        WHERE patience.run_id = run.run_id AND (
            (state = 'queued' AND queued_at < now() - interval '1 day')
            OR (state = 'running' AND started_at < now() - longest)
        )
        RETURNING run.run_id, run.dag_id, run.dag_run_id
        """
    ).fetchall()
    for run in lost:
        log.warning("Run %d is lost: %s %s", *run)
    return len(lost)
