"""Who dialled whom, and who hears whom: the channels of calls as a forest of dialled legs, and the bridges."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from listener.calls.events import Bridge, Channel
from listener.calls.verdict import ENDED_BY_PHONES

FINAL = ENDED_BY_PHONES | {"ANSWER", "CANCEL"}


class Attempt(NamedTuple):
    """One phone that was tried: the last dialstatus (an interim one if it was left ringing), and when it first rang."""

    status: str
    rang_at: datetime | None


@dataclass(slots=True)
class Leg:
    """A channel that a call reached, or the call's own (the root). A Local channel's ;2 hangs below its ;1."""

    id: str
    is_local: bool
    #: What both ends of a Local channel are named alike; empty for any other.
    pipe: str = ""
    parent: str | None = None
    children: list[str] = field(default_factory=list)
    #: The last that was said of the attempt, None for what nobody dialled.
    dialstatus: str | None = None
    rang_at: datetime | None = None


class Legs:
    """The forest. An id that is not in it belongs to nobody's call."""

    def __init__(self) -> None:
        self._legs: dict[str, Leg] = {}
        self._other_ends: dict[str, str] = {}
        self._waiting_ends: dict[str, str] = {}

    def __contains__(self, channel_id: str) -> bool:
        return channel_id in self._legs

    def __len__(self) -> int:
        return len(self._legs)

    def add_root(self, channel: Channel) -> None:
        self._legs.setdefault(channel.id, Leg(channel.id, is_local=False))

    def add_local(self, channel: Channel) -> None:
        """One end of a Local channel; when both are there, they are tied together by their common name."""
        if channel.id in self._legs:
            return
        pipe = channel.name.rpartition(";")[0]
        self._legs[channel.id] = Leg(channel.id, is_local=True, pipe=pipe)
        other = self._waiting_ends.pop(pipe, None)
        if other is None:
            self._waiting_ends[pipe] = channel.id
            return
        self._other_ends |= {other: channel.id, channel.id: other}
        first, second = (channel.id, other) if channel.name.endswith(";1") else (other, channel.id)
        self._tie(first, second)

    def dial(self, caller_id: str, peer: Channel, status: str, at: datetime) -> None:
        """Takes what a Dial says; a caller that belongs to nobody's call is none of ours."""
        leg = self._legs.get(peer.id)
        if leg is None:
            if caller_id not in self._legs:
                return
            leg = self._legs[peer.id] = Leg(peer.id, peer.is_local)
        if leg.parent is None and caller_id in self._legs and leg.id not in self._ancestry(caller_id):
            self._tie(caller_id, leg.id)
        if status in ("RINGING", "PROGRESS"):
            self.ring(leg.id, at)
        if status in FINAL or leg.dialstatus not in FINAL:
            leg.dialstatus = status

    def ring(self, channel_id: str, at: datetime) -> None:
        leg = self._legs.get(channel_id)
        if leg is not None and leg.rang_at is None:
            leg.rang_at = at

    def end_unheard(self, root_id: str, living: Collection[str]) -> None:
        """Attempts that are gone ended while nobody listened and their caller waited on: they had no answer."""
        for leg in self.below(root_id):
            if leg.dialstatus is not None and leg.dialstatus not in FINAL and leg.id not in living:
                leg.dialstatus = "NOANSWER"

    def is_dialled_person(self, channel_id: str) -> bool:
        """Whether somebody may be on it: dialled, and no pipe inside the telephone system."""
        leg = self._legs.get(channel_id)
        return leg is not None and leg.dialstatus is not None and not leg.is_local

    def other_end(self, channel_id: str) -> str | None:
        return self._other_ends.get(channel_id)

    def root_of(self, channel_id: str) -> str:
        """The topmost channel above this one, or itself."""
        return self._ancestry(channel_id)[-1]

    def below(self, root_id: str) -> Iterator[Leg]:
        """The root and everything that was dialled for it."""
        waiting = [root_id]
        while waiting:
            leg = self._legs.get(waiting.pop())
            if leg is not None:
                yield leg
                waiting += leg.children

    def attempts(self, root_id: str) -> list[Attempt]:
        """The dialled legs of a call. A Local one stands for itself only while nothing was dialled beyond it."""
        return [
            Attempt(self._end(leg), leg.rang_at)
            for leg in self.below(root_id)
            if leg.dialstatus is not None and not (leg.is_local and self._is_dialled_beyond(leg))
        ]

    def forget(self, root_id: str) -> None:
        for leg in list(self.below(root_id)):
            self._remove(leg)

    def forget_loose(self, is_kept: Collection[str], roots: Collection[str]) -> None:
        """Drops what belongs to none of these roots, unless it is to be kept."""
        for leg in list(self._legs.values()):
            if leg.id not in is_kept and self.root_of(leg.id) not in roots:
                self._remove(leg)

    def _end(self, leg: Leg) -> str:
        """How an attempt ended for the caller. What was cancelled because an outer attempt ended, ended like that."""
        line = [leg.dialstatus, *(self._legs[above].dialstatus for above in self._ancestry(leg.id)[1:])]
        return next((status for status in line if status in ENDED_BY_PHONES), leg.dialstatus) or ""

    def _is_dialled_beyond(self, leg: Leg) -> bool:
        return any(further.dialstatus is not None and further is not leg for further in self.below(leg.id))

    def _tie(self, parent_id: str, child_id: str) -> None:
        self._legs[child_id].parent = parent_id
        self._legs[parent_id].children.append(child_id)

    def _ancestry(self, channel_id: str) -> list[str]:
        line = [channel_id]
        while (leg := self._legs.get(line[-1])) is not None and leg.parent is not None:
            line.append(leg.parent)
        return line

    def _remove(self, leg: Leg) -> None:
        self._legs.pop(leg.id, None)
        self._other_ends.pop(leg.id, None)
        if self._waiting_ends.get(leg.pipe) == leg.id:
            del self._waiting_ends[leg.pipe]


class Bridges:
    """Who is in which mixing bridge. A holding bridge lets nobody talk, and is left out."""

    def __init__(self) -> None:
        self._members: dict[str, set[str]] = {}
        self._place: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._members)

    def put(self, bridge: Bridge, members: Collection[str]) -> None:
        """A bridge's members, as its latest event or a snapshot has them."""
        self.remove(bridge.id)
        if bridge.bridge_type == "holding" or not members:
            return
        for channel_id in members:
            self.leave(channel_id)
            self._place[channel_id] = bridge.id
        self._members[bridge.id] = set(members)

    def remove(self, bridge_id: str) -> None:
        for channel_id in self._members.pop(bridge_id, ()):
            del self._place[channel_id]

    def clear(self) -> None:
        self._members.clear()
        self._place.clear()

    def leave(self, channel_id: str) -> None:
        if (bridge_id := self._place.pop(channel_id, None)) is not None:
            self._members[bridge_id].discard(channel_id)
            if not self._members[bridge_id]:
                del self._members[bridge_id]

    def conversation(self, channel_id: str, legs: Legs) -> set[str]:
        """Every channel that this one hears, through bridges and Local channels; itself too."""
        found, waiting = set[str](), [channel_id]
        while waiting:
            one = waiting.pop()
            if one in found:
                continue
            found.add(one)
            waiting += self._members.get(self._place.get(one, ""), ())
            if (other := legs.other_end(one)) is not None:
                waiting.append(other)
        return found
