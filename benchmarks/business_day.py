"""One business day on the running stack: sold, synced and reported, as DAG runs on LocalExecutor."""

import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from benchmarks.environment import folder, running_stack
from benchmarks.figure import Figure
from include.config import load_chain
from stack.airflow_api import AirflowApi

ORDERS = 100
RUNS = 5
REACH_SECONDS = 15.0
DAG_IDS = ("business_day_simulator", "square_sync", "sales_report")


def run() -> Iterator[Figure]:
    with folder() as home, running_stack(home) as stack:
        airflow = stack.airflow
        for dag_id in ("square_setup", *DAG_IDS, *(f"empty_{dag_id}" for dag_id in DAG_IDS)):
            airflow.wait_for_dag(dag_id)
            airflow.unpause(dag_id)
            if dag_id == "square_setup":
                seconds_of(airflow, dag_id, {})
            elif dag_id in ("square_sync", "sales_report"):
                # Switched on, it begins with the run that its schedule has due.
                airflow.wait_for_runs(dag_id, seconds=60)
        # Yesterday may not have ended in every time zone. The first day warms both up, and is not counted.
        last_day = datetime.now(UTC).date() - timedelta(days=2)
        rounds = [(floor(airflow), business_day(airflow, last_day - timedelta(days=back))) for back in range(RUNS + 1)]
        floors, days = zip(*rounds[1:], strict=True)
        seconds = statistics.median(sum(day.values()) for day in days)
        parts = {dag_id: statistics.median(day[dag_id] for day in days) for dag_id in DAG_IDS}
        yield Figure(
            f"{' + '.join(DAG_IDS)} for {ORDERS} orders",
            seconds,
            reach=2,
            floor=f"the same number of empty tasks in the same shape (medians of {RUNS})",
            floor_seconds=statistics.median(floors),
            notes=", ".join(f"{dag_id} {part:.2f} s" for dag_id, part in parts.items()),
        )
        yield Figure("the three together", seconds, reach=REACH_SECONDS)


def floor(airflow: AirflowApi) -> float:
    return sum(seconds_of(airflow, f"empty_{dag_id}", {}) for dag_id in DAG_IDS)


def business_day(airflow: AirflowApi, day: date) -> dict[str, float]:
    simulated = {"day": day.isoformat(), "orders_per_location": ORDERS // len(load_chain().locations)}
    return {
        "business_day_simulator": seconds_of(airflow, "business_day_simulator", simulated),
        "square_sync": seconds_of(airflow, "square_sync", {}),
        "sales_report": seconds_of(airflow, "sales_report", {"date": day.isoformat()}),
    }


def seconds_of(airflow: AirflowApi, dag_id: str, conf: dict[str, object]) -> float:
    """From the moment that a run is queued to its end, as Airflow records them."""
    run = airflow.wait(airflow.trigger(dag_id, conf), seconds=120)
    if run.state != "success":
        raise RuntimeError(f"{dag_id} is {run.state}: {run.url}")
    body = airflow.http.get(f"/api/v2/dags/{dag_id}/dagRuns/{run.run_id}").raise_for_status().json()
    queued, ended = (datetime.fromisoformat(body[name]) for name in ("queued_at", "end_date"))
    return (ended - queued).total_seconds()
