"""Answered calls that are handed on."""

from sandbox.phone.call import Call, Script
from sandbox.phone.scenarios.parts import caller_rings_off, is_connected, is_hung_up, rings_at, rings_out


def transfer(call: Call) -> Script:
    """Attended: who answered asks a colleague on a second line, and puts the caller through to them."""
    root = call.arrives()
    (leg,) = rings_at(call, root, ["101"])
    yield 5
    bridge = is_connected(call, leg)
    yield 20
    second = call.picks_up("101", "102")
    (colleague,) = rings_at(call, second, ["102"], at=("ext-local", "102"))
    yield 4
    second_bridge = is_connected(call, colleague)
    yield 8
    call.emit(
        "BridgeAttendedTransfer",
        transferer_first_leg=leg.peer.as_json(),
        transferer_first_leg_bridge=bridge.as_json(),
        transferer_second_leg=second.as_json(),
        transferer_second_leg_bridge=second_bridge.as_json(),
        transferee=root.as_json(),
        transfer_target=colleague.peer.as_json(),
        destination_type="bridge",
        destination_bridge=second_bridge.id,
        is_external=True,
        result="Success",
    )
    call.leaves(root, bridge)
    call.leaves(second, second_bridge)
    call.enters(root, second_bridge)
    call.closes(bridge)
    for line in (leg.peer, second):
        call.asks_to_hang_up(line)
        call.ends(line)
    yield 30
    caller_rings_off(call, root, second_bridge)


def blind_transfer(call: Call) -> Script:
    """Handed on without asking, to a colleague who does not come. The call had been answered all the same."""
    root = call.arrives()
    (leg,) = rings_at(call, root, ["101"])
    yield 5
    bridge = is_connected(call, leg)
    yield 15
    call.emit(
        "BridgeBlindTransfer",
        channel=leg.peer.as_json(),
        transferee=root.as_json(),
        bridge=bridge.as_json(),
        context="from-internal",
        exten="102",
        is_external=True,
        result="Success",
    )
    call.leaves(root, bridge)
    call.closes(bridge)
    call.asks_to_hang_up(leg.peer)
    call.ends(leg.peer)
    legs = rings_at(call, root, ["102"], at=("ext-local", "102"))
    yield 25
    rings_out(call, root, legs)
    is_hung_up(call, root)
