"""What the benchmarks measure on: a durable embedded Postgres as `make run` sets it up, and the stand-ins."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.warehouse.bootstrap import bootstrap
from include.warehouse.migrate import migrate
from stack.postgres import SUPERUSER, EmbeddedPostgres
from stack.startup import POSTGRES_SETTINGS


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder on the project's own disk: /tmp may be memory."""
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path(__file__).parents[1]) as path:
        yield Path(path)


@contextmanager
def warehouse(home: Path) -> Iterator[EmbeddedPostgres]:
    """A running server with a migrated, empty `storekeeper` database."""
    server = EmbeddedPostgres(home, POSTGRES_SETTINGS)
    server.initialise()
    with (home / "postgres.log").open("wb") as log:
        process = subprocess.Popen(
            server.command(), user=server.system_user, stdout=log, stderr=log, start_new_session=True
        )
        try:
            server.wait_until_ready()
            bootstrap(server.url("postgres", SUPERUSER), {}, {"storekeeper": "storekeeper_owner"})
            migrate(server.url("storekeeper", "storekeeper_owner"))
            yield server
        finally:
            process.terminate()
            process.wait(60)
