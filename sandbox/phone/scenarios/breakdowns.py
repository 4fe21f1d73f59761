"""Calls in whose middle the telephone system, or the way to it, breaks."""

from sandbox.phone.call import Call, Script
from sandbox.phone.scenarios.parts import caller_rings_off, is_connected, is_hung_up, rings_at, rings_out

RESTART_SECONDS = 2.0
"""How long nobody gets in, by the clock on the wall."""


def restart(call: Call) -> Script:
    """Asterisk restarts while the phone rings: no channel says goodbye, those of other calls neither."""
    root = call.arrives()
    rings_at(call, root, ["101"])
    yield 5
    call.exchange.restart(RESTART_SECONDS)


def drop(call: Call) -> Script:
    """The socket breaks while the phone rings, and the call is over before anybody gets in again."""
    root = call.arrives()
    legs = rings_at(call, root, ["101"])
    yield 5
    call.exchange.drop()
    call.exchange.refuse(25 / call.speed)
    yield 20
    rings_out(call, root, legs)
    is_hung_up(call, root)


def short_drop(call: Call) -> Script:
    """The socket breaks, somebody answers in the gap, and the call outlives it."""
    root = call.arrives()
    (leg,) = rings_at(call, root, ["101"])
    yield 5
    call.exchange.drop()
    bridge = is_connected(call, leg)
    yield 90
    caller_rings_off(call, root, bridge)
