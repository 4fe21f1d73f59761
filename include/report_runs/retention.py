"""Files of runs are kept for a time: a SQL report's as long as the report says, those of our own reports for a year."""

import logging

import psycopg

from include.report_runs.files import outputs_folder

# Of products_sold_report and sales_report.
DEFAULT_DAYS = 365
# One run of housekeeping deletes no more: a first run over years of files must end.
MOST_FILES = 10_000

log = logging.getLogger(__name__)


def delete_old_files(connection: psycopg.Connection) -> int:
    """Deletes what has been kept for long enough, and with its last file a run's folder; the record stays.

    The caller commits: what was deleted and not noted, because that failed, is noted the next time.

    :returns: how many files were deleted.
    """
    old = connection.execute(
        """
        SELECT file.file_id, file.path
        FROM reports.report_file AS file
        JOIN reports.report_run USING (run_id)
        LEFT JOIN reports.report USING (report_id)
        WHERE file.deleted_at IS NULL
            AND file.created_at < now() - make_interval(days => coalesce(report.retention_days, %s))
        ORDER BY file.created_at
        LIMIT %s
        FOR UPDATE OF file SKIP LOCKED
        """,
        [DEFAULT_DAYS, MOST_FILES],
    ).fetchall()
    root = outputs_folder()
    for _, path in old:
        file = (root / path).resolve()
        if not file.is_relative_to(root):
            log.error("%s lies outside of the outputs' folder, and is left there", path)
            continue
        file.unlink(missing_ok=True)
        # A run's own folder, not the one that all files of sales_report are in.
        if file.parent.parent == root / "reports" and not any(file.parent.iterdir()):
            file.parent.rmdir()
    connection.execute(
        "UPDATE reports.report_file SET deleted_at = now() WHERE file_id = ANY(%s)", [[file_id for file_id, _ in old]]
    )
    log.info("%d files of reports deleted", len(old))
    return len(old)
