"""The part of Asterisk's events that a verdict needs; names and types are those of its own ari-events.json.

A telephone system with `subscribeAll` tells of every variable that any dialplan sets: what we do not need is recognised
by its type and never decoded further.
"""

from datetime import datetime
from typing import Any, get_args

import msgspec

#: The channel variables that say something about a call; DEPARTMENT is the dialplan's to set.
DEPARTMENT, ABANDONED, QUEUE_STATUS, DIAL_STATUS = "DEPARTMENT", "ABANDONED", "QUEUESTATUS", "DIALSTATUS"
VARIABLES = frozenset({DEPARTMENT, ABANDONED, QUEUE_STATUS, DIAL_STATUS})


class CallerId(msgspec.Struct, frozen=True):
    name: str = ""
    number: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    context: str = ""
    exten: str = ""
    app_name: str = ""


class Channel(msgspec.Struct, frozen=True):
    """A party's connection to the telephone system; `name` is technology/who-serial, as PJSIP/101-0000002a."""

    id: str
    name: str
    state: str
    creationtime: datetime
    caller: CallerId = CallerId()
    dialplan: Dialplan = Dialplan()
    #: Holds CHANNEL(linkedid) and DEPARTMENT where ari.conf names them under channelvars.
    channelvars: dict[str, Any] = {}
    caller_rdnis: str = ""

    @property
    def is_local(self) -> bool:
        """A Local channel is a pipe inside the telephone system: two ends, ;1 and ;2, and nobody on it."""
        return self.name.startswith("Local/")

    @property
    def endpoint(self) -> str:
        return self.name.rpartition("-")[0]

    @property
    def is_dialled(self) -> bool:
        """Whether the telephone system called it: then it runs no dialplan, but these stand-ins for it."""
        return self.dialplan.app_name.startswith(("AppDial", "AppQueue"))

    @property
    def linked_id(self) -> str | None:
        return self.variable("CHANNEL(linkedid)")

    def variable(self, name: str) -> str | None:
        value = self.channelvars.get(name)
        return value if isinstance(value, str) and value else None


class Bridge(msgspec.Struct, frozen=True):
    """What lets channels hear one another (`mixing`), or wait (`holding`)."""

    id: str
    bridge_type: str
    channels: list[str]
    creationtime: datetime | None = None


class Event(msgspec.Struct, frozen=True, tag_field="type"):
    timestamp: datetime


class ChannelCreated(Event, frozen=True):
    channel: Channel


class ChannelDestroyed(Event, frozen=True):
    channel: Channel


class ChannelStateChange(Event, frozen=True):
    channel: Channel


class ChannelCallerId(Event, frozen=True):
    channel: Channel


class ChannelDialplan(Event, frozen=True):
    channel: Channel
    dialplan_app: str
    dialplan_app_data: str


class ChannelVarset(Event, frozen=True):
    variable: str
    value: str
    #: Missing for a global variable.
    channel: Channel | None = None


class Dial(Event, frozen=True):
    peer: Channel
    #: Empty when the attempt starts.
    dialstatus: str
    caller: Channel | None = None


class ChannelEnteredBridge(Event, frozen=True):
    bridge: Bridge
    channel: Channel | None = None


class ChannelLeftBridge(Event, frozen=True):
    bridge: Bridge
    channel: Channel


class BridgeDestroyed(Event, frozen=True):
    bridge: Bridge


AriEvent = (
    ChannelCreated
    | ChannelDestroyed
    | ChannelStateChange
    | ChannelCallerId
    | ChannelDialplan
    | ChannelVarset
    | Dial
    | ChannelEnteredBridge
    | ChannelLeftBridge
    | BridgeDestroyed
)


class _Head(msgspec.Struct):
    type: str
    variable: str = ""


_HEAD = msgspec.json.Decoder(_Head)
_EVENT = msgspec.json.Decoder(AriEvent)
_NEEDED = frozenset(kind.__name__ for kind in get_args(AriEvent))


def decode(frame: bytes | str) -> AriEvent | None:
    """The event of a frame, or None for one that we do not need. Raises msgspec.MsgspecError for no ARI message."""
    head = _HEAD.decode(frame)
    if head.type not in _NEEDED or (head.type == "ChannelVarset" and plain_name(head.variable) not in VARIABLES):
        return None
    event: AriEvent = _EVENT.decode(frame)
    return event


def plain_name(variable: str) -> str:
    """A variable's name without the underscores by which a dialplan lets dialled channels inherit it."""
    return variable.lstrip("_")
