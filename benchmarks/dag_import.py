"""What every task process pays for the DAG files, once Airflow itself is imported."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

DAGS = Path(__file__).parents[1] / "dags"
RUNS = 5

PROGRAM = f"""
import sys, time
import airflow.sdk, airflow.timetables.interval, airflow.timetables.trigger, airflow.timetables.assets
sys.path.insert(0, {str(DAGS)!r})
started = time.perf_counter()
for name in {sorted(path.stem for path in DAGS.glob("*.py"))!r}:
    __import__(name)
print(time.perf_counter() - started)
"""


def run() -> Iterator[Figure]:
    seconds = [
        float(
            subprocess.run(
                [sys.executable, "-c", PROGRAM], cwd=DAGS.parent, capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]
        )
        for _ in range(RUNS)
    ]
    yield Figure(
        "import of all DAG files, Airflow already imported",
        statistics.median(seconds),
        reach=0.5,
        notes=f"median of {RUNS} fresh processes",
    )
