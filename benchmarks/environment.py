"""What the benchmarks measure on: a durable embedded Postgres as `make run` sets it up, or the whole stack."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from include.warehouse.bootstrap import bootstrap
from include.warehouse.migrate import migrate
from stack.airflow_api import AirflowApi
from stack.environment import ADMIN, Ports
from stack.home import PROJECT, Home
from stack.postgres import SUPERUSER, EmbeddedPostgres
from stack.startup import POSTGRES_SETTINGS
from tests.sandbox_process import free_ports


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


@dataclass(frozen=True)
class Stack:
    """A running copy of everything; ``airflow`` is logged in."""

    home: Home
    ports: Ports
    airflow: AirflowApi


@contextmanager
def running_stack(path: Path) -> Iterator[Stack]:
    """The whole stack without the demo's year, with the floor's DAGs beside the project's."""
    dags = path / "dags"
    shutil.copytree(PROJECT / "dags", dags, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(__file__).parent / "dags", dags, dirs_exist_ok=True)
    home = Home(path / "home")
    ports = Ports(*free_ports(3))
    environment = os.environ | {
        "STOREKEEPER_HOME": str(home.folder),
        "STOREKEEPER_OUTPUTS": str(path / "outputs"),
        "STOREKEEPER_DAGS": str(dags),
        **{name: str(port) for name, port in ports.by_variable().items()},
    }
    command = [sys.executable, "-m", "stack.run", "--no-demo", "--end-with-parent"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout or ():
            if "Ctrl-C stops everything" in line:
                break
        else:
            raise RuntimeError("the stack did not start")
        airflow = AirflowApi(ports.airflow_url, ADMIN, home.secrets()["admin_password"])
        airflow.log_in()
        yield Stack(home, ports, airflow)
        airflow.http.close()
    finally:
        process.terminate()
        process.communicate(timeout=30)
