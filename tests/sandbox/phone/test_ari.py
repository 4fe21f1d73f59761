"""The telephone system as a process: who gets in, what they hear, and what they miss."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.sandbox.phone.models import check, check_event
from tests.sandbox_process import Sandbox

Event = dict[str, Any]


@contextmanager
def listening(sandbox: Sandbox, app: str = "storekeeper", **query: str) -> Iterator[ClientConnection]:
    query = {"app": app, "subscribeAll": "true", "api_key": f"{sandbox.ari_user}:{sandbox.ari_password}", **query}
    url = f"{sandbox.ari_url.replace('http', 'ws')}/events?{urlencode(query)}"
    with connect(url, max_size=None, proxy=None) as socket:
        yield socket


def next_event(socket: ClientConnection) -> Event:
    event: Event = json.loads(socket.recv(timeout=10))
    return event


def until_over(socket: ClientConnection, calls: int = 1) -> list[Event]:
    """Everything up to the end of so many callers' channels."""
    events = []
    while calls:
        events.append(next_event(socket))
        is_root = events[-1].get("channel", {}).get("name", "").startswith("PJSIP/trunk")
        calls -= is_root and events[-1]["type"] == "ChannelDestroyed"
    return events


def until_broken(socket: ClientConnection) -> list[Event]:
    """Everything up to the end of the connection."""
    events = []
    with suppress(ConnectionClosed):
        while True:
            events.append(next_event(socket))
    return events


def ask(sandbox: Sandbox, path: str) -> Any:
    auth = (sandbox.ari_user, sandbox.ari_password)
    return sandbox.client.get(sandbox.ari_url + path, auth=auth).raise_for_status().json()


