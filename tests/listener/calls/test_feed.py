"""The reader against sockets that misbehave, and the feed of JSON messages."""

import base64
import hashlib
import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from websockets.sync.server import ServerConnection, serve

from listener.calls.feed import Connected, Lost, Passed, Reader, Surveyed
from listener.calls.json_feed import JsonFeed
from listener.calls.mapping import CallMapping, load_mapping
from listener.metrics import Metrics
from listener.settings import Settings, SettingsError
from tests.conftest import Database
from tests.listener.calls.watching import calls, gaps, wait_until, watching

MAPPING = """
where: type == 'call.ended'
authorization: CALL_FEED_AUTHORIZATION
time_zone: America/New_York
fields:
  call_id: id
  outcome: result
  started_at: times.start
  answered_at: times.answer
  ended_at: times.end
  caller_number: from.number
  caller_name: from.name
  dialled_number: to
  legs_tried: length(legs)
outcomes:
  answered: ANSWERED
  no-answer: RANG_OUT
"""
MESSAGE = {
    "type": "call.ended",
    "id": 4711,
    "result": "no-answer",
    "times": {"start": "2026-11-20T12:00:00", "answer": "", "end": "2026-11-20T12:00:25.5"},
    "from": {"number": "+12125550144", "name": "Ada Canary"},
    "to": "+12125550101",
    "legs": ["a", "b"],
}


@contextmanager
def telling(handler: Callable[[ServerConnection], None]) -> Iterator[str]:
    """A WebSocket server; its URL."""
    with serve(handler, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/calls?token=canary-token"
        server.shutdown()
        thread.join(10)


@contextmanager
def reading(reader: Reader) -> Iterator[Reader]:
    thread = threading.Thread(target=reader.run)
    thread.start()
    try:
        yield reader
    finally:
        reader.stop()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def mapping_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALL_FEED_AUTHORIZATION", "Bearer canary-secret")
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING)
    return path


