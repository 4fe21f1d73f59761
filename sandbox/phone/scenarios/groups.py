"""Calls that ring at several phones through Local channels: ring groups and queues."""

from dataclasses import dataclass

from sandbox.phone.call import ANSWERED_ELSEWHERE, NORMAL, Call, Leg, LocalPair, Script
from sandbox.phone.model import Channel
from sandbox.phone.scenarios.parts import PATIENCE, caller_rings_off, is_connected, is_hung_up

MEMBERS = ("101", "102", "103")
QUEUE = ("ext-queues", "400")
MEMBER_TIMEOUT = 15


@dataclass(frozen=True)
class Member:
    """A phone behind a Local channel: the attempt that the caller sees, and the one that rings the phone."""

    outer: Leg
    local: LocalPair
    inner: Leg


def calls_member(call: Call, caller: Channel, phone: str, context: str, options: str = "") -> Member:
    outer, local = call.tries_local(caller, phone, context, options)
    call.starts_dial(local.two, f"PJSIP/{phone},{MEMBER_TIMEOUT},tr", at=(context, phone))
    inner = call.tries(local.two, phone)
    call.rings(inner)
    call.rings(outer)
    return Member(outer, local, inner)


def is_given_up(call: Call, member: Member, status: str, cause: int = NORMAL) -> None:
    """The caller's side lets go of a member, whose dialplan notices that its own caller is gone."""
    call.says(member.outer, status)
    call.asks_to_hang_up(member.local.two, cause)
    call.ends(member.local.one, cause)
    call.fails(member.inner, "CANCEL", cause)
    call.sets(member.local.two, "DIALSTATUS", "CANCEL")
    call.ends(member.local.two, cause)


def ring_group(call: Call) -> Script:
    """Three phones ring, the second answers, and the Local channel between it and the caller is optimised away."""
    root = call.arrives()
    tried = "&".join(f"Local/{phone}@from-ringgroup" for phone in MEMBERS)
    call.starts_dial(root, f"{tried},25,tr", at=("ext-group", "600"))
    members = [calls_member(call, root, phone, "from-ringgroup") for phone in MEMBERS]
    yield 7
    winner, losers = members[1], [members[0], members[2]]
    inner_bridge = is_connected(call, winner.inner)
    call.answers(winner.outer)
    for loser in losers:
        is_given_up(call, loser, "CANCEL", ANSWERED_ELSEWHERE)
    call.becomes(root, "Up")
    call.sets(root, "DIALSTATUS", "ANSWER")
    bridge = call.opens_bridge(winner.local.one, root)
    yield 0.1
    phone = winner.inner.peer
    call.leaves(phone, inner_bridge)
    call.leaves(winner.local.one, bridge)
    call.enters(phone, bridge)
    call.closes(inner_bridge)
    call.ends(winner.local.one)
    call.ends(winner.local.two)
    yield 50
    caller_rings_off(call, root, bridge)


def queue_answered(call: Call) -> Script:
    """The second round reaches somebody. The Local channel stays (`/n`), as FreePBX has it for queues."""
    root = _enters_queue(call)
    yield 2
    member = calls_member(call, root, MEMBERS[0], "from-queue", "/n")
    yield MEMBER_TIMEOUT
    _rings_out(call, member)
    yield 5
    member = calls_member(call, root, MEMBERS[1], "from-queue", "/n")
    yield 4
    inner_bridge = is_connected(call, member.inner)
    call.answers(member.outer)
    yield 2  # the member hears an announcement before the caller is put through
    call.sets(root, "MEMBERINTERFACE", f"Local/{MEMBERS[1]}@from-queue/n")
    bridge = call.opens_bridge(member.local.one, root)
    yield 60
    call.asks_to_hang_up(root)
    call.leaves(root, bridge)
    call.closes(bridge)
    call.asks_to_hang_up(member.local.two)
    call.ends(member.local.one)
    call.leaves(member.local.two, inner_bridge)
    call.closes(inner_bridge)
    call.ends(member.inner.peer)
    call.ends(member.local.two)
    call.ends(root)


def queue_abandoned(call: Call) -> Script:
    root = _enters_queue(call)
    yield 2
    member = calls_member(call, root, MEMBERS[0], "from-queue", "/n")
    yield MEMBER_TIMEOUT
    _rings_out(call, member)
    yield 5
    member = calls_member(call, root, MEMBERS[1], "from-queue", "/n")
    yield PATIENCE
    call.asks_to_hang_up(root)
    is_given_up(call, member, "CANCEL")
    call.sets(root, "ABANDONED", "TRUE")
    call.ends(root)


def queue_timeout(call: Call) -> Script:
    root = _enters_queue(call)
    for phone in MEMBERS:
        yield 2
        member = calls_member(call, root, phone, "from-queue", "/n")
        yield MEMBER_TIMEOUT
        _rings_out(call, member)
    call.sets(root, "QUEUESTATUS", "TIMEOUT")
    call.runs(root, "Playback", "vm-goodbye")
    yield 2
    is_hung_up(call, root)


def _enters_queue(call: Call) -> Channel:
    """The queue answers the caller itself, so that they hear its music."""
    root = call.arrives()
    call.runs(root, "Answer", at=QUEUE)
    call.becomes(root, "Up")
    call.sets(root, "ABANDONED", "")
    call.runs(root, "Queue", "400,t,,,60")
    call.sets(root, "QUEUEPOSITION", "1")
    return root


def _rings_out(call: Call, member: Member) -> None:
    """The member's own Dial gives up first, and then the queue on it."""
    call.fails(member.inner, "NOANSWER", NORMAL)
    call.sets(member.local.two, "DIALSTATUS", "NOANSWER")
    is_hung_up(call, member.local.two)
    call.says(member.outer, "NOANSWER")
    call.ends(member.local.one)
