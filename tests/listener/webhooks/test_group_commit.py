"""A 2xx means committed: many at once, Postgres killed, the listener killed, Postgres slow or away."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
import pytest

from include.warehouse.bootstrap import bootstrap
from include.warehouse.migrate import migrate
from stack.postgres import SUPERUSER, EmbeddedPostgres
from tests.conftest import AIRFLOW_HOME, Database
from tests.listener.load import flood, request
from tests.listener.process import Listener, running_listener, square_event, square_headers

# docs promise 20 of each: LISTENER_KILLS=20.
ROUNDS = int(os.environ.get("LISTENER_KILLS", "3"))
TRAFFIC_SECONDS = 0.6


def wire(event_id: str) -> bytes:
    body = square_event(event_id)
    return request("/webhooks/square", body, square_headers(body))


def test_5000_concurrent_sends_of_1000_events_are_1000_rows(listener: Listener, database: Database) -> None:
    wires = [wire(f"E-{at % 1000}") for at in range(5000)]
    random.Random(1).shuffle(wires)
    replies = flood(listener.port, wires, connections=1000)
    assert {reply.status for reply in replies} == {200}
    with database.connect() as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT event_id) FROM inbox.webhook_event").fetchone()
    assert rows == (1000, 1000)
    metrics = listener.client.get(f"{listener.url}/metrics").text
    assert "storekeeper_webhook_duplicates_total 4000.0" in metrics
    assert 'storekeeper_webhooks_total{provider="square",result="committed"} 5000.0' in metrics


@dataclass
class Server:
    """A durable Postgres that may be killed."""

    embedded: EmbeddedPostgres
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.embedded.command(), user=self.embedded.system_user, stdout=log, stderr=log, start_new_session=True
            )
        self.embedded.wait_until_ready()

    def signal_all(self, what: signal.Signals) -> None:
        """To the server and its backends, which are groups of their own."""
        assert self.process
        server = psutil.Process(self.process.pid)
        for process in (server, *server.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(what)

    def kill(self) -> None:
        assert self.process
        self.signal_all(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Without waiting for clients."""
        if self.process and self.is_running:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def event_ids(self) -> set[str]:
        with psycopg.connect(self.embedded.url("storekeeper", "storekeeper_app")) as connection:
            return {event_id for (event_id,) in connection.execute("SELECT event_id FROM inbox.webhook_event")}


@pytest.fixture(scope="module")
def one_server() -> Iterator[Server]:
    folder = Path(AIRFLOW_HOME.name) / "durable"
    folder.mkdir()
    # What the listener promises does not hang on the server's default: it asks for synchronous commits itself.
    server = Server(EmbeddedPostgres(folder, {"synchronous_commit": "off"}), folder / "log")
    server.embedded.initialise()
    server.start()
    try:
        bootstrap(server.embedded.url("postgres", SUPERUSER), {}, {"storekeeper": "storekeeper_owner"})
        migrate(server.embedded.url("storekeeper", "storekeeper_owner"))
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(one_server: Server) -> Server:
    """Running, with an empty inbox."""
    if not one_server.is_running:
        one_server.start()
    with psycopg.connect(one_server.embedded.url("storekeeper", "storekeeper_owner")) as connection:
        connection.execute("TRUNCATE inbox.webhook_event")
    return one_server


@contextmanager
def traffic(listener: Listener) -> Iterator[set[str]]:
    """Sends events without a pause; gives the ids that were acknowledged."""
    acknowledged: set[str] = set()
    is_over = threading.Event()

    def send() -> None:
        while not is_over.is_set():
            ids = [str(uuid4()) for _ in range(100)]
            replies = flood(listener.port, [wire(event_id) for event_id in ids], connections=20)
            acknowledged.update(event_id for event_id, reply in zip(ids, replies, strict=True) if reply.status == 200)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield acknowledged
    finally:
        is_over.set()
        sender.join()


def wait_for_more(acknowledged: set[str]) -> None:
    """Returns when the listener acknowledges again."""
    before, deadline = len(acknowledged), time.monotonic() + 15
    while len(acknowledged) <= before:
        assert time.monotonic() < deadline, "nothing is acknowledged any more"
        time.sleep(0.02)


