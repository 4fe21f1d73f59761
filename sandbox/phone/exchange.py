"""The Asterisk of the sandbox: what lives in it now, who listens to its events, and when it is out of order."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import msgspec

from sandbox.phone.model import Bridge, Channel, Json, ari_time

ASTERISK_ID = "02:42:ac:11:00:02"


@dataclass(eq=False)
class Listener:
    """One WebSocket. `drop` cuts its connection without a goodbye; None in `frames` asks for a proper end."""

    apps: tuple[str, ...]
    hears_everything: bool
    drop: Callable[[], None]
    frames: "asyncio.Queue[str | None]" = field(default_factory=asyncio.Queue)


class Exchange:
    """Channels, bridges and listeners; in memory, as Asterisk's are. All of it belongs to the one event loop."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.listeners: dict[str, Listener] = {}
        self.started_at = datetime.now(UTC)
        # Not begun anew by a restart, unlike Asterisk's, because a sped-up call may begin before it by its own clock.
        self.sequence = count(1)
        self.names = count(1)
        self._refuses_until = 0.0

    @property
    def is_refusing(self) -> bool:
        return time.monotonic() < self._refuses_until

    def emit(self, at: datetime, kind: str, **about: object) -> None:
        """Sends an event to everybody who listens. What happens while nobody does is not repeated."""
        for app, listener in self.listeners.items():
            if listener.hears_everything:
                self._send(listener, app, at, kind, about)

    def connect(self, listener: Listener) -> None:
        """An application has one socket: the newer wins, the older is told and closed."""
        for app in listener.apps:
            if older := self.listeners.get(app):
                self._send(older, app, datetime.now(UTC), "ApplicationReplaced", {})
                older.frames.put_nowait(None)
                self.disconnect(older)
        self.listeners |= dict.fromkeys(listener.apps, listener)

    def disconnect(self, listener: Listener) -> None:
        self.listeners = {app: one for app, one in self.listeners.items() if one is not listener}

    def drop(self) -> None:
        """Cuts every socket at once."""
        for listener in set(self.listeners.values()):
            self.disconnect(listener)
            listener.drop()

    def refuse(self, seconds: float) -> None:
        """Lets nobody in for so long. 0 opens at once."""
        self._refuses_until = time.monotonic() + seconds

    def restart(self, seconds: float = 0.0) -> None:
        """Everything that lived is gone without an event, and nobody gets in for so long."""
        self.drop()
        self.channels.clear()
        self.bridges.clear()
        self.started_at = datetime.now(UTC)
        self.refuse(seconds)

    def _send(self, listener: Listener, app: str, at: datetime, kind: str, about: dict[str, object]) -> None:
        event: Json = {"type": kind, "application": app, "asterisk_id": ASTERISK_ID, "timestamp": ari_time(at)}
        listener.frames.put_nowait(msgspec.json.encode(event | about).decode())
