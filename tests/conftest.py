"""What every test may ask for: a real Postgres, a migrated database of its own, the outside world's stand-ins."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

# Airflow reads its configuration on import: before any test module can import it, it gets a home of its own.
for variable in [name for name in os.environ if name.startswith(("AIRFLOW", "STOREKEEPER_", "SANDBOX_"))]:
    del os.environ[variable]
# In memory where there is room: a database for each test is hundreds of files each time.
MEMORY = Path("/dev/shm")  # noqa: S108 (the folder's name is made up by tempfile)
HAS_ROOM = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * 2**30
AIRFLOW_HOME = tempfile.TemporaryDirectory(prefix="storekeeper-tests-", dir=MEMORY if HAS_ROOM else None)
os.environ["AIRFLOW_HOME"] = AIRFLOW_HOME.name
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
EMPTY = Path(AIRFLOW_HOME.name) / "empty"
EMPTY.mkdir()
# Each `dag.test()` would parse every DAG file once more, and `dag_bag` has.
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(EMPTY)
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(Path(__file__).parents[1] / "plugins")
# Nothing here speaks TLS, and each HTTP client would read the certificates of all the world.
os.environ["SSL_CERT_DIR"] = str(EMPTY)
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

import psycopg
import pytest
from psycopg import sql
from xdist.scheduler import LoadFileScheduling

from include.warehouse.bootstrap import bootstrap
from include.warehouse.migrate import migrate
from stack.postgres import SUPERUSER, EmbeddedPostgres
from tests.sandbox_process import Sandbox, running_sandbox

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

DAGS = Path(__file__).parents[1] / "dags"
# Airflow's name for what lies in its DAGs folder.
BUNDLE = "dags-folder"
TEMPLATE = "storekeeper"
# The rest is parted by file. These import most of Airflow and fill its metadata, half a minute each time.
IN_ONE_PROCESS = ("tests/dags/", "tests/include/web/")
LONGEST_FIRST = ("tests/stack/test_make_run.py", *IN_ONE_PROCESS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """At the end the other processes would have nothing to do beside the longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return "airflow" if nodeid.startswith(IN_ONE_PROCESS) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return Scheduling(config, log)


@dataclass(frozen=True)
class Database:
    """A migrated database that one test has for itself."""

    name: str
    server: EmbeddedPostgres

    def url(self, role: str = "storekeeper_app") -> str:
        return self.server.url(self.name, role)

    def connect(self, role: str = "storekeeper_app") -> psycopg.Connection:
        return psycopg.connect(self.url(role))


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A running server with the roles and a migrated template database. Not durable: the tests end with it."""
    # Not below pytest's own folder: that is closed to other users, and as root Postgres runs as one.
    folder = Path(AIRFLOW_HOME.name) / "postgres"
    folder.mkdir()
    settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
    server = EmbeddedPostgres(folder, settings)
    server.initialise()
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        server.command(), user=server.system_user, stdout=log, stderr=log, start_new_session=True
    )
    try:
        server.wait_until_ready()
        bootstrap(server.url("postgres", SUPERUSER), {}, {TEMPLATE: "storekeeper_owner"})
        migrate(server.url(TEMPLATE, "storekeeper_owner"))
        yield server
    finally:
        process.terminate()
        process.wait(30)
        log.close()


class Databases:
    """Migrated databases, each for one test. The next is made, and the last one dropped, while tests run: half of their
    time is waiting."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.next = self.thread.submit(self._make)

    @contextmanager
    def one(self) -> Iterator[Database]:
        database, self.next = self.next.result(), self.thread.submit(self._make)
        try:
            yield database
        finally:
            self.thread.submit(self._drop, database)

    def _make(self) -> Database:
        name = f"test_{uuid4().hex[:12]}"
        # Copying files is quicker than logging each page of them, which matters to nobody here.
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER storekeeper_owner STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
        return Database(name, self.server)

    def _drop(self, database: Database) -> None:
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database.name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server.url("postgres", SUPERUSER), autocommit=True) as admin:
            admin.execute(statement)


@pytest.fixture(scope="session")
def databases(postgres: EmbeddedPostgres) -> Iterator[Databases]:
    databases = Databases(postgres)
    yield databases
    databases.thread.shutdown()


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    with databases.one() as database:
        yield database


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with database.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def dag_bag() -> "DagBag":
    """Every DAG of the project, parsed once, and serialized as the DAG processor does it into metadata in SQLite."""
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.db import initdb
    from airflow.utils.session import create_session

    initdb()
    bag = DagBag(dag_folder=DAGS, bundle_path=DAGS, bundle_name=BUNDLE)
    assert bag.import_errors == {}
    with create_session() as session:
        session.merge(DagBundleModel(name=BUNDLE))
    sync_bag_to_db(bag, BUNDLE, None)
    return bag


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox") / "state") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    """The outside world, empty and without faults."""
    sandbox_process.reset()
    return sandbox_process
