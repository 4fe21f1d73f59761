"""The busiest minute: many calls a second, as a test (for seconds) and as a benchmark (for a minute)."""

import time
from dataclasses import dataclass

from tests.conftest import Database
from tests.listener.calls.watching import calls, gaps, wait_until
from tests.sandbox_process import Sandbox


@dataclass(frozen=True)
class Load:
    """What came of it; the seconds are from a call's end (a verdict lingers a moment) to its row in Postgres."""

    rung_count: int
    stored_count: int
    gap_count: int
    median_seconds: float
    p95_seconds: float
    slowest_seconds: float
    cpu_seconds: float


def ring_for(sandbox: Sandbox, database: Database, calls_per_second: float, seconds: float, scenario: str) -> Load:
    """Rings a connected CallWatch of this process, whose processor time is counted."""
    count, cpu = round(calls_per_second * seconds), time.process_time()
    sandbox.ring(scenario, times=count, spacing_seconds=1 / calls_per_second, speed=20)
    wait_until(lambda: len(calls(database)) == count, seconds + 60)
    rows = calls(database)
    delays = sorted((row["received_at"] - row["ended_at"]).total_seconds() for row in rows)
    return Load(
        rung_count=count,
        stored_count=len(rows),
        gap_count=len(gaps(database)),
        median_seconds=delays[len(delays) // 2],
        p95_seconds=delays[int(len(delays) * 0.95)],
        slowest_seconds=delays[-1],
        cpu_seconds=time.process_time() - cpu,
    )
