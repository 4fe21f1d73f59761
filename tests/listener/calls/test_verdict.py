"""Every outcome, from a recorded call to its verdict."""

import json
from datetime import timedelta

import pytest

from listener.calls.events import decode
from listener.calls.switchboard import LINGER_SECONDS, LONGEST_CALL_SECONDS, Switchboard
from listener.calls.verdict import Outcome
from tests.listener.calls.recording import CONTEXTS, NAMES, Event, hear, recorded, verdict_of, verdicts

# name: outcome, legs tried, seconds that it rang, waited, was talked
EXPECTED = {
    "answered": (Outcome.ANSWERED, 1, 6, 6, 45),
    "nobody_answers": (Outcome.RANG_OUT, 2, 25, 25, 0),
    "ring_group": (Outcome.ANSWERED, 3, 7, 7, 50.1),
    "ring_group_linked": (Outcome.ANSWERED, 3, 7, 7, 50.1),
    "queue_answered": (Outcome.ANSWERED, 2, 26, 28, 60),
    "queue_abandoned": (Outcome.QUEUE_ABANDONED, 2, 29, 31, 0),
    "queue_abandoned_linked": (Outcome.QUEUE_ABANDONED, 2, 29, 31, 0),
    "queue_timeout": (Outcome.QUEUE_TIMEOUT, 3, 51, 53, 0),
    "voicemail": (Outcome.VOICEMAIL, 1, 43, 43, 0),
    "busy": (Outcome.BUSY, 1, 0, 4.5, 0),
    "phones_unreachable": (Outcome.PHONES_UNREACHABLE, 2, 0, 6, 0),
    "phones_unregistered": (Outcome.PHONES_UNREACHABLE, 0, 0, 0.1, 0),
    "transfer": (Outcome.ANSWERED, 1, 5, 5, 62),
    "transfer_linked": (Outcome.ANSWERED, 1, 5, 5, 62),
    "blind_transfer": (Outcome.ANSWERED, 2, 5, 5, 40),
    "caller_gives_up": (Outcome.CALLER_GAVE_UP, 1, 9, 9, 0),
    "hung_up_early": (Outcome.HUNG_UP_EARLY, 0, 0, 2, 0),
}


def test_every_recording_has_an_expected_outcome() -> None:
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_call_gets_its_verdict(name: str) -> None:
    call = recorded(name)
    verdict = verdict_of(call.events)
    assert (
        verdict.outcome,
        verdict.legs_tried,
        verdict.ring_seconds,
        verdict.wait_seconds,
        verdict.talk_seconds,
    ) == EXPECTED[name]
    assert verdict.call_id == call.root_id
    assert (verdict.caller_number, verdict.caller_name) == ("+12125550144", "Ada Canary")
    assert verdict.dialled_number == "+12125550101"
    assert verdict.started_at.isoformat() == "2026-11-20T17:00:00+00:00"
    assert verdict.ended_at == call.ended_at
    assert (verdict.answered_at is None) == (verdict.outcome is not Outcome.ANSWERED)
    if verdict.answered_at:
        assert verdict.answered_at - verdict.started_at == timedelta(seconds=verdict.wait_seconds)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_behind_by_a_call(name: str) -> None:
    switchboard = Switchboard(CONTEXTS)
    hear(switchboard, recorded(name).events)
    switchboard.due(LINGER_SECONDS)
    assert (switchboard.open_count, switchboard.followed_count) == (0, 0)


def test_a_call_lingers_until_its_legs_have_ended() -> None:
    *before, root_ends = recorded("caller_gives_up").events
    cancel = next(event for event in before if event.get("dialstatus") == "CANCEL")
    before.remove(cancel)
    switchboard = Switchboard(CONTEXTS)
    hear(switchboard, [*before, root_ends], now=10.0)
    assert switchboard.due(10.0 + LINGER_SECONDS / 2) == []
    assert switchboard.next_due() == 10.0 + LINGER_SECONDS
    hear(switchboard, [cancel], now=10.1)
    (verdict,) = switchboard.due(10.0 + LINGER_SECONDS)
    assert verdict.outcome is Outcome.CALLER_GAVE_UP
    assert switchboard.due(1000.0) == []


