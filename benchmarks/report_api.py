"""The API's list of a thousand reports with their runs, from Airflow's api-server, beside a list of Airflow's own."""

import statistics
import time
from collections.abc import Callable, Iterator

import httpx
import psycopg

from benchmarks.environment import folder, running_stack
from benchmarks.figure import Figure
from stack.postgres import SUPERUSER, EmbeddedPostgres

REPORTS = 1000
RUNS_OF_EACH = 30
REQUESTS = 100
PAGE = 50
MOST_SECONDS = 0.1
MAKE_REPORTS = """
    INSERT INTO reports.report
        (name, description, sql, parameters, cron, timezone, formats, recipients, owner, retry_count, timeout_seconds,
        row_limit, retention_days, created_by, updated_by, next_run_at)
    SELECT
        'Report ' || n, 'What it is about, in a sentence or two',
        repeat('SELECT day FROM calendar WHERE day = :day -- ', 20),
        '[{"name": "day", "type": "date", "label": "", "default": "yesterday", "allowed": null, "is_required": true}]',
        n %% 60 || ' ' || n %% 24 || ' * * 1', 'Europe/Berlin', '{csv,xlsx}', '{shop@example.com}', 'owner@example.com',
        2, 300, 1000000, 90, 'op', 'op', now() + interval '1 day'
    FROM generate_series(1, %s) AS n
"""
MAKE_RUNS = """
    INSERT INTO reports.report_run
        (dag_id, dag_run_id, report_id, title, state, asked_by, started_at, finished_at, row_count)
    SELECT 'report_run', report_id || '/' || n, report_id, name, 'success', 'schedule', now(), now(), n * 10
    FROM reports.report, generate_series(1, %s) AS n
"""


def run() -> Iterator[Figure]:
    with folder() as path, running_stack(path) as stack:
        server = EmbeddedPostgres(stack.home.folder)
        with psycopg.connect(server.url("storekeeper", SUPERUSER), autocommit=True) as connection:
            connection.execute("DELETE FROM reports.report")
            connection.execute(MAKE_REPORTS, [REPORTS])
            connection.execute(MAKE_RUNS, [RUNS_OF_EACH])
            connection.execute("VACUUM ANALYZE reports.report, reports.report_run")
        http = stack.airflow.http
        everything = timed(lambda: listed(http, REPORTS))
        page = timed(lambda: listed(http, PAGE))
        airflow = timed(lambda: http.get("/api/v2/dags", params={"limit": PAGE}).raise_for_status())
        yield Figure(f"{REPORTS:,} reports with {RUNS_OF_EACH} runs each, listed: p95", p95(everything), MOST_SECONDS)
        yield Figure(
            f"a page of {PAGE} of them, p50",
            statistics.median(page),
            reach=1,
            floor="Airflow's own list of its DAGs (fewer), p50",
            floor_seconds=statistics.median(airflow),
            notes=f"p95 {p95(page) * 1000:.0f} ms, floor's p95 {p95(airflow) * 1000:.0f} ms",
        )


def listed(http: httpx.Client, limit: int) -> None:
    answer = http.get("/storekeeper/api/reports", params={"limit": limit}).raise_for_status()
    assert len(answer.json()["items"]) == limit


def timed(request: Callable[[], object]) -> list[float]:
    """Seconds of each of many requests, one after the other."""
    request()
    seconds = []
    for _ in range(REQUESTS):
        started_at = time.perf_counter()
        request()
        seconds.append(time.perf_counter() - started_at)
    return seconds


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[18]
