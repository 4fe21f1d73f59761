"""What Asterisk does in the course of a call, each deed with its events in Asterisk's order.

Sources: the event names and fields are those of Asterisk's `ari-events.json`; the order is that of app_dial, app_queue,
chan_local (core_local) and the bridging core of Asterisk 20 to 22.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sandbox.phone.exchange import Exchange
from sandbox.phone.model import Bridge, Channel, Party

INBOUND_CONTEXT = "from-external"
NORMAL, BUSY, NO_ANSWER, ANSWERED_ELSEWHERE, CONGESTION = 16, 17, 19, 26, 34
CAUSES = {
    NORMAL: "Normal Clearing",
    BUSY: "User busy",
    NO_ANSWER: "User alerting, no answer",
    ANSWERED_ELSEWHERE: "Answered elsewhere",
    CONGESTION: "Circuit/channel congestion",
}
DIAL_VARIABLES = ("DIALSTATUS", "DIALEDPEERNUMBER", "DIALEDPEERNAME", "ANSWEREDTIME", "DIALEDTIME")

Script = Generator[float, None, None]
"""What happens in a call, yielding the seconds to wait in between."""


@dataclass(eq=False)
class Leg:
    """An attempt to reach a phone: who calls, the channel that rings, what was dialled."""

    caller: Channel
    peer: Channel
    dialstring: str


@dataclass(frozen=True)
class LocalPair:
    """The two halves of a Local channel: `one` is what was dialled, `two` runs the dialplan behind it."""

    one: Channel
    two: Channel


@dataclass(eq=False)
class Call:
    """One caller's call. `now` is its own clock, of whose seconds `speed` pass in one of ours."""

    exchange: Exchange
    now: datetime
    caller: Party
    dialled_number: str
    speed: float = 1.0
    shows_linked_id: bool = False
    root_id: str = ""

    def emit(self, kind: str, **about: object) -> None:
        self.exchange.emit(self.now, kind, **about)

    def arrives(self) -> Channel:
        """The caller's own channel: what everything else belongs to."""
        name = f"PJSIP/trunk-{next(self.exchange.names):08x}"
        root = self._created(name, "Ring", None, self.caller, INBOUND_CONTEXT, self.dialled_number)
        self.root_id = root.id
        self.sets(root, "FROM_DID", self.dialled_number)
        self.runs(root, "Set", f"__FROM_DID={self.dialled_number}")
        return root

    def runs(self, channel: Channel, app: str, data: str = "", *, at: tuple[str, str] | None = None) -> None:
        """The channel comes to an application of the dialplan, `at` a context and extension."""
        if at and at != (channel.context, channel.exten):
            channel.context, channel.exten = at
            channel.priority = 0
        channel.app, channel.app_data = app, data
        channel.priority += 1
        self.emit("ChannelDialplan", channel=channel.as_json(), dialplan_app=app, dialplan_app_data=data)

    def sets(self, channel: Channel, variable: str, value: str) -> None:
        self.emit("ChannelVarset", channel=channel.as_json(), variable=variable, value=value)

    def becomes(self, channel: Channel, state: str) -> None:
        if channel.state != state:
            channel.state = state
            self.emit("ChannelStateChange", channel=channel.as_json())

    def starts_dial(self, caller: Channel, data: str, *, at: tuple[str, str] | None = None) -> None:
        """The application Dial, which first forgets how the dial before ended."""
        self.runs(caller, "Dial", data, at=at)
        for variable in DIAL_VARIABLES:
            self.sets(caller, variable, "")

    def tries(self, caller: Channel, phone: str) -> Leg:
        """Dials a phone: its channel, and the attempt's beginning."""
        name = f"PJSIP/{phone}-{next(self.exchange.names):08x}"
        return self._begins(caller, self._created(name, "Down", caller.linked_id, Party(number=phone)), phone)

    def tries_local(self, caller: Channel, exten: str, context: str, options: str = "") -> tuple[Leg, LocalPair]:
        """Dials an extension of the dialplan through a Local channel."""
        name = f"Local/{exten}@{context}-{next(self.exchange.names):08x}"
        one = self._created(f"{name};1", "Down", caller.linked_id, Party(number=exten), context, exten)
        two = self._created(f"{name};2", "Ring", caller.linked_id, caller.caller, context, exten)
        return self._begins(caller, one, f"{exten}@{context}{options}"), LocalPair(one, two)

    def rings(self, leg: Leg) -> None:
        self.becomes(leg.peer, "Ringing")
        self.says(leg, "RINGING")

    def says(self, leg: Leg, status: str) -> None:
        """How far the attempt is, or how it ended."""
        caller, peer = leg.caller.as_json(), leg.peer.as_json()
        self.emit("Dial", caller=caller, peer=peer, dialstring=leg.dialstring, dialstatus=status)

    def fails(self, leg: Leg, status: str, cause: int) -> None:
        """The attempt is over, and its channel with it."""
        self.says(leg, status)
        self.ends(leg.peer, cause)

    def answers(self, leg: Leg) -> None:
        """The phone is picked up. That its caller hears it is another matter."""
        self.becomes(leg.peer, "Up")
        self.says(leg, "ANSWER")

    def asks_to_hang_up(self, channel: Channel, cause: int = NORMAL) -> None:
        self.emit("ChannelHangupRequest", channel=channel.as_json(), cause=cause)

    def ends(self, channel: Channel, cause: int = NORMAL) -> None:
        self.exchange.channels.pop(channel.id, None)
        self.emit("ChannelDestroyed", channel=channel.as_json(), cause=cause, cause_txt=CAUSES[cause])

    def opens_bridge(self, *channels: Channel) -> Bridge:
        bridge = Bridge(str(uuid4()), self.now)
        self.exchange.bridges[bridge.id] = bridge
        self.emit("BridgeCreated", bridge=bridge.as_json())
        for channel in channels:
            self.enters(channel, bridge)
        return bridge

    def enters(self, channel: Channel, bridge: Bridge) -> None:
        bridge.channels.append(channel)
        oldest = min((one.linked_id for one in bridge.channels), key=lambda id_: int(id_.partition(".")[2]))
        for one in bridge.channels:
            one.linked_id = oldest
        self.emit("ChannelEnteredBridge", bridge=bridge.as_json(), channel=channel.as_json())

    def leaves(self, channel: Channel, bridge: Bridge) -> None:
        bridge.channels.remove(channel)
        self.emit("ChannelLeftBridge", bridge=bridge.as_json(), channel=channel.as_json())

    def closes(self, bridge: Bridge) -> None:
        for channel in list(bridge.channels):
            self.leaves(channel, bridge)
        self.exchange.bridges.pop(bridge.id, None)
        self.emit("BridgeDestroyed", bridge=bridge.as_json())

    def picks_up(self, phone: str, exten: str) -> Channel:
        """A phone of the house calls an extension by itself."""
        name = f"PJSIP/{phone}-{next(self.exchange.names):08x}"
        return self._created(name, "Ring", None, Party(number=phone), exten=exten)

    def _begins(self, caller: Channel, peer: Channel, dialstring: str) -> Leg:
        peer.connected = caller.caller
        self.emit("ChannelConnectedLine", channel=peer.as_json())
        leg = Leg(caller, peer, dialstring)
        self.says(leg, "")
        return leg

    def _created(
        self,
        name: str,
        state: str,
        linked_id: str | None,
        caller: Party,
        context: str = "from-internal",
        exten: str = "s",
    ) -> Channel:
        """:param linked_id: the conversation's, None for the first channel of one."""
        # The second is the clock's own and not the call's: an id is given once, whatever the call's speed.
        unique_id = f"{int(datetime.now(UTC).timestamp())}.{next(self.exchange.sequence)}"
        channel = Channel(unique_id, name, state, self.now, linked_id or unique_id, caller)
        channel.context, channel.exten, channel.shows_linked_id = context, exten, self.shows_linked_id
        channel.protocol_id = "" if name.startswith("Local/") else str(uuid4())
        self.exchange.channels[channel.id] = channel
        self.emit("ChannelCreated", channel=channel.as_json())
        return channel