def test_a_line_that_is_up_is_no_answer() -> None:
    voicemail = recorded("voicemail").events
    assert any(event["type"] == "ChannelStateChange" and event["channel"]["state"] == "Up" for event in voicemail)
    assert verdict_of(voicemail).outcome is Outcome.VOICEMAIL


def test_a_dial_that_says_answer_is_none_until_the_two_are_put_through() -> None:
    events = recorded("queue_answered").events
    answer = next(index for index, event in enumerate(events) if event.get("dialstatus") == "ANSWER")
    last = events[-1] | {"timestamp": events[answer]["timestamp"]}
    entered = [event for event in events[: answer + 1] if event["type"] != "ChannelEnteredBridge"]
    assert verdict_of([*entered, last]).outcome is Outcome.CALLER_GAVE_UP


def test_what_a_ring_group_cancels_when_its_time_is_up_was_not_given_up_by_the_caller() -> None:
    def outer_rang_out(event: Event) -> Event:
        is_outer = event.get("dialstatus") in ("CANCEL", "ANSWER") and event["peer"]["name"].startswith("Local/")
        return event | {"dialstatus": "NOANSWER"} if is_outer else event

    events = [outer_rang_out(event) for event in recorded("ring_group").without("ChannelEnteredBridge").events]
    inner_answer = [
        event | {"dialstatus": "CANCEL"} if event.get("dialstatus") == "ANSWER" else event for event in events
    ]
    assert verdict_of(inner_answer).outcome is Outcome.RANG_OUT


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("TIMEOUT", Outcome.QUEUE_TIMEOUT),
        ("FULL", Outcome.QUEUE_FULL),
        ("JOINEMPTY", Outcome.QUEUE_EMPTY),
        ("LEAVEEMPTY", Outcome.QUEUE_EMPTY),
        ("JOINUNAVAIL", Outcome.QUEUE_EMPTY),
        ("LEAVEUNAVAIL", Outcome.QUEUE_EMPTY),
        ("CONTINUE", Outcome.RANG_OUT),
    ],
)
def test_a_queue_says_why_it_let_go(status: str, outcome: Outcome) -> None:
    events = [
        event | {"value": status} if event.get("variable") == "QUEUESTATUS" else event
        for event in recorded("queue_timeout").events
    ]
    assert verdict_of(events).outcome is outcome


def test_busy_phones_and_unreachable_ones_make_a_busy_call() -> None:
    events = [
        event | {"dialstatus": "BUSY"} if event.get("dialstatus") == "CONGESTION" else event
        for event in recorded("phones_unreachable").events
    ]
    assert verdict_of(events).outcome is Outcome.BUSY


def test_the_department_is_the_variable_of_that_name() -> None:
    first, *rest = recorded("nobody_answers").events
    says = first | {"type": "ChannelVarset", "variable": "__DEPARTMENT", "value": "Catering"}
    assert verdict_of([first, says, *rest]).department == "Catering"


def test_the_department_may_come_with_the_channel() -> None:
    events = recorded("queue_abandoned").events
    events[3]["channel"]["channelvars"] = {"DEPARTMENT": "Front desk"}
    assert events[3]["channel"]["id"] == recorded("queue_abandoned").root_id
    assert verdict_of(events).department == "Front desk"


def test_without_the_variable_the_department_is_the_queue() -> None:
    assert verdict_of(recorded("queue_abandoned").events).department == "400"
    assert verdict_of(recorded("answered").events).department is None


