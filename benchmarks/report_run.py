"""From the request of a small report to its file, on the running stack, against one empty task that is asked for."""

import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg

from benchmarks.environment import Stack, folder, running_stack
from benchmarks.figure import Figure
from stack.postgres import EmbeddedPostgres

RUNS = 20
# Each of the executor's 16 workers takes up to two seconds for its first task.
WARM_UP = 10
MOST_SECONDS = 60.0
REPORT = {
    "name": "Benchmark",
    "sql": "SELECT n, n * 1.5 AS half FROM generate_series(1, 100) AS n",
    "timezone": "America/New_York",
    "formats": ["csv", "xlsx"],
    "owner": "bench@example.com",
    "recipients": ["bench@example.com"],
}


def run() -> Iterator[Figure]:
    with folder() as home, running_stack(home) as stack:
        for dag_id in ("report_run", "empty_report_run"):
            stack.airflow.wait_for_dag(dag_id)
            stack.airflow.unpause(dag_id)
        report = stack.airflow.http.post("/storekeeper/api/reports", json=REPORT).raise_for_status().json()
        pairs = [(floor(stack), request_to_file(stack, report)) for _ in range(WARM_UP + RUNS)][WARM_UP:]
        floors, runs = zip(*pairs, strict=True)
        yield Figure(
            f"POST run to file ready, a small report in two formats and mailed, p50 of {RUNS}",
            statistics.median(runs),
            reach=2,
            floor="POST of a DAG run to the end of its one empty task, p50",
            floor_seconds=statistics.median(floors),
            notes=f"p95 {_p95(runs):.2f} s, floor's p95 {_p95(floors):.2f} s",
        )


def floor(stack: Stack) -> float:
    began = time.time()
    run = stack.airflow.wait(stack.airflow.trigger("empty_report_run"), MOST_SECONDS)
    task = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/nothing"
    return _at(stack.airflow.http.get(task).raise_for_status().json()["end_date"]) - began


def request_to_file(stack: Stack, report: dict[str, Any]) -> float:
    """The file's row is committed with it: from then on it can be downloaded."""
    began = time.time()
    asked = stack.airflow.http.post(f"/storekeeper/api/reports/{report['report_id']}/run", json={}).raise_for_status()
    run_id = asked.json()["run_id"]
    deadline = time.monotonic() + MOST_SECONDS
    url = EmbeddedPostgres(stack.home.folder).url("storekeeper", "storekeeper_app")
    with psycopg.connect(url, autocommit=True) as connection:
        query = "SELECT clock_timestamp() FROM reports.report_file WHERE run_id = %s"
        while not (files := connection.execute(query, [run_id]).fetchall()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"run {run_id} has no file after {MOST_SECONDS:.0f} s")
            time.sleep(0.02)
    return float(files[0][0].timestamp()) - began


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _p95(seconds: tuple[float, ...]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