def test_a_socket_that_falls_silent_is_noticed() -> None:
    """The connection stands, but nobody is there any more: no frame, and no answer to a ping."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_the_handshake() -> None:
            connection, _ = server.accept()
            request = connection.recv(4096).decode()
            key = next(line.split(": ")[1] for line in request.splitlines() if line.startswith("Sec-WebSocket-Key"))
            digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode(), usedforsecurity=False).digest()
            accept = base64.b64encode(digest).decode()
            connection.sendall(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
            )
            silent.append(connection)

        silent: list[socket.socket] = []
        thread = threading.Thread(target=answer_the_handshake)
        thread.start()
        queue: Queue[Passed] = Queue()
        feed = JsonFeed(f"ws://127.0.0.1:{server.getsockname()[1]}", CallMapping({}, {}))
        with reading(Reader(feed, queue, ping_seconds=0.1, silence_seconds=0.4)) as reader:
            assert queue.get(timeout=5) == Connected(1)
            connected_at = reader.heard_at
            assert queue.get(timeout=5) == Surveyed(1, None)
            lost = queue.get(timeout=5)
        thread.join()
        silent[0].close()
    assert lost == Lost(connected_at, "no sign of life, not even the answer to a ping")


def test_a_quiet_socket_that_answers_pings_is_alive() -> None:
    done = threading.Event()

    def keep_quiet(_: ServerConnection) -> None:
        done.wait(10)

    with telling(keep_quiet) as url:
        queue: Queue[Passed] = Queue()
        with reading(
            Reader(JsonFeed(url, CallMapping({}, {})), queue, ping_seconds=0.1, silence_seconds=0.4)
        ) as reader:
            assert [queue.get(timeout=5), queue.get(timeout=5)] == [Connected(1), Surveyed(1, None)]
            first = reader.heard_at
            assert not done.wait(1)
            assert queue.empty()
            assert reader.heard_at is not None
            assert first is not None
            assert reader.heard_at > first
        done.set()


def test_who_is_replaced_does_not_fight(capfd: pytest.CaptureFixture[str]) -> None:
    class Replaced(JsonFeed):
        def is_farewell(self, frame: bytes) -> bool:
            return b'"ApplicationReplaced"' in frame

    connections = []

    def replace(connection: ServerConnection) -> None:
        connections.append(connection)
        connection.send(json.dumps({"type": "ApplicationReplaced", "application": "storekeeper"}))

    with telling(replace) as url:
        queue: Queue[Passed] = Queue()
        with reading(Reader(Replaced(url, CallMapping({}, {})), queue)):
            wait_until(lambda: any(isinstance(passed, Lost) for passed in list(queue.queue)))
            wait_until(lambda: "call_feed_replaced" in capfd.readouterr().out)
            assert not threading.Event().wait(2)
    assert len(connections) == 1


def test_messages_of_ended_calls_are_in_the_inbox(
    database: Database, tmp_path: Path, mapping_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def tell(connection: ServerConnection) -> None:
        asked.append(connection.request.headers["Authorization"] if connection.request else None)
        answered = {"start": 1795197600, "answer": 1795197606000, "end": 1795197660.25}
        messages = [
            MESSAGE,
            MESSAGE,  # told twice
            {"type": "heartbeat"},
            MESSAGE | {"id": "b", "result": "answered", "times": answered},
            MESSAGE | {"id": "c", "result": "lunch"},
            MESSAGE | {"id": None},
            MESSAGE | {"id": "d", "times": {"start": "noon", "end": "later"}},
        ]
        for message in messages:
            connection.send(json.dumps(message))
        connection.send("no JSON")
        connection.send(json.dumps(MESSAGE | {"id": "last"}))
        connection.recv()

    metrics = Metrics()
    with telling(tell) as url:
        settings = Settings(
            database.url("storekeeper_listener"),
            "json",
            "cloud-pbx",
            listener_spool=tmp_path / "spool",
            call_feed_url=url,
            call_feed_mapping=mapping_file,
        )
        with watching(settings, metrics):
            wait_until(lambda: len(calls(database)) == 3)
    assert asked == ["Bearer canary-secret"]
    first, second, last = calls(database)
    assert (first["call_id"], second["call_id"], last["call_id"]) == ("4711", "b", "last")
    assert first["started_at"].isoformat() == "2026-11-20T17:00:00+00:00"
    assert (first["outcome"], first["caller_number"], first["legs_tried"]) == ("RANG_OUT", "+12125550144", 2)
    assert (float(first["ring_seconds"]), float(first["wait_seconds"])) == (25.5, 25.5)
    assert (second["outcome"], float(second["wait_seconds"]), float(second["talk_seconds"])) == ("ANSWERED", 6, 54.25)
    assert gaps(database) == []
    assert b'storekeeper_calls_rejected_total{feed="cloud-pbx"} 4.0' in metrics.exposition()
    rejected = sqlite3.connect(tmp_path / "spool" / "calls.sqlite3")
    reasons = [reason for (reason,) in rejected.execute("SELECT reason FROM rejected ORDER BY position")]
    rejected.close()
    assert reasons == [
        "outcome is none of those in the mapping",
        "call_id is missing",
        "started_at cannot be read",
        "no JSON",
    ]
    told = "".join(capfd.readouterr())
    for secret in ("canary", "Ada", "5550144"):
        assert secret not in told


def test_a_mapping_with_mistakes_names_each(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "fields: {call_id: id, outcome: '&&', started_at: a, lunch: b}\noutcomes: {}\n"
        "authorization: NOT_SET\ntime_zone: Mars/Olympus\n"
    )
    with pytest.raises(SettingsError) as wrong:
        load_mapping(path, {})
    told = "\n".join(wrong.value.problems)
    for mistake in ("ended_at is missing", "lunch is not known", "no JMESPath", "NOT_SET is not set", "Mars/Olympus"):
        assert mistake in told
    assert len(wrong.value.problems) == 5


def test_a_mapping_with_an_unknown_outcome_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("fields: {}\noutcomes: {lunch: OUT}\n")
    with pytest.raises(SettingsError, match="OUT"):
        load_mapping(path, {})
