"""After a time without a feed: what vanished, what lives on, what is new."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from listener.calls.call import Call, Memory
from listener.calls.events import Bridge, Channel
from listener.calls.snapshot import Snapshot
from listener.calls.switchboard import LINGER_SECONDS, Switchboard
from listener.calls.verdict import Outcome
from tests.listener.calls.recording import CONTEXTS, Event, Recording, hear, recorded

STARTUP = datetime(2026, 11, 1, tzinfo=UTC)
LOST_AT = datetime(2026, 11, 20, 17, 0, 3, tzinfo=UTC)
QUIET = Snapshot(STARTUP, [], [])


def until(call: Recording, type_: str, **fields: str) -> tuple[list[Event], list[Event]]:
    """The events up to the first such one and with it, and those after it."""
    events = call.events
    index = next(at for at, event in enumerate(events) if event["type"] == type_ and fields.items() <= event.items())
    return events[: index + 1], events[index + 1 :]


def snapshot_of(events: list[Event], startup_time: datetime = STARTUP) -> Snapshot:
    """What Asterisk would say after these events."""
    channels: dict[str, Event] = {}
    bridges: dict[str, Event] = {}
    for event in events:
        for channel in (event.get("channel"), event.get("peer")):
            if channel is not None:
                channels[channel["id"]] = channel
        if "bridge" in event:
            bridges[event["bridge"]["id"]] = event["bridge"]
        if event["type"] == "ChannelDestroyed":
            del channels[event["channel"]["id"]]
        if event["type"] == "BridgeDestroyed":
            del bridges[event["bridge"]["id"]]
    return Snapshot(
        startup_time,
        msgspec.convert(list(channels.values()), list[Channel]),
        msgspec.convert(list(bridges.values()), list[Bridge]),
    )


def switchboard_after(events: list[Event]) -> Switchboard:
    switchboard = Switchboard(CONTEXTS)
    switchboard.resynchronise(QUIET, LOST_AT, 0.0)
    hear(switchboard, events)
    switchboard.lost()
    return switchboard


def test_a_call_that_vanished_ended_in_the_gap() -> None:
    before, _ = until(recorded("nobody_answers"), "Dial", dialstatus="RINGING")
    switchboard = switchboard_after(before)
    (verdict,) = switchboard.resynchronise(QUIET, LOST_AT, 1.0)
    assert verdict.outcome is Outcome.UNKNOWN_GAP
    assert verdict.ended_at == LOST_AT
    assert (switchboard.open_count, switchboard.followed_count) == (0, 0)


def test_after_a_restart_of_asterisk_nothing_is_known() -> None:
    before, _ = until(recorded("nobody_answers"), "Dial", dialstatus="RINGING")
    switchboard = switchboard_after(before)
    (verdict,) = switchboard.resynchronise(Snapshot(STARTUP + timedelta(days=1), [], []), LOST_AT, 1.0)
    assert verdict.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("startup_time", [STARTUP, STARTUP + timedelta(days=1)])
def test_a_call_that_was_answered_before_the_gap_was_no_missed_call(startup_time: datetime) -> None:
    before, _ = until(recorded("answered"), "ChannelEnteredBridge")
    switchboard = switchboard_after([*before, *recorded("answered").events[len(before) :][:1]])
    (verdict,) = switchboard.resynchronise(Snapshot(startup_time, [], []), LOST_AT, 1.0)
    assert verdict.outcome is Outcome.ANSWERED


def test_a_call_that_lives_on_gets_its_verdict() -> None:
    before, after = until(recorded("nobody_answers"), "Dial", dialstatus="RINGING")
    switchboard = switchboard_after(before)
    assert switchboard.resynchronise(snapshot_of(before), LOST_AT, 1.0) == []
    hear(switchboard, after, 2.0)
    (verdict,) = switchboard.due(2.0 + LINGER_SECONDS)
    assert (verdict.outcome, verdict.legs_tried, verdict.wait_seconds) == (Outcome.RANG_OUT, 2, 25)


@pytest.mark.parametrize("name", ["answered", "ring_group", "queue_answered", "ring_group_linked"])
def test_a_call_that_was_answered_in_the_gap_is_found_in_its_bridge(name: str) -> None:
    call = recorded(name)
    before, _ = until(call, "Dial", dialstatus="RINGING")
    in_gap = next(
        at
        for at, event in enumerate(call.events)
        if event["type"] == "ChannelEnteredBridge" and event["channel"]["id"] == call.root_id
    )
    switchboard = switchboard_after(before)
    switchboard.resynchronise(snapshot_of(call.events[: in_gap + 1]), LOST_AT, 1.0)
    hear(switchboard, call.events[in_gap + 1 :], 2.0)
    (verdict,) = switchboard.due(2.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.ANSWERED
    assert verdict.answered_at == datetime.fromisoformat(call.events[in_gap]["bridge"]["creationtime"])


def test_a_leg_that_ended_in_the_gap_was_not_answered() -> None:
    before, _ = until(recorded("voicemail"), "Dial", dialstatus="RINGING")
    in_gap, after = until(recorded("voicemail"), "ChannelDestroyed")
    switchboard = switchboard_after(before)
    switchboard.resynchronise(snapshot_of(in_gap), LOST_AT, 1.0)
    hear(switchboard, [event for event in after if event["type"] != "ChannelDialplan"], 2.0)
    (verdict,) = switchboard.due(2.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.RANG_OUT


@pytest.mark.parametrize(("name", "legs"), [("nobody_answers", 2), ("ring_group_linked", 3), ("queue_abandoned", 1)])
def test_a_call_that_began_in_the_gap_is_taken_over(name: str, legs: int) -> None:
    call = recorded(name)
    in_gap, after = until(call, "Dial", dialstatus="RINGING")
    switchboard = Switchboard(CONTEXTS, memory=Memory(STARTUP, {"PJSIP/trunk"}))
    switchboard.resynchronise(snapshot_of(in_gap), LOST_AT, 1.0)
    assert switchboard.open_count == 1
    hear(switchboard, after, 2.0)
    (verdict,) = switchboard.due(2.0 + LINGER_SECONDS)
    assert verdict.call_id == call.root_id
    assert verdict.started_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert verdict.legs_tried >= legs
    assert switchboard.followed_count == 0


def test_it_remembers_over_which_trunks_calls_come_in() -> None:
    assert switchboard_after(recorded("answered").events).memory.trunks == {"PJSIP/trunk"}


def test_a_call_that_ends_before_the_snapshot_comes_is_in_doubt() -> None:
    """It is told of again, but what became of it in the gap is not."""
    before, after = until(recorded("nobody_answers"), "Dial", dialstatus="RINGING")
    switchboard = switchboard_after(before)
    hear(switchboard, after[-1:], 1.0)
    assert switchboard.resynchronise(QUIET, LOST_AT, 1.1) == []
    (verdict,) = switchboard.due(1.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.UNKNOWN_GAP


def test_a_call_that_begins_while_the_snapshot_is_taken_is_not_in_it_and_lives() -> None:
    switchboard = switchboard_after([])
    hear(switchboard, recorded("nobody_answers").events[:5], 1.0)
    assert switchboard.resynchronise(QUIET, LOST_AT, 1.1) == []
    hear(switchboard, recorded("nobody_answers").events[5:], 2.0)
    (verdict,) = switchboard.due(2.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.RANG_OUT


def test_a_call_that_ends_before_the_snapshot_comes_is_not_brought_back_by_it() -> None:
    """It began in the gap, and its end was heard while the snapshot, taken before, was under way."""
    call = recorded("answered")
    in_gap, after = until(call, "ChannelEnteredBridge")
    switchboard = Switchboard(CONTEXTS, memory=Memory(STARTUP, {"PJSIP/trunk"}))
    hear(switchboard, after, 1.0)
    switchboard.resynchronise(snapshot_of(in_gap), LOST_AT, 1.1)
    assert (switchboard.open_count, switchboard.followed_count) == (0, 0)


def test_a_call_that_was_decided_is_not_opened_again_by_an_old_snapshot() -> None:
    call = recorded("nobody_answers")
    switchboard = switchboard_after([])
    hear(switchboard, call.events, 1.0)
    assert len(switchboard.due(1.0 + LINGER_SECONDS)) == 1
    switchboard.resynchronise(snapshot_of(call.events[:5]), LOST_AT, 2.0)
    assert switchboard.open_count == 0


def test_the_calls_of_an_earlier_process_are_in_doubt() -> None:
    call = recorded("caller_gives_up")
    before, after = until(call, "Dial", dialstatus="RINGING")
    earlier = switchboard_after(before)
    kept = [open_call for open_call in earlier.unsaved().values() if open_call is not None]
    restored = msgspec.json.decode(msgspec.json.encode(kept), type=list[Call])
    assert [one.id for one in restored] == [call.root_id]

    gone = Switchboard(CONTEXTS, restored, Memory(STARTUP))
    (verdict,) = gone.resynchronise(QUIET, LOST_AT, 1.0)
    assert verdict.outcome is Outcome.UNKNOWN_GAP
    assert verdict.caller_number == "+12125550144"

    adopting = Switchboard(CONTEXTS, msgspec.json.decode(msgspec.json.encode(kept), type=list[Call]), Memory(STARTUP))
    assert adopting.resynchronise(snapshot_of(before), LOST_AT, 1.0) == []
    hear(adopting, after, 2.0)
    (verdict,) = adopting.due(2.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.CALLER_GAVE_UP


def test_of_a_call_whose_attempts_nobody_heard_nothing_is_known() -> None:
    """Hung up early means that no phone was tried, and that cannot be said of it."""
    call = recorded("hung_up_early")
    before, after = call.events[:4], call.events[4:]
    switchboard = switchboard_after(before)
    switchboard.resynchronise(snapshot_of(before), LOST_AT, 1.0)
    hear(switchboard, after, 2.0)
    (verdict,) = switchboard.due(2.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.UNKNOWN_GAP
