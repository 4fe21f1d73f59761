"""What several scenarios have in common."""

from collections.abc import Sequence

from sandbox.phone.call import ANSWERED_ELSEWHERE, NORMAL, Call, Leg
from sandbox.phone.model import Bridge, Channel

RING_TIMEOUT = 25
"""Seconds after which Dial gives up."""
PATIENCE = 9
"""Seconds after which a caller gives up."""


def rings_at(
    call: Call, caller: Channel, phones: Sequence[str], at: tuple[str, str] = ("ext-local", "101")
) -> list[Leg]:
    """Dial lets several phones ring at once."""
    call.starts_dial(caller, f"{'&'.join(f'PJSIP/{phone}' for phone in phones)},{RING_TIMEOUT},tr", at=at)
    legs = [call.tries(caller, phone) for phone in phones]
    for leg in legs:
        call.rings(leg)
    return legs


def rings_out(call: Call, caller: Channel, legs: Sequence[Leg]) -> None:
    """Nobody came within Dial's time."""
    for leg in legs:
        call.fails(leg, "NOANSWER", NORMAL)
    call.sets(caller, "DIALSTATUS", "NOANSWER")


def is_connected(call: Call, leg: Leg, losers: Sequence[Leg] = ()) -> Bridge:
    """A phone is answered, the others stop ringing, and the two are put through."""
    call.answers(leg)
    for other in losers:
        call.fails(other, "CANCEL", ANSWERED_ELSEWHERE)
    call.becomes(leg.caller, "Up")
    call.sets(leg.caller, "DIALEDPEERNAME", leg.peer.name)
    call.sets(leg.caller, "DIALEDPEERNUMBER", leg.dialstring)
    call.sets(leg.caller, "DIALSTATUS", "ANSWER")
    return call.opens_bridge(leg.peer, leg.caller)


def caller_rings_off(call: Call, root: Channel, bridge: Bridge) -> None:
    """The caller ends the conversation; whoever is left in the bridge goes with it."""
    others = [channel for channel in bridge.channels if channel is not root]
    call.asks_to_hang_up(root)
    call.leaves(root, bridge)
    call.closes(bridge)
    for other in others:
        call.ends(other)
    call.ends(root)


def is_hung_up(call: Call, root: Channel, app: str = "Hangup", cause: int = NORMAL) -> None:
    """The dialplan ends the call."""
    call.runs(root, app)
    call.asks_to_hang_up(root, cause)
    call.ends(root, cause)
