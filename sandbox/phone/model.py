"""Channels and bridges as Asterisk knows them, and the JSON in which ARI shows them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def ari_time(at: datetime) -> str:
    """As Asterisk writes a time: `2026-11-21T03:52:43.123+0000`."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}+0000"


@dataclass(frozen=True)
class Party:
    """A caller ID; empty where nothing is known."""

    name: str = ""
    number: str = ""

    def as_json(self) -> Json:
        return {"name": self.name, "number": self.number}


@dataclass(eq=False)
class Channel:
    """One leg of a call. `linked_id` is the id of the oldest channel of its conversation."""

    id: str
    name: str
    state: str
    created_at: datetime
    linked_id: str
    caller: Party = Party()
    connected: Party = Party()
    context: str = "from-internal"
    exten: str = "s"
    priority: int = 1
    app: str = ""
    app_data: str = ""
    protocol_id: str = ""
    shows_linked_id: bool = False

    def as_json(self) -> Json:
        shown = {"channelvars": {"CHANNEL(linkedid)": self.linked_id}} if self.shows_linked_id else {}
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "protocol_id": self.protocol_id,
            "caller": self.caller.as_json(),
            "connected": self.connected.as_json(),
            "accountcode": "",
            "dialplan": {
                "context": self.context,
                "exten": self.exten,
                "priority": self.priority,
                "app_name": self.app,
                "app_data": self.app_data,
            },
            "creationtime": ari_time(self.created_at),
            "language": "en",
            **shown,
        }


@dataclass(eq=False)
class Bridge:
    """Where channels hear one another."""

    id: str
    created_at: datetime
    channels: list[Channel] = field(default_factory=list)

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "technology": "simple_bridge",
            "bridge_type": "mixing",
            "bridge_class": "basic",
            "creator": "",
            "name": "",
            "channels": [channel.id for channel in self.channels],
            "creationtime": ari_time(self.created_at),
            "video_mode": "none",
        }
