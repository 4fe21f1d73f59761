"""The doorbell over a Postgres that is killed, with a server of its own: the other tests need theirs."""

import asyncio
import json
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from include.warehouse.bootstrap import bootstrap
from include.warehouse.migrate import migrate
from stack.postgres import SUPERUSER, EmbeddedPostgres
from tests.conftest import Database
from tests.include.inbox.test_doorbell import listening, listens

NAME = "storekeeper"


@dataclass
class Server:
    postgres: EmbeddedPostgres
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, postgres: EmbeddedPostgres) -> "Server":
        process = subprocess.Popen(
            postgres.command(),
            user=postgres.system_user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        postgres.wait_until_ready()
        return cls(postgres, process)

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(30)


@pytest.fixture
def server() -> Iterator[Server]:
    # Not below pytest's own folder: that is closed to other users, and as root Postgres runs as one.
    with tempfile.TemporaryDirectory(prefix="storekeeper-restart-") as folder:
        Path(folder).chmod(0o755)
        postgres = EmbeddedPostgres(Path(folder))
        postgres.initialise()
        server = Server.start(postgres)
        try:
            bootstrap(postgres.url("postgres", SUPERUSER), {}, {NAME: "storekeeper_owner"})
            migrate(postgres.url(NAME, "storekeeper_owner"))
            yield server
        finally:
            server.end(signal.SIGINT)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_it_listens_again_after_a_restart(server: Server, how: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(NAME, server.postgres)
    conn = {
        "conn_type": "postgres",
        "host": str(server.postgres.socket),
        "schema": NAME,
        "login": "storekeeper_app",
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))

    async def scene() -> None:
        async with listening() as next_ring:
            await listens(database)
            server.end(how)
            assert await next_ring(1) is None
            server.process = Server.start(server.postgres).process
            with psycopg.connect(database.url("storekeeper_listener")) as listener:
                listener.execute(
                    """
                    INSERT INTO inbox.call (
                        feed, call_id, outcome, ring_seconds, wait_seconds, talk_seconds, legs_tried, started_at,
                        ended_at
                    )
                    VALUES ('ari', '1', 'RANG_OUT', 0, 0, 0, 1, now(), now())
                    """
                )
            # What was notified before it listened again, the table tells.
            assert await next_ring(10)
            await listens(database)

    asyncio.run(scene())
