"""The busiest minute of the telephones: fifty calls a second, from the stand-in's events to rows in Postgres."""

from collections.abc import Iterator

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from tests.conftest import Database
from tests.listener.calls.load import ring_for
from tests.listener.calls.watching import ari_settings, watching
from tests.sandbox_process import running_sandbox

A_SECOND, SECONDS = 50, 60
# A quarter of a second of it is the moment that a verdict lingers for the legs' ends.
REACH_SECONDS = 1.0


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server, running_sandbox(home / "sandbox") as sandbox:
        database = Database("storekeeper", server)
        settings = ari_settings(sandbox, database.url("storekeeper_listener"), home / "spool")
        with watching(settings):
            load = ring_for(sandbox, database, A_SECOND, SECONDS, "nobody_answers")
        yield Figure(
            f"a call's end to its row, p95 of {A_SECOND} calls a second for {SECONDS} s",
            load.p95_seconds,
            reach=REACH_SECONDS,
            notes=f"{load.stored_count:,} of {load.rung_count:,} calls stored, {load.gap_count} gaps; "
            f"median {load.median_seconds:.2f} s, slowest {load.slowest_seconds:.2f} s, CPU {load.cpu_seconds:.0f} s",
        )
