"""The feed of a telephone system that sends one JSON message for each call that has ended."""

from datetime import datetime

import msgspec

from listener.calls.call import Call, Memory
from listener.calls.feed import RejectedError
from listener.calls.mapping import CallMapping
from listener.calls.snapshot import Snapshot
from listener.calls.verdict import Verdict


class JsonFeed:
    """A Feed. It knows no open calls, and nobody to ask what was missed: a gap stays a gap."""

    open_count = 0

    def __init__(self, url: str, mapping: CallMapping) -> None:
        self.memory = Memory()
        self.url = url
        self.headers = dict(mapping.headers)
        self._mapping = mapping

    def is_farewell(self, frame: bytes) -> bool:  # noqa: ARG002
        return False

    def survey(self) -> None:
        return None

    def hear(self, frame: bytes, now: float) -> list[Verdict]:  # noqa: ARG002
        try:
            message = msgspec.json.decode(frame)
        except msgspec.MsgspecError as error:
            raise RejectedError("no JSON") from error
        verdict = self._mapping.verdict(message)
        return [verdict] if verdict is not None else []

    def due(self, now: float) -> list[Verdict]:  # noqa: ARG002
        return []

    def next_due(self) -> None:
        return None

    def lost(self) -> None:
        return None

    def resume(self, snapshot: Snapshot | None, lost_at: datetime, now: float) -> list[Verdict]:  # noqa: ARG002
        return []

    def unsaved(self) -> dict[str, Call | None]:
        return {}
