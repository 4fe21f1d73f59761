"""The calls: each event as Asterisk describes it, and in the order in which Asterisk tells of such a call."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.phone.call import Call
from sandbox.phone.exchange import Exchange, Listener
from sandbox.phone.model import Party
from sandbox.phone.scenarios import SCENARIOS
from tests.sandbox.phone.models import check_event

Event = dict[str, Any]


def played(scenario: str, *, shows_linked_id: bool = False) -> tuple[list[Event], Exchange]:
    """Every event of a call, heard by one whose socket never breaks, and what is left of the call."""
    exchange = Exchange()
    listener = Listener(("test",), hears_everything=True, drop=lambda: exchange.connect(listener))
    exchange.connect(listener)
    call = Call(exchange, datetime(2026, 11, 21, tzinfo=UTC), Party("Ana", "+16465550111"), "+12125550101")
    call.shows_linked_id = shows_linked_id
    for seconds in SCENARIOS[scenario].script(call):
        call.now += timedelta(seconds=seconds)
    return [json.loads(listener.frames.get_nowait() or "") for _ in range(listener.frames.qsize())], exchange


def kinds(events: list[Event], *wanted: str) -> list[str]:
    return [event["type"] for event in events if event["type"] in wanted]


def dialled(events: list[Event]) -> dict[str, list[str]]:
    """What Dial said of each channel, in order, by the channel's name without its number."""
    said: dict[str, list[str]] = {}
    for event in events:
        if event["type"] == "Dial":
            said.setdefault(event["peer"]["name"].rpartition("-")[0], []).append(event["dialstatus"])
    return said


def variables(events: list[Event]) -> dict[str, str]:
    """The last values on the caller's channel."""
    root = events[0]["channel"]["id"]
    sets = [event for event in events if event["type"] == "ChannelVarset" and event["channel"]["id"] == root]
    return {event["variable"]: event["value"] for event in sets}


def index(events: list[Event], kind: str, **about: str) -> int:
    """Where the first such event of a channel stands."""
    return next(
        number
        for number, event in enumerate(events)
        if event["type"] == kind and about.items() <= event.get("channel", {}).items()
    )


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("shows_linked_id", [False, True])
def test_every_event_is_as_asterisk_describes_it(scenario: str, shows_linked_id: bool) -> None:
    events, _ = played(scenario, shows_linked_id=shows_linked_id)
    assert events
    for event in events:
        check_event(event)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_call_begins_with_the_callers_channel(scenario: str) -> None:
    first = played(scenario)[0][0]
    assert first["type"] == "ChannelCreated"
    assert first["channel"]["dialplan"]["context"] == "from-external"
    assert first["channel"]["dialplan"]["exten"] == "+12125550101"
    assert first["channel"]["caller"] == {"name": "Ana", "number": "+16465550111"}


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"restart"}))
def test_a_call_ends_with_the_callers_channel_and_leaves_nothing(scenario: str) -> None:
    events, exchange = played(scenario)
    assert events[-1]["type"] == "ChannelDestroyed"
    assert events[-1]["channel"]["id"] == events[0]["channel"]["id"]
    assert (exchange.channels, exchange.bridges) == ({}, {})


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"restart"}))
def test_every_channel_that_comes_goes_once(scenario: str) -> None:
    events, _ = played(scenario)
    came = [event["channel"]["id"] for event in events if event["type"] == "ChannelCreated"]
    went = [event["channel"]["id"] for event in events if event["type"] == "ChannelDestroyed"]
    assert sorted(came) == sorted(went)
    assert len(set(came)) == len(came)


def test_an_answered_call_is_put_through() -> None:
    events, _ = played("answered")
    assert dialled(events) == {"PJSIP/101": ["", "RINGING", "ANSWER"]}
    assert variables(events)["DIALSTATUS"] == "ANSWER"
    story = ("BridgeCreated", "ChannelEnteredBridge", "ChannelHangupRequest", "ChannelLeftBridge", "BridgeDestroyed")
    assert kinds(events, *story) == [story[0], story[1], story[1], story[2], story[3], story[3], story[4]]


def test_nobody_answers_any_of_two_phones() -> None:
    events, _ = played("nobody_answers")
    assert dialled(events) == {"PJSIP/101": ["", "RINGING", "NOANSWER"], "PJSIP/102": ["", "RINGING", "NOANSWER"]}
    rung = datetime.fromisoformat(events[-1]["timestamp"]) - datetime.fromisoformat(events[0]["timestamp"])
    assert rung == timedelta(seconds=25)


