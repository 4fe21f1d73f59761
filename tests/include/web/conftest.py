"""The web app as Airflow serves it: a real server, Airflow's own login, a metadata database with the report DAGs."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
import uvicorn

from stack.postgres import SUPERUSER
from tests.conftest import Database, Databases
from tests.include.web.fab import build_fab_app, fab_in_charge

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from fastapi import FastAPI

# SimpleAuthManager's roles; each user is called as its role.
LOGINS = ("viewer", "user", "op", "admin")
PASSWORD = "correct horse battery staple"
CONNECTIONS = {"storekeeper_db": "storekeeper_app", "storekeeper_report_db": "storekeeper_report"}


@cache
def token(url: str, login: str) -> str:
    """Asked for once: FAB takes a tenth of a second to check a password."""
    answer = httpx.post(f"{url}/auth/token", json={"username": login, "password": PASSWORD})
    return str(answer.raise_for_status().json()["access_token"])


@dataclass
class Web:
    """The running app with a database and an outputs' folder of its own; `client` is anonymous."""

    url: str
    airflow_app: "FastAPI"
    database: Database
    outputs: Path
    partner_files: Path
    client: httpx.Client
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"{self.url}/storekeeper/api"

    @property
    def pages(self) -> str:
        return f"{self.url}/storekeeper"

    def token(self, login: str) -> str:
        """:param login: viewer, user, op or admin; of `fab_web`, one of FAB_LOGINS."""
        return token(self.url, login)

    def login(self, login: str) -> httpx.Client:
        """A client of the API with a token; its paths are relative to the API."""
        return self._client(self.api, headers={"Authorization": f"Bearer {self.token(login)}"})

    def browser_login(self, login: str) -> httpx.Client:
        """A client as a browser is one: with the cookie of Airflow's login, sending from our own pages."""
        return self._client(self.pages, headers={"Origin": self.url}, cookies={"_token": self.token(login)})

    def _client(self, base_url: str, **options: Any) -> httpx.Client:
        client = httpx.Client(base_url=base_url, timeout=30, **options)
        self.clients.append(client)
        return client


@pytest.fixture(scope="session")
def airflow_app(dag_bag: "DagBag", tmp_path_factory: pytest.TempPathFactory) -> Iterator["FastAPI"]:  # noqa: ARG001
    """What of Airflow's api-server concerns us: the auth manager and its login, its middleware, and our plugin.

    (All of `create_app` takes 3 s longer.) Its DAGs are those of `dag_bag`, none of them paused.
    """
    passwords = tmp_path_factory.mktemp("auth") / "passwords.json"
    passwords.write_text(json.dumps(dict.fromkeys(LOGINS, PASSWORD)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", ",".join(f"{login}:{login}" for login in LOGINS))
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(passwords))
        patch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "x" * 64)
        from airflow.api_fastapi.app import init_auth_manager, init_plugins, purge_cached_app
        from airflow.api_fastapi.auth.middlewares.refresh_token import JWTRefreshMiddleware
        from airflow.models import DagModel
        from airflow.utils.session import create_session
        from fastapi import FastAPI
        from sqlalchemy import update

        with create_session() as session:
            session.execute(update(DagModel).values(is_paused=False))
        app = FastAPI()
        init_plugins(app)
        init_auth_manager(app)
        app.add_middleware(JWTRefreshMiddleware)
        yield app
        purge_cached_app()


@contextmanager
def served(app: "FastAPI") -> Iterator[str]:
    """The address of a server in a thread of this process."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # From now on whoever connects is kept waiting until the server takes the socket over.
        listening.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="session")
def server_url(airflow_app: "FastAPI") -> Iterator[str]:
    with served(airflow_app) as url:
        yield url


@pytest.fixture
def web(airflow_app: "FastAPI", server_url: str, database: Database, tmp_path: Path) -> Iterator[Web]:
    with web_on(airflow_app, server_url, database, tmp_path / "outputs") as web:
        yield web


@pytest.fixture(scope="module")
def module_web(
    airflow_app: "FastAPI", server_url: str, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """One for all tests of a module, instead of `web`: for those that change nothing."""
    with (
        databases.one() as database,
        web_on(airflow_app, server_url, database, tmp_path_factory.mktemp("outputs")) as web,
    ):
        yield web


@pytest.fixture
def emptied_web(module_web: Web) -> Web:
    """The same for tests that change reports, runs, messages and a partner's files: faster than a database each."""
    with psycopg.connect(module_web.database.url(SUPERUSER)) as connection:
        connection.execute("TRUNCATE reports.report, reports.standing_order, reports.change RESTART IDENTITY CASCADE")
        connection.execute("TRUNCATE outbox.message, partner.file, partner.edition CASCADE")
        connection.execute("TRUNCATE silver.partner_customers, silver.partner_orders")
    return module_web


@pytest.fixture(scope="session")
def fab_app(airflow_app: "FastAPI") -> "FastAPI":  # noqa: ARG001 (fills the metadata)
    with fab_in_charge():
        return build_fab_app(PASSWORD)


@pytest.fixture(scope="session")
def fab_url(fab_app: "FastAPI") -> Iterator[str]:
    with served(fab_app) as url:
        yield url


@pytest.fixture
def fab_web(fab_app: "FastAPI", fab_url: str, database: Database, tmp_path: Path) -> Iterator[Web]:
    """`web` where rights are roles', as in the demo and in production."""
    with fab_in_charge(fab_app), web_on(fab_app, fab_url, database, tmp_path / "outputs") as web:
        yield web


@contextmanager
def web_on(airflow_app: "FastAPI", server_url: str, database: Database, outputs: Path) -> Iterator[Web]:
    """The app with its connections to this database; there is one at a time."""
    with pytest.MonkeyPatch.context() as patch, httpx.Client(timeout=30) as client:
        for conn_id, role in CONNECTIONS.items():
            connection = {
                "conn_type": "postgres",
                "host": str(database.server.socket),
                "schema": database.name,
                "login": role,
            }
            patch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(connection))
        patch.setenv("STOREKEEPER_OUTPUTS", str(outputs))
        partner_files = outputs.with_name(f"{outputs.name}-partner")
        patch.setenv("STOREKEEPER_PARTNER_FILES", str(partner_files))
        web = Web(server_url, airflow_app, database, outputs, partner_files, client)
        yield web
        for one in web.clients:
            one.close()
        # The next one has another database.
        storekeeper_app(airflow_app).state.database.close()


def storekeeper_app(airflow_app: "FastAPI") -> "FastAPI":
    """The app that the plugin has mounted."""
    (mount,) = [route for route in airflow_app.routes if getattr(route, "path", "") == "/storekeeper"]
    app: FastAPI = mount.app.built()  # type: ignore[attr-defined]
    return app
