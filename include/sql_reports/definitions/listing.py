"""The list of reports for machines: a thousand at a time, without what each of them runs."""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from include.sql_reports.definitions.schedule import in_words
from include.sql_reports.definitions.store import SORTS, WANTED, Sort

_PAGE = sql.SQL("""
    SELECT
        report_id, name, description, cron, timezone, formats, owner, is_active, version, next_run_at,
        config_key IS NOT NULL AS is_from_config, created_at, created_by, updated_at, updated_by,
        (
            SELECT row_to_json(run)
            FROM (
                SELECT run_id, state, queued_at, finished_at, row_count, note, error
                FROM reports.report_run
                WHERE report_run.report_id = report.report_id
                ORDER BY run_id DESC
                LIMIT 1
            ) AS run
        ) AS last_run,
        ARRAY (
            SELECT row_count
            FROM (
                SELECT run_id, row_count
                FROM reports.report_run
                WHERE report_run.report_id = report.report_id AND state = 'success' AND row_count IS NOT NULL
                ORDER BY run_id DESC
                LIMIT 20
            ) AS newest
            ORDER BY run_id
        ) AS row_counts
    FROM reports.report
    WHERE {wanted}
    ORDER BY {order}
    LIMIT %(limit)s OFFSET %(offset)s
""")


def list_summaries(
    connection: psycopg.Connection,
    *,
    search: str | None = None,
    is_active: bool | None = None,
    owner: str | None = None,
    limit: int = 50,
    offset: int = 0,
    sort: Sort = "name",
) -> tuple[list[dict[str, Any]], int]:
    """As `include.sql_reports.definitions.store.list_reports`, but plain values: of a thousand reports as objects,
    Python's garbage collection alone takes longer than all the rest.

    :returns: fields of the definition and of `Report`, `schedule` in words, `last_run` as JSON of a `RunSummary`.
    """
    wanted = {"search": search, "is_active": is_active, "owner": owner, "limit": limit, "offset": offset}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_PAGE.format(wanted=WANTED, order=SORTS[sort]), wanted).fetchall()
    for row in rows:
        row["schedule"] = in_words(row["cron"]) if row["cron"] else None
    [(total,)] = connection.execute(
        sql.SQL("SELECT count(*) FROM reports.report WHERE {}").format(WANTED), wanted
    ).fetchall()
    return rows, total