def test_a_caller_who_gives_up_asks_for_it_before_the_phones_stop() -> None:
    events, _ = played("caller_gives_up")
    assert dialled(events) == {"PJSIP/101": ["", "RINGING", "CANCEL"]}
    assert kinds(events, "ChannelHangupRequest", "ChannelDestroyed")[0] == "ChannelHangupRequest"


def test_who_leaves_during_the_greeting_was_up_without_any_phone() -> None:
    events, _ = played("hung_up_early")
    assert dialled(events) == {}
    assert index(events, "ChannelStateChange", state="Up")


def test_voicemail_takes_the_call_that_nobody_took() -> None:
    events, _ = played("voicemail")
    assert dialled(events)["PJSIP/101"][-1] == "NOANSWER"
    apps = [event["dialplan_app"] for event in events if event["type"] == "ChannelDialplan"]
    assert apps[-1] == "VoiceMail"
    assert events[-1]["channel"]["state"] == "Up"


def test_the_losers_of_a_ring_group_are_cancelled_and_the_local_channel_goes() -> None:
    events, _ = played("ring_group")
    said = dialled(events)
    assert said["PJSIP/102"] == ["", "RINGING", "ANSWER"]
    assert said["PJSIP/101"] == said["PJSIP/103"] == ["", "RINGING", "CANCEL"]
    entered = [event for event in events if event["type"] == "ChannelEnteredBridge"]
    names = [channel["name"].split("-")[0] for channel in (entered[-1]["channel"], entered[-2]["channel"])]
    assert names == ["PJSIP/102", "PJSIP/trunk"]
    assert entered[-1]["bridge"]["id"] == entered[-2]["bridge"]["id"]


@pytest.mark.parametrize("scenario", ["queue_answered", "queue_abandoned", "queue_timeout"])
def test_a_queue_answers_the_caller_before_any_phone_rings(scenario: str) -> None:
    events, _ = played(scenario)
    root = events[0]["channel"]["id"]
    assert index(events, "ChannelStateChange", id=root, state="Up") < index(events, "Dial")


def test_a_queue_says_that_it_was_answered_before_the_caller_is_put_through() -> None:
    events, _ = played("queue_answered")
    answered_at = max(event["timestamp"] for event in events if event["type"] == "Dial")
    root = events[0]["channel"]["id"]
    entered = events[index(events, "ChannelEnteredBridge", id=root)]
    waited = datetime.fromisoformat(entered["timestamp"]) - datetime.fromisoformat(answered_at)
    assert waited == timedelta(seconds=2)


def test_a_queue_says_why_nobody_came() -> None:
    assert variables(played("queue_abandoned")[0])["ABANDONED"] == "TRUE"
    assert variables(played("queue_timeout")[0])["QUEUESTATUS"] == "TIMEOUT"


def test_phones_that_cannot_be_reached_never_ring() -> None:
    events, _ = played("phones_unreachable")
    assert dialled(events) == {"PJSIP/101": ["", "CONGESTION"], "PJSIP/102": ["", "CHANUNAVAIL"]}
    unregistered, _ = played("phones_unregistered")
    assert dialled(unregistered) == {}
    assert variables(unregistered)["DIALSTATUS"] == "CHANUNAVAIL"


def test_a_busy_phone_says_so() -> None:
    events, _ = played("busy")
    assert dialled(events) == {"PJSIP/101": ["", "BUSY"]}


def test_an_attended_transfer_moves_the_caller_to_the_colleagues_bridge() -> None:
    events, _ = played("transfer")
    root = events[0]["channel"]["id"]
    (moved,) = (event for event in events if event["type"] == "BridgeAttendedTransfer")
    last = [event for event in events if event["type"] == "ChannelEnteredBridge" and event["channel"]["id"] == root][-1]
    assert last["bridge"]["id"] == moved["destination_bridge"]


def test_a_blind_transfer_rings_the_colleague_in_vain() -> None:
    events, _ = played("blind_transfer")
    assert kinds(events, "BridgeBlindTransfer", "BridgeDestroyed") == ["BridgeBlindTransfer", "BridgeDestroyed"]
    assert dialled(events)["PJSIP/102"] == ["", "RINGING", "NOANSWER"]


def test_a_linked_id_joins_the_channels_of_a_call() -> None:
    events, _ = played("ring_group", shows_linked_id=True)
    created = [event["channel"] for event in events if event["type"] == "ChannelCreated"]
    assert {channel["channelvars"]["CHANNEL(linkedid)"] for channel in created} == {created[0]["id"]}
