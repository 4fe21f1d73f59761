"""The feed of Asterisk: ARI's events over a WebSocket, its HTTP side for what was missed.

Wants a user of ari.conf with `read_only = yes`. One socket per application: with the same ARI_APP the newer one wins.
"""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from listener.calls.call import Call, Memory
from listener.calls.events import decode
from listener.calls.feed import RejectedError
from listener.calls.snapshot import Snapshot, basic_authorization, take_snapshot
from listener.calls.switchboard import Switchboard
from listener.calls.verdict import Verdict
from listener.settings import Settings

LONGEST_FAREWELL = 512


class AriFeed:
    """A Feed. `open_calls` and `memory` are what an earlier process knew."""

    def __init__(self, settings: Settings, open_calls: Iterable[Call] = (), memory: Memory | None = None) -> None:
        query = urlencode({"app": settings.ari_app, "subscribeAll": "true"})
        # Clients of ARI differ in whether the address they want ends so.
        self._base_url = settings.ari_url.removesuffix("/ari")
        # http becomes ws, https becomes wss.
        self.url = f"ws{self._base_url.removeprefix('http')}/ari/events?{query}"
        self._authorization = basic_authorization(settings.ari_user, settings.ari_password)
        self.headers = {"Authorization": self._authorization}
        self._switchboard = Switchboard(settings.ari_contexts, open_calls, memory)

    @property
    def open_count(self) -> int:
        return self._switchboard.open_count

    @property
    def memory(self) -> Memory:
        return self._switchboard.memory

    def is_farewell(self, frame: bytes) -> bool:
        return len(frame) <= LONGEST_FAREWELL and b'"ApplicationReplaced"' in frame

    def survey(self) -> Snapshot:
        return take_snapshot(self._base_url, self._authorization)

    def hear(self, frame: bytes, now: float) -> list[Verdict]:
        try:
            event = decode(frame)
        except msgspec.MsgspecError as error:
            raise RejectedError(f"no ARI event: {error}") from error
        if event is not None:
            self._switchboard.hear(event, now)
        return []

    def due(self, now: float) -> list[Verdict]:
        return self._switchboard.due(now)

    def next_due(self) -> float | None:
        return self._switchboard.next_due()

    def lost(self) -> None:
        self._switchboard.lost()

    def resume(self, snapshot: Snapshot | None, lost_at: datetime, now: float) -> list[Verdict]:
        return self._switchboard.resynchronise(snapshot, lost_at, now) if snapshot is not None else []

    def unsaved(self) -> dict[str, Call | None]:
        return self._switchboard.unsaved()
