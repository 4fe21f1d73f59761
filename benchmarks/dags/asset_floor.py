"""The floor of an alert: from an asset event to the first line of an empty task."""

import time

from airflow.sdk import Asset, dag, task

FLOOR = Asset("benchmark_floor", uri="storekeeper://benchmark/floor")


@dag(schedule=FLOOR, catchup=False, max_active_runs=1, is_paused_upon_creation=False)
def asset_floor() -> None:
    @task
    def first_line() -> float:
        return time.time()

    first_line()


asset_floor()