def test_a_call_is_heard_from_its_beginning_to_its_end(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("answered", caller_number="+16465550111", caller_name="Ana", dialled_number="+13125550102")
        events = until_over(socket)
    for event in events:
        check_event(event)
    assert {event["application"] for event in events} == {"storekeeper"}
    first = events[0]["channel"]
    assert first["caller"] == {"name": "Ana", "number": "+16465550111"}
    assert first["dialplan"]["exten"] == "+13125550102"


def test_a_call_that_passes_faster_than_life_still_tells_its_true_length(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("nobody_answers", speed=50)
        events = until_over(socket)
    stamps = [time.mktime(time.strptime(event["timestamp"][:19], "%Y-%m-%dT%H:%M:%S")) for event in events]
    assert stamps[-1] - stamps[0] == pytest.approx(25, abs=1)
    ended_at = time.strptime(events[-1]["timestamp"][:19], "%Y-%m-%dT%H:%M:%S")
    assert abs(time.mktime(ended_at) - time.mktime(time.gmtime())) < 3


def test_what_lives_can_be_asked_for(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("answered", speed=10)
        while next_event(socket)["type"] != "ChannelEnteredBridge":
            pass
        next_event(socket)
        channels, (bridge,) = ask(sandbox, "/channels"), ask(sandbox, "/bridges")
        assert sorted(bridge["channels"]) == sorted(channel["id"] for channel in channels)
        for channel in channels:
            check("Channel", channel)
            assert ask(sandbox, f"/channels/{channel['id']}") == channel
        check("Bridge", bridge)
        assert ask(sandbox, f"/bridges/{bridge['id']}") == bridge
        until_over(socket)
    assert (ask(sandbox, "/channels"), ask(sandbox, "/bridges")) == ([], [])


def test_what_does_not_live_is_not_found(sandbox: Sandbox) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        ask(sandbox, "/channels/1.1")


def test_only_who_knows_the_password_gets_in(sandbox: Sandbox) -> None:
    assert sandbox.client.get(f"{sandbox.ari_url}/channels").status_code == 401
    assert sandbox.client.get(f"{sandbox.ari_url}/channels", auth=(sandbox.ari_user, "x")).status_code == 401
    for query in ({"api_key": "storekeeper:x"}, {"api_key": ""}):
        with pytest.raises(InvalidStatus, match="401"), listening(sandbox, **query):
            pass


def test_an_application_has_to_be_named(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidStatus, match="400"), listening(sandbox, app=""):
        pass


def test_the_newer_socket_of_an_application_replaces_the_older(sandbox: Sandbox) -> None:
    with listening(sandbox) as older, listening(sandbox, app="other") as other, listening(sandbox) as newer:
        replaced = next_event(older)
        check_event(replaced)
        assert replaced["type"] == "ApplicationReplaced"
        with pytest.raises(ConnectionClosed):
            older.recv(timeout=10)
        sandbox.ring("hung_up_early")
        assert len(until_over(newer)) == len(until_over(other))


def test_who_did_not_subscribe_to_everything_hears_nothing(sandbox: Sandbox) -> None:
    with listening(sandbox, app="deaf", subscribeAll="false") as deaf, listening(sandbox) as socket:
        sandbox.ring("hung_up_early")
        until_over(socket)
        with pytest.raises(TimeoutError):
            deaf.recv(timeout=0.2)


def test_what_happens_while_the_socket_is_broken_is_not_repeated(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("short_drop", speed=50)
        heard = until_broken(socket)
        assert "Up" not in [event.get("channel", {}).get("state") for event in heard]
    with listening(sandbox) as socket:
        (bridge,) = ask(sandbox, "/bridges")
        assert heard[0]["channel"]["id"] in bridge["channels"]
        assert until_over(socket)[0]["type"] == "ChannelHangupRequest"


def test_nobody_gets_in_until_a_lost_call_is_over(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("drop", speed=20)
        until_broken(socket)
    with pytest.raises(InvalidStatus, match="503"), listening(sandbox):
        pass
    wait_until_open(sandbox)
    assert ask(sandbox, "/channels") == []


def wait_until_open(sandbox: Sandbox) -> None:
    deadline = time.monotonic() + 10
    auth = (sandbox.ari_user, sandbox.ari_password)
    while sandbox.client.get(f"{sandbox.ari_url}/channels", auth=auth).status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_restart_forgets_every_call_and_says_when_it_was(sandbox: Sandbox) -> None:
    before = ask(sandbox, "/asterisk/info")["status"]["startup_time"]
    with listening(sandbox) as socket:
        sandbox.ring("answered", speed=1)
        next_event(socket)
        sandbox.request("POST", "/sandbox/phone/restart", json={"seconds": 0})
        assert "ChannelDestroyed" not in [event["type"] for event in until_broken(socket)]
    assert ask(sandbox, "/asterisk/info?only=status")["status"]["startup_time"] > before
    assert ask(sandbox, "/channels") == []
    (call,) = sandbox.request("GET", "/sandbox/phone/calls").json()
    assert call["over_at"] is None


def test_a_restart_in_the_middle_of_a_call_takes_the_others_with_it(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("answered", speed=1)
        sandbox.ring("restart")
        assert "ChannelDestroyed" not in [event["type"] for event in until_broken(socket)]
    wait_until_open(sandbox)
    assert ask(sandbox, "/channels") == []


def test_the_socket_can_be_dropped_and_closed_to_everybody(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.request("POST", "/sandbox/phone/drop")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
    sandbox.request("POST", "/sandbox/phone/refuse", json={"seconds": 30})
    with pytest.raises(InvalidStatus, match="503"), listening(sandbox):
        pass
    sandbox.request("POST", "/sandbox/phone/refuse", json={"seconds": 0})
    with listening(sandbox):
        pass


def test_fifty_calls_a_second_are_all_heard(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("nobody_answers", times=150, spacing_seconds=0.02)
        events = until_over(socket, calls=150)
    roots = [event["channel"]["id"] for event in events if event["type"] == "ChannelCreated"]
    assert len(set(roots)) == 150 * 3
    assert Counter(event["dialstatus"] for event in events if event["type"] == "Dial")["NOANSWER"] == 300
    known = sandbox.request("GET", "/sandbox/phone/calls").json()
    assert {call["channel_id"] for call in known} <= set(roots)
    assert len(known) == 150


def test_a_department_can_be_named(sandbox: Sandbox) -> None:
    with listening(sandbox) as socket:
        sandbox.ring("hung_up_early", location="Santa Monica", department="Catering")
        sandbox.ring("hung_up_early", location="Denver Union Station")
        until_over(socket, calls=2)
    numbers = [call["dialled_number"] for call in sandbox.request("GET", "/sandbox/phone/calls").json()]
    assert sorted(numbers) == ["+13035550101", "+13105550102"]


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"scenario": "dance"}, "nobody_answers"),
        ({"scenario": "busy", "location": "Atlantis"}, "Manhattan: Front desk"),
        ({"scenario": "busy", "times": 0}, "times"),
        ({"scenario": "busy", "speed": 0.5}, "speed"),
        ({"scenario": "busy", "colour": "red"}, "colour"),
        ({}, "scenario"),
    ],
)
def test_a_call_that_cannot_be_is_refused(sandbox: Sandbox, wish: dict[str, Any], reason: str) -> None:
    with pytest.raises(httpx.HTTPStatusError) as error:
        sandbox.request("POST", "/sandbox/phone/calls", json=wish)
    assert error.value.response.status_code == 400
    assert reason in error.value.response.json()["detail"]


@pytest.mark.parametrize(("method", "path"), [("POST", "calls"), ("GET", "calls"), ("POST", "drop")])
def test_the_controls_need_the_token(sandbox: Sandbox, method: str, path: str) -> None:
    assert sandbox.client.request(method, f"{sandbox.url}/sandbox/phone/{path}").status_code == 401
