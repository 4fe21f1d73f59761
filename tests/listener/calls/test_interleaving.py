"""Many calls at once, and ends in any order: one verdict each, and the same as alone."""

from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.calls.channels import FINAL
from listener.calls.switchboard import LINGER_SECONDS, Switchboard
from listener.calls.verdict import Verdict
from tests.listener.calls.recording import CONTEXTS, NAMES, Event, Recording, hear, recorded, verdict_of, verdicts

ALONE = {name: verdict_of(recorded(name).events) for name in NAMES}


def as_if_alone(call: Recording) -> Verdict:
    name, _, number = call.name.partition("#")
    return msgspec.structs.replace(ALONE[name], call_id=f"{number}-{ALONE[name].call_id}")


@settings(deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_calls_do_not_disturb_one_another(names: list[str], random: Random) -> None:
    calls = [recorded(name).copy(number) for number, name in enumerate(names)]
    turns = [index for index, call in enumerate(calls) for _ in call.events]
    random.shuffle(turns)
    told = [iter(call.events) for call in calls]
    switchboard, found = Switchboard(CONTEXTS), []
    for moment, turn in enumerate(turns):
        hear(switchboard, [next(told[turn])], now=float(moment))
        found += switchboard.due(float(moment))
    found += switchboard.due(len(turns) + LINGER_SECONDS)
    assert sorted(found, key=lambda verdict: verdict.call_id) == sorted(
        (as_if_alone(call) for call in calls), key=lambda verdict: verdict.call_id
    )
    assert (switchboard.open_count, switchboard.followed_count) == (0, 0)


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_legs_may_end_late_and_in_any_order(name: str, data: st.DataObject) -> None:
    call = recorded(name)
    events: list[Event] = []
    late: list[tuple[int, Event]] = []
    for index, event in enumerate(call.events):
        if is_end_of_leg(event, call.root_id):
            late.append((data.draw(st.integers(index, len(call.events))), event))
        else:
            events.append(event)
    moved = data.draw(st.permutations(late))
    # Later than where it stood among what stays, or after all of it.
    for place, event in moved:
        events.insert(place, event)
    assert verdicts(events) == [ALONE[name]]


def is_end_of_leg(event: Event, root_id: str) -> bool:
    if event["type"] == "ChannelDestroyed":
        return bool(event["channel"]["id"] != root_id)
    return event["type"] == "Dial" and event["dialstatus"] in FINAL - {"ANSWER"}