def test_nothing_acknowledged_is_lost_when_postgres_is_killed(server: Server, tmp_path: Path) -> None:
    with running_listener(server.embedded.url("storekeeper", "storekeeper_listener"), tmp_path) as listener:
        with traffic(listener) as acknowledged:
            for _ in range(ROUNDS):
                wait_for_more(acknowledged)
                time.sleep(random.uniform(0.05, TRAFFIC_SECONDS))
                server.kill()
                server.start()
            wait_for_more(acknowledged)
        assert acknowledged - server.event_ids() == set()


def test_nothing_acknowledged_is_lost_when_the_listener_is_killed(server: Server, tmp_path: Path) -> None:
    with running_listener(server.embedded.url("storekeeper", "storekeeper_listener"), tmp_path) as listener:
        with traffic(listener) as acknowledged:
            for _ in range(ROUNDS):
                wait_for_more(acknowledged)
                time.sleep(random.uniform(0.05, TRAFFIC_SECONDS))
                listener.stop(signal.SIGKILL)
                listener.start()
            wait_for_more(acknowledged)
        assert acknowledged - server.event_ids() == set()


def test_a_stopped_listener_answers_what_is_under_way(server: Server, tmp_path: Path) -> None:
    with running_listener(server.embedded.url("storekeeper", "storekeeper_listener"), tmp_path) as listener:
        with traffic(listener) as acknowledged:
            wait_for_more(acknowledged)
            assert listener.stop() == 0
        assert acknowledged - server.event_ids() == set()
        assert '"level": "error"' not in listener.log.read_text()


def test_without_postgres_a_sender_hears_503_at_once_and_the_listener_recovers(server: Server, tmp_path: Path) -> None:
    with running_listener(server.embedded.url("storekeeper", "storekeeper_listener"), tmp_path) as listener:
        server.stop()
        body = square_event("E-1")
        assert listener.send_square(body).status_code == 503
        started = time.perf_counter()
        answer = listener.send_square(body)
        assert time.perf_counter() - started < 1
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        health = listener.health()
        assert (health.status_code, health.json()["problems"]) == (503, ["the database is away"])
        server.start()
        deadline = time.monotonic() + 10
        while listener.send_square(body).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert listener.health().status_code == 200
    assert server.event_ids() == {"E-1"}


def test_a_listener_starts_without_postgres(server: Server, tmp_path: Path) -> None:
    server.stop()
    with running_listener(server.embedded.url("storekeeper", "storekeeper_listener"), tmp_path) as listener:
        assert listener.health().status_code == 503
        assert listener.send_square(square_event()).status_code == 503


def test_an_idle_connection_that_was_cut_costs_no_sender_an_error(listener: Listener, database: Database) -> None:
    assert listener.send_square(square_event()).status_code == 200
    with psycopg.connect(database.server.url("postgres", SUPERUSER), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name])
    assert listener.send_square(square_event()).status_code == 200


def test_a_postgres_that_hangs_gets_senders_their_answer_within_10_seconds(server: Server, tmp_path: Path) -> None:
    with running_listener(server.embedded.url("storekeeper", "storekeeper_listener"), tmp_path) as listener:
        assert listener.send_square(square_event("before")).status_code == 200
        server.signal_all(signal.SIGSTOP)
        try:
            started = time.perf_counter()
            assert listener.send_square(square_event("during")).status_code == 503
            assert time.perf_counter() - started < 10
        finally:
            server.signal_all(signal.SIGCONT)
        deadline = time.monotonic() + 15
        while listener.send_square(square_event("after")).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_table_that_is_locked_gets_senders_a_503(listener: Listener, database: Database) -> None:
    with database.connect("storekeeper_owner") as connection:
        connection.execute("LOCK TABLE inbox.webhook_event IN ACCESS EXCLUSIVE MODE")
        started = time.perf_counter()
        assert listener.send_square(square_event()).status_code == 503
        assert time.perf_counter() - started < 10
    assert listener.send_square(square_event()).status_code == 200
