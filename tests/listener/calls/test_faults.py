"""Postgres away, the listener killed, the disk's bound reached: nothing that was decided is lost, or it is loud."""

import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from include.warehouse.bootstrap import bootstrap
from include.warehouse.migrate import migrate
from listener.calls.spool import RESERVE_BYTES, FeedState, Spool
from listener.calls.verdict import Outcome, Verdict
from listener.metrics import Metrics
from stack.postgres import SUPERUSER, EmbeddedPostgres
from tests.conftest import AIRFLOW_HOME, Database
from tests.listener.calls.watching import FEED, ari_settings, calls, gaps, wait_until, watching
from tests.listener.process import Listener, running_listener
from tests.sandbox_process import Sandbox


@contextmanager
def running(server: EmbeddedPostgres) -> Iterator[None]:
    process = subprocess.Popen(
        server.command(),
        user=server.system_user,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        server.wait_until_ready()
        yield
    finally:
        process.send_signal(signal.SIGINT)  # "fast": cuts every connection
        process.wait(30)


@pytest.fixture
def own_server() -> EmbeddedPostgres:
    """A Postgres that a test may stop."""
    folder = Path(AIRFLOW_HOME.name) / uuid4().hex[:8]
    folder.mkdir()
    server = EmbeddedPostgres(folder, {"fsync": "off", "shared_buffers": "16MB"})
    server.initialise()
    with running(server):
        bootstrap(server.url("postgres", SUPERUSER), {}, {"storekeeper": "storekeeper_owner"})
        migrate(server.url("storekeeper", "storekeeper_owner"))
    return server


def test_while_postgres_is_away_calls_wait_on_disk_and_none_is_lost(
    sandbox: Sandbox, own_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    database = Database("storekeeper", own_server)
    settings = ari_settings(sandbox, database.url("storekeeper_listener"), tmp_path)
    with watching(settings) as watch:
        sandbox.ring("busy", times=30)
        wait_until(lambda: watch.status()["spooled_calls"] == 30)
        assert watch.status()["problems"] == []
    # Stopped meanwhile, and started again: they are on disk.
    with watching(settings) as watch, running(own_server):
        wait_until(lambda: watch.status()["spooled_calls"] == 0, 20)
        assert Counter(row["outcome"] for row in calls(database)) == {"BUSY": 30}


def test_a_database_that_is_not_ready_is_waited_for(sandbox: Sandbox, database: Database, tmp_path: Path) -> None:
    with database.connect("storekeeper_owner") as owner:
        owner.execute("REVOKE USAGE ON SCHEMA inbox FROM storekeeper_listener")
    with watching(ari_settings(sandbox, database.url("storekeeper_listener"), tmp_path)) as watch:
        sandbox.ring("busy")
        wait_until(lambda: watch.status()["spooled_calls"] == 1)
        with database.connect("storekeeper_owner") as owner:
            owner.execute("GRANT USAGE ON SCHEMA inbox TO storekeeper_listener")
        wait_until(lambda: len(calls(database)) == 1)


def test_postgres_may_go_and_come_back_under_traffic(
    sandbox: Sandbox, own_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    database = Database("storekeeper", own_server)
    with watching(ari_settings(sandbox, database.url("storekeeper_listener"), tmp_path)) as watch:
        sandbox.ring("caller_gives_up", times=120, spacing_seconds=0.04)
        for _ in range(3):
            with running(own_server):
                time.sleep(0.8)  # of traffic
            time.sleep(0.8)
        with running(own_server):
            wait_until(lambda: len(calls(database)) == 120, 30)
            wait_until(lambda: watch.status()["spooled_calls"] == 0)
            assert {row["outcome"] for row in calls(database)} == {"CALLER_GAVE_UP"}
            assert gaps(database) == []


@pytest.fixture
def listener(sandbox: Sandbox, database: Database, tmp_path: Path) -> Iterator[Listener]:
    variables = {
        "CALL_FEED": "ari",
        "CALL_FEED_NAME": FEED,
        "LISTENER_SPOOL": str(tmp_path / "spool"),
        "ARI_URL": sandbox.url,
        "ARI_USER": sandbox.ari_user,
        "ARI_PASSWORD": sandbox.ari_password,
    }
    with running_listener(database.url("storekeeper_listener"), tmp_path, **variables) as listener:
        wait_until(lambda: listener.health().json()["calls"]["state"] == "connected")
        yield listener


def test_a_killed_listener_loses_nothing_that_was_decided(
    listener: Listener, sandbox: Sandbox, database: Database
) -> None:
    sandbox.ring("nobody_answers", times=400, spacing_seconds=0.02)
    sandbox.ring("answered", times=3, speed=3)  # these live through it all
    for _ in range(3):
        time.sleep(1.5)  # of traffic
        decided = len(calls(database))
        listener.stop(signal.SIGKILL)
        killed_at = datetime.now(UTC)
        assert len(calls(database)) >= decided
        listener.start()
        wait_until(lambda: listener.health().json()["calls"]["open_gap"] is None)
    heard = 403
    wait_until(lambda: all(one["over_at"] for one in sandbox.request("GET", "/sandbox/phone/calls").json()), 40)
    wait_until(lambda: listener.health().json()["calls"]["open_calls"] == 0)
    wait_until(lambda: listener.health().json()["calls"]["spooled_calls"] == 0)
    rows, known = calls(database), gaps(database)
    assert len({row["call_id"] for row in rows}) == len(rows) <= heard
    assert {row["outcome"] for row in rows} == {"RANG_OUT", "ANSWERED", "UNKNOWN_GAP"}
    assert len(known) == 3
    assert all(gap["ended_at"] is not None and gap["reason"] == "the listener was not running" for gap in known)
    assert known[-1]["started_at"] <= killed_at <= known[-1]["ended_at"]
    # Whoever is missing began and ended unheard.
    told = {row["call_id"] for row in rows}
    for one in sandbox.request("GET", "/sandbox/phone/calls").json():
        if one["channel_id"] not in told:
            over_at = datetime.fromisoformat(one["over_at"])
            assert any(gap["started_at"] <= over_at <= gap["ended_at"] for gap in known)


def verdict(number: int) -> Verdict:
    at = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    caller = "+12125550100"
    return Verdict(f"1.{number}", Outcome.RANG_OUT, caller, "x" * 200, caller, None, 1, 1, 0, 1, at, None, at)


def test_a_full_spool_refuses_the_newest_and_keeps_the_oldest(tmp_path: Path) -> None:
    spool = Spool(tmp_path, bound=RESERVE_BYTES * 8)
    number = 5000
    refused = spool.keep(FEED, FeedState(), [verdict(one) for one in range(number)])
    assert refused > 0
    assert spool.size <= spool.bound
    kept = [row.content for row in spool.first(10_000)]
    assert len(kept) == number - refused == spool.count
    assert b'"1.0"' in kept[0]
    before = spool.is_full
    spool.remove(spool.first(500))
    assert (before, spool.is_full) == (True, False)
    assert spool.keep(FEED, FeedState(), [verdict(number)]) == 0
    spool.close()


def test_a_full_spool_is_loud(sandbox: Sandbox, database: Database, tmp_path: Path) -> None:
    away = replace(
        ari_settings(sandbox, "postgresql://storekeeper_listener@127.0.0.1:1/nowhere", tmp_path), listener_spool_mb=1
    )
    before = Spool(tmp_path, away.listener_spool_mb * 1024 * 1024)
    assert before.keep(FEED, FeedState(), [verdict(number) for number in range(5000)]) > 0
    assert before.is_full
    count = before.count
    before.close()
    metrics = Metrics()
    with watching(away, metrics) as watch:
        sandbox.ring("busy", times=100)
        wait_until(lambda: b'storekeeper_calls_refused_total{feed="shop-pbx"}' in metrics.exposition())
        wait_until(lambda: watch.status()["open_gap"])
        status = watch.status()
    assert "the call spool is full: bring Postgres back, or raise LISTENER_SPOOL_MB" in status["problems"]
    assert status["open_gap"]["reason"] == "the spool was full"
    back = replace(away, storekeeper_listener_db_url=database.url("storekeeper_listener"))
    with watching(back) as watch:
        wait_until(lambda: watch.status()["spooled_calls"] == 0 and watch.status()["open_gap"] is None)
    assert len(calls(database)) >= count
    assert gaps(database)[0]["reason"] == "the spool was full"
    assert gaps(database)[0]["ended_at"]


def test_what_postgres_never_takes_holds_up_nobody(sandbox: Sandbox, database: Database, tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1024 * 1024)
    wrong = replace_outcome(verdict(7), "LUNCH")
    spool.keep(FEED, FeedState(), [verdict(number) if number != 7 else wrong for number in range(20)])
    spool.close()
    metrics = Metrics()
    with watching(ari_settings(sandbox, database.url("storekeeper_listener"), tmp_path), metrics) as watch:
        wait_until(lambda: watch.status()["spooled_calls"] == 0)
    assert len(calls(database)) == 19
    assert b'storekeeper_calls_rejected_total{feed="shop-pbx"} 1.0' in metrics.exposition()
    with sqlite3.connect(tmp_path / "calls.sqlite3") as database_file:
        ((content,),) = database_file.execute("SELECT content FROM rejected").fetchall()
    database_file.close()
    assert b'"1.7"' in content


def replace_outcome(one: Verdict, outcome: str) -> Verdict:
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    return Verdict(**(fields | {"outcome": outcome}))