def test_a_caller_may_send_what_postgres_does_not_take() -> None:
    text = recorded("answered").text.replace("Ada Canary", "Ada\\u0000 \\u0007Canary")
    assert verdict_of([json.loads(line) for line in text.splitlines()]).caller_name == "Ada Canary"


def test_who_withholds_the_number_is_nobody() -> None:
    text = recorded("answered").text.replace('"+12125550144"', '""').replace("Ada Canary", "")
    verdict = verdict_of([json.loads(line) for line in text.splitlines()])
    assert (verdict.caller_number, verdict.caller_name) == (None, None)


def test_calls_of_the_house_are_none_of_ours() -> None:
    text = recorded("answered").text.replace("from-external", "from-internal")
    assert verdicts([json.loads(line) for line in text.splitlines()]) == []


def test_a_trunk_that_is_dialled_is_no_call_that_comes_in() -> None:
    """The leg to a trunk has the trunk's own context, and that is where calls come in."""
    text = recorded("nobody_answers").text.replace("from-internal", "from-external")
    (verdict,) = verdicts([json.loads(line) for line in text.splitlines()])
    assert verdict.call_id == recorded("nobody_answers").root_id


def test_a_channel_that_is_dialled_later_was_no_call_after_all() -> None:
    events = recorded("nobody_answers").events
    for event in events:
        if event["type"] == "ChannelCreated":
            event["channel"]["state"] = "Ring"
            event["channel"]["dialplan"]["context"] = "from-external"
    switchboard = Switchboard(CONTEXTS)
    hear(switchboard, events)
    (verdict,) = switchboard.due(LINGER_SECONDS)
    assert (verdict.outcome, verdict.legs_tried) == (Outcome.RANG_OUT, 2)
    assert list(switchboard.unsaved().values()) == [None, None]


def test_the_other_end_of_a_pipe_may_dial_before_its_own_dial_is_told() -> None:
    events = recorded("ring_group").events
    dials = [event for event in events if event["type"] == "Dial" and event["dialstatus"] == ""]
    outer = [event for event in dials if event["peer"]["name"].startswith("Local/")]
    for one in outer:
        events.remove(one)
        inner = next(
            index
            for index, event in enumerate(events)
            if event["type"] == "Dial" and event["caller"]["name"][:-1] == one["peer"]["name"][:-1]
        )
        events.insert(inner + 1, one)
    verdict = verdict_of(events)
    assert (verdict.outcome, verdict.legs_tried) == (Outcome.ANSWERED, 3)


def test_a_dial_without_a_caller_is_told_apart_by_the_linked_id() -> None:
    events = recorded("ring_group_linked").events
    for event in events:
        event.pop("caller", None)
    verdict = verdict_of(events)
    assert verdict.outcome is Outcome.ANSWERED


def test_a_clock_that_is_set_back_gives_no_negative_seconds() -> None:
    events = recorded("nobody_answers").events
    events[-1]["timestamp"] = "2026-11-20T16:00:00.000+0000"
    verdict = verdict_of(events)
    assert verdict.ended_at == verdict.started_at
    assert (verdict.ring_seconds, verdict.wait_seconds) == (0, 0)


def test_a_call_that_never_ends_is_dropped_after_a_day() -> None:
    switchboard = Switchboard(CONTEXTS)
    hear(switchboard, recorded("nobody_answers").events[:-1], now=1.0)
    assert switchboard.due(LONGEST_CALL_SECONDS) == []
    (verdict,) = switchboard.due(LONGEST_CALL_SECONDS + 1.0)
    assert verdict.outcome is Outcome.UNKNOWN
    assert (switchboard.open_count, switchboard.followed_count) == (0, 0)


def test_what_is_not_needed_is_not_decoded() -> None:
    """Neither of these would pass as what its type promises."""
    assert decode(b'{"type": "ChannelDtmfReceived", "channel": 1}') is None
    assert decode(b'{"type": "ChannelVarset", "variable": "SIPCALLID", "channel": 1}') is None
