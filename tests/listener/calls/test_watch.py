"""From the telephone system's socket to inbox.call, over real sockets and a real Postgres."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.calls import CallWatch
from listener.metrics import Metrics
from listener.settings import Settings
from tests.conftest import Database
from tests.listener.calls.load import ring_for
from tests.listener.calls.watching import FEED, ari_settings, calls, gaps, wait_until, watching
from tests.sandbox_process import Sandbox

OUTCOMES = {
    "answered": "ANSWERED",
    "nobody_answers": "RANG_OUT",
    "ring_group": "ANSWERED",
    "queue_answered": "ANSWERED",
    "queue_abandoned": "QUEUE_ABANDONED",
    "queue_timeout": "QUEUE_TIMEOUT",
    "voicemail": "VOICEMAIL",
    "busy": "BUSY",
    "phones_unreachable": "PHONES_UNREACHABLE",
    "phones_unregistered": "PHONES_UNREACHABLE",
    "transfer": "ANSWERED",
    "blind_transfer": "ANSWERED",
    "caller_gives_up": "CALLER_GAVE_UP",
    "hung_up_early": "HUNG_UP_EARLY",
}


@pytest.fixture
def settings(sandbox: Sandbox, database: Database, tmp_path: Path) -> Settings:
    return ari_settings(sandbox, database.url("storekeeper_listener"), tmp_path / "spool")


@pytest.mark.parametrize("linked_id", [False, True])
def test_every_kind_of_call_is_in_the_inbox(
    settings: Settings, sandbox: Sandbox, database: Database, linked_id: bool
) -> None:
    with watching(settings):
        for number, scenario in enumerate(OUTCOMES):
            sandbox.ring(scenario, caller_number=f"+1212555{number:04d}", caller_name=scenario, linked_id=linked_id)
        wait_until(lambda: len(calls(database)) == len(OUTCOMES))
    rows = calls(database)
    assert {row["caller_name"]: row["outcome"] for row in rows} == OUTCOMES
    assert {row["feed"] for row in rows} == {FEED}
    assert {row["state"] for row in rows} == {"new"}
    assert all(row["started_at"] <= row["ended_at"] for row in rows)
    assert gaps(database) == []


def test_a_dropped_socket_is_connected_again_soon_and_the_gap_is_known(
    settings: Settings, sandbox: Sandbox, database: Database
) -> None:
    with watching(settings) as watch:
        for _ in range(3):
            before = {None, watch.status()["connected_since"]}
            dropped_at, dropped = datetime.now(UTC), time.monotonic()
            sandbox.request("POST", "/sandbox/phone/drop")
            wait_until(lambda before=before: watch.status()["connected_since"] not in before, 10)  # type: ignore[misc]
            assert time.monotonic() - dropped <= 5
            wait_until(lambda: watch.status()["state"] == "connected" and watch.status()["open_gap"] is None)
        wait_until(lambda: len(gaps(database)) == 3 and all(gap["ended_at"] for gap in gaps(database)))
    last = gaps(database)[-1]
    assert last["started_at"] <= dropped_at + timedelta(milliseconds=200)
    assert last["ended_at"] >= dropped_at


def test_a_restart_of_the_telephone_system_leaves_its_calls_unknown(
    settings: Settings, sandbox: Sandbox, database: Database
) -> None:
    with watching(settings) as watch:
        sandbox.ring("answered", speed=1)
        wait_until(lambda: watch.status()["open_calls"] == 1)
        sandbox.request("POST", "/sandbox/phone/restart", json={"seconds": 0})
        wait_until(lambda: calls(database))
        wait_until(lambda: gaps(database) and gaps(database)[0]["ended_at"])
    assert [row["outcome"] for row in calls(database)] == ["UNKNOWN"]


def test_a_call_that_ends_while_the_socket_is_down_is_unknown(
    settings: Settings, sandbox: Sandbox, database: Database
) -> None:
    with watching(settings):
        sandbox.ring("drop", speed=20)
        wait_until(lambda: calls(database))
    assert [row["outcome"] for row in calls(database)] == ["UNKNOWN_GAP"]


def test_a_call_that_outlives_the_drop_gets_its_verdict(
    settings: Settings, sandbox: Sandbox, database: Database
) -> None:
    with watching(settings):
        sandbox.ring("short_drop", speed=20)
        wait_until(lambda: calls(database), 20)
    assert [row["outcome"] for row in calls(database)] == ["ANSWERED"]


def test_calls_come_in_as_fast_as_they_are_made(settings: Settings, sandbox: Sandbox, database: Database) -> None:
    metrics = Metrics()
    with watching(settings, metrics) as watch:
        load = ring_for(sandbox, database, calls_per_second=50, seconds=4, scenario="ring_group")
        wait_until(lambda: watch.status()["spooled_calls"] == watch.status()["open_calls"] == 0)
    assert (load.stored_count, load.gap_count) == (200, 0)
    assert {row["outcome"] for row in calls(database)} == {"ANSWERED"}
    assert b'storekeeper_calls_total{feed="shop-pbx",outcome="ANSWERED"} 200.0' in metrics.exposition()


def test_while_it_was_stopped_there_is_a_gap(settings: Settings, sandbox: Sandbox, database: Database) -> None:
    with watching(settings):
        pass
    stopped_at = datetime.now(UTC)
    sandbox.ring("nobody_answers")
    with watching(settings):
        wait_until(lambda: gaps(database) and gaps(database)[0]["ended_at"])
    (gap,) = gaps(database)
    assert gap["started_at"] <= stopped_at <= gap["ended_at"]
    assert gap["reason"] == "the listener was not running"


def test_the_first_start_is_no_gap_unless_it_finds_nobody(
    settings: Settings, sandbox: Sandbox, database: Database
) -> None:
    sandbox.request("POST", "/sandbox/phone/refuse", json={"seconds": 1})
    with watching(settings):
        wait_until(lambda: gaps(database) and gaps(database)[0]["ended_at"])
    (gap,) = gaps(database)
    assert gap["reason"] == "no connection: refused with status 503"


def test_wrong_credentials_are_told_without_them(
    sandbox: Sandbox, database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = ari_settings(sandbox, database.url("storekeeper_listener"), tmp_path, ari_password="canary-password")
    watch = CallWatch(settings, Metrics())
    watch.start()
    try:
        wait_until(lambda: watch.status()["open_gap"])
        status = watch.status()
    finally:
        watch.stop(5)
    assert status["problems"] == ["the call feed is not connected: no connection: refused with status 401"]
    told = "".join(capfd.readouterr())
    assert "401" in told
    assert "canary" not in told
    assert sandbox.ari_user not in told


def test_logs_show_no_caller(
    settings: Settings, sandbox: Sandbox, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    with watching(settings):
        sandbox.ring("nobody_answers", caller_number="+12125550177", caller_name="Ada Canary")
        wait_until(lambda: calls(database))
    told = "".join(capfd.readouterr())
    assert "RANG_OUT" in told
    assert "5550177" not in told
    assert "Canary" not in told


def test_without_a_feed_there_is_nothing_to_watch(database: Database) -> None:
    watch = CallWatch(Settings(database.url("storekeeper_listener"), "none", "none"), Metrics())
    watch.start()
    assert watch.status() == {"feed": "none", "state": "off", "problems": []}
    watch.stop(1)
