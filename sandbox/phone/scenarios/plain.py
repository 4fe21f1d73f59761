"""Calls that ring at one phone or two, and what becomes of them."""

from sandbox.phone.call import BUSY, CONGESTION, NORMAL, Call, Script
from sandbox.phone.scenarios.parts import PATIENCE, caller_rings_off, is_connected, is_hung_up, rings_at, rings_out


def answered(call: Call) -> Script:
    root = call.arrives()
    (leg,) = rings_at(call, root, ["101"])
    yield 6
    bridge = is_connected(call, leg)
    yield 45
    caller_rings_off(call, root, bridge)


def nobody_answers(call: Call) -> Script:
    root = call.arrives()
    legs = rings_at(call, root, ["101", "102"])
    yield 25
    rings_out(call, root, legs)
    is_hung_up(call, root)


def caller_gives_up(call: Call) -> Script:
    root = call.arrives()
    legs = rings_at(call, root, ["101"])
    yield PATIENCE
    call.asks_to_hang_up(root)
    for leg in legs:
        call.fails(leg, "CANCEL", NORMAL)
    call.sets(root, "DIALSTATUS", "CANCEL")
    call.ends(root)


def hung_up_early(call: Call) -> Script:
    """The caller leaves while the greeting plays: the line is up, and no phone was tried."""
    root = call.arrives()
    call.runs(root, "Answer", at=("ivr-1", "s"))
    call.becomes(root, "Up")
    call.runs(root, "BackGround", "custom/greeting")
    yield 2
    call.asks_to_hang_up(root)
    call.ends(root)


def busy(call: Call) -> Script:
    root = call.arrives()
    call.starts_dial(root, "PJSIP/101,25,tr", at=("ext-local", "101"))
    leg = call.tries(root, "101")
    yield 0.5
    call.fails(leg, "BUSY", BUSY)
    call.sets(root, "DIALSTATUS", "BUSY")
    call.runs(root, "Busy", "20")
    yield 4
    call.asks_to_hang_up(root)
    call.ends(root, BUSY)


def phones_unreachable(call: Call) -> Script:
    """One phone does not reply, the other is refused on the way."""
    root = call.arrives()
    call.starts_dial(root, "PJSIP/101&PJSIP/102,25,tr", at=("ext-local", "101"))
    legs = [call.tries(root, phone) for phone in ("101", "102")]
    yield 0.5
    call.fails(legs[0], "CONGESTION", CONGESTION)
    yield 5.5
    call.fails(legs[1], "CHANUNAVAIL", CONGESTION)
    call.sets(root, "DIALSTATUS", "CHANUNAVAIL")
    is_hung_up(call, root, "Congestion", CONGESTION)


def phones_unregistered(call: Call) -> Script:
    """No phone is logged in: Dial finds nothing to make a channel of, so that there is not one attempt to see."""
    root = call.arrives()
    call.starts_dial(root, "PJSIP/101&PJSIP/102,25,tr", at=("ext-local", "101"))
    yield 0.1
    call.sets(root, "DIALSTATUS", "CHANUNAVAIL")
    is_hung_up(call, root, "Congestion", CONGESTION)


def voicemail(call: Call) -> Script:
    root = call.arrives()
    legs = rings_at(call, root, ["101"])
    yield 25
    rings_out(call, root, legs)
    call.runs(root, "VoiceMail", "101@default,u", at=("macro-vm", "s-NOANSWER"))
    call.becomes(root, "Up")
    yield 18
    call.asks_to_hang_up(root)
    call.sets(root, "VMSTATUS", "SUCCESS")
    call.ends(root)
