"""Calls as Asterisk tells them, one file a call: `recorded/<name>.jsonl`, an event a line, in Asterisk's order."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from listener.calls.events import decode
from listener.calls.switchboard import LINGER_SECONDS, Switchboard
from listener.calls.verdict import Verdict

FOLDER = Path(__file__).parent / "recorded"
NAMES = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
CONTEXTS = ["from-external"]
Event = dict[str, Any]


@dataclass(frozen=True)
class Recording:
    name: str
    text: str

    @cached_property
    def events(self) -> list[Event]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def root_id(self) -> str:
        return str(next(event["channel"]["id"] for event in self.events if event["type"] == "ChannelCreated"))

    @property
    def ended_at(self) -> datetime:
        return datetime.fromisoformat(self.events[-1]["timestamp"])

    def copy(self, number: int) -> "Recording":
        """The same call again, with channels, bridges and Local pipes of its own."""
        text = self.text
        for id_ in ids(self.events):
            text = text.replace(f'"{id_}"', f'"{number}-{id_}"')
        text = text.replace('"Local/', f'"Local/{number}-')
        return Recording(f"{self.name}#{number}", text)

    def without(self, *types: str) -> "Recording":
        lines = [line for line in self.text.splitlines() if json.loads(line)["type"] not in types]
        return Recording(self.name, "\n".join(lines))


def ids(events: Iterable[Event]) -> set[str]:
    found = {event["channel"]["id"] for event in events if event["type"] == "ChannelCreated"}
    return found | {event["bridge"]["id"] for event in events if event["type"] == "BridgeCreated"}


def recorded(name: str) -> Recording:
    return Recording(name, (FOLDER / f"{name}.jsonl").read_text())


def hear(switchboard: Switchboard, events: Iterable[Event], now: float = 0.0) -> None:
    for event in events:
        decoded = decode(json.dumps(event).encode())
        if decoded is not None:
            switchboard.hear(decoded, now)


def verdicts(events: Iterable[Event]) -> list[Verdict]:
    """What a switchboard decides that heard all this, and then nothing more for a day."""
    switchboard = Switchboard(CONTEXTS)
    hear(switchboard, events)
    return switchboard.due(LINGER_SECONDS)


def verdict_of(events: Iterable[Event]) -> Verdict:
    (verdict,) = verdicts(events)
    return verdict


def later(event: Event, seconds: float) -> Event:
    at = datetime.fromisoformat(event["timestamp"]) + timedelta(seconds=seconds)
    return event | {"timestamp": at.isoformat()}
