"""Listens to a telephone system's events and decides each call once, when it has ended.

A pure state machine: it is told what happened and what time it is, and asks nobody. `now` is a steady clock's
seconds; times in verdicts are the telephone system's own.
"""

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable
from datetime import datetime

import structlog

from listener.calls import events
from listener.calls.call import Call, Memory, plain_text
from listener.calls.channels import Bridges, Legs
from listener.calls.events import AriEvent, Bridge, Channel, Dial
from listener.calls.snapshot import Snapshot
from listener.calls.verdict import Outcome, Verdict

#: The legs' ends and the root's come on different paths inside Asterisk: a moment later all have come.
LINGER_SECONDS = 0.25
#: No call lasts longer: its end was lost.
LONGEST_CALL_SECONDS = 24 * 3600.0
REMEMBERED_CALLS = 20_000
#: A channel that the telephone system makes to call somebody begins in one of these; a call that comes in does not.
OUTGOING_STATES = frozenset({"Down", "Rsrved"})

log = structlog.get_logger(__name__)


class Switchboard:
    """The open calls of one telephone system."""

    def __init__(
        self, contexts: Collection[str], open_calls: Iterable[Call] = (), memory: Memory | None = None
    ) -> None:
        """`contexts`: where calls come in. `open_calls` and `memory`: of an earlier process, the calls now in doubt."""
        self._contexts = frozenset(contexts)
        self._calls: dict[str, Call] = {}
        self._opened: dict[str, float] = {}
        self._ended: deque[tuple[float, str]] = deque()
        self._decided: OrderedDict[str, None] = OrderedDict()
        self._legs = Legs()
        self._bridges = Bridges()
        self._unsaved: set[str] = set()
        #: Channels and bridges that ended since the feed was lost: a snapshot may be older than their end.
        self._ended_unseen: set[str] | None = set()
        self.memory = memory or Memory()
        for call in open_calls:
            call.is_in_doubt = True
            self._calls[call.id] = call

    @property
    def open_count(self) -> int:
        return len(self._calls)

    @property
    def followed_count(self) -> int:
        """Channels and bridges that it keeps in mind."""
        return len(self._legs) + len(self._bridges)

    def unsaved(self) -> dict[str, Call | None]:
        """The open calls that changed since this was last asked; None for what was no call after all."""
        changed = {call_id: self._calls.get(call_id) for call_id in self._unsaved if call_id not in self._decided}
        self._unsaved.clear()
        return changed

    def hear(self, event: AriEvent, now: float) -> None:
        match event:
            case events.ChannelCreated(channel=channel):
                self._begin(channel, now)
            case events.ChannelDestroyed(timestamp=at, channel=channel):
                self._end(channel, at, now)
            case events.ChannelStateChange(timestamp=at, channel=channel):
                if channel.state == "Ringing":
                    self._legs.ring(channel.id, at)
                self._learn(channel)
            case events.ChannelCallerId(channel=channel):
                self._learn(channel)
            case events.ChannelDialplan(channel=channel, dialplan_app=app, dialplan_app_data=data):
                if (call := self._learn(channel)) is not None:
                    self._run(call, app.lower(), data)
            case events.ChannelVarset(channel=Channel() as channel, variable=variable, value=value):
                if (call := self._learn(channel)) is not None:
                    self._set_variable(call, events.plain_name(variable), value)
            case Dial():
                self._dial(event)
            case events.ChannelEnteredBridge(timestamp=at, bridge=bridge, channel=Channel() as channel):
                self._enter(channel, bridge, at)
            case events.ChannelLeftBridge(channel=channel):
                self._bridges.leave(channel.id)
            case events.BridgeDestroyed(bridge=bridge):
                self._note_end(bridge.id)
                self._bridges.remove(bridge.id)

    def due(self, now: float) -> list[Verdict]:
        """The verdicts on calls whose end has lingered, and on those that have no end."""
        verdicts = []
        while self._ended and self._ended[0][0] + LINGER_SECONDS <= now:
            _, call_id = self._ended.popleft()
            if (call := self._calls.get(call_id)) is not None:
                verdicts.append(self._decide(call))
        # In the order of their opening.
        while self._opened and now - next(iter(self._opened.values())) >= LONGEST_CALL_SECONDS:
            call_id = next(iter(self._opened))
            log.warning("call_without_end", call_id=call_id, hours=LONGEST_CALL_SECONDS / 3600)
            verdicts.append(self._give_up(self._calls[call_id], Outcome.UNKNOWN))
        return verdicts

    def next_due(self) -> float | None:
        """When `due` has something to say at the latest, unless more is heard."""
        return self._ended[0][0] + LINGER_SECONDS if self._ended else None

    def lost(self) -> None:
        """The feed is gone: whatever is open now may end without a word."""
        self._ended_unseen = set()
        for call in self._calls.values():
            if call.ended_at is None:
                call.is_in_doubt = call.is_adopted = True

    def resynchronise(self, snapshot: Snapshot, lost_at: datetime, now: float) -> list[Verdict]:
        """Compares with what lives now: decides what vanished, takes over what is new.

        `lost_at` is when the vanished calls were last known to live; their verdicts end there. An answered one stays
        answered.
        """
        known = self.memory.startup_time
        has_restarted = known is not None and snapshot.startup_time > known
        self.memory.startup_time = snapshot.startup_time
        ended, self._ended_unseen = self._ended_unseen or set(), None
        channels = {channel.id: channel for channel in snapshot.channels if channel.id not in ended}
        verdicts = []
        for call in list(self._calls.values()):
            if not call.is_in_doubt or call.ended_at is not None:
                continue
            if call.id in channels and not has_restarted:
                self._take_over(call, channels, now)
                continue
            call.ended_at = lost_at
            verdicts.append(self._give_up(call, Outcome.UNKNOWN if has_restarted else Outcome.UNKNOWN_GAP))
        for channel in channels.values():
            self._find(channel, now)
        self._legs.forget_loose(channels.keys(), self._calls.keys())
        self._bridges.clear()
        for bridge in (bridge for bridge in snapshot.bridges if bridge.id not in ended):
            self._bridges.put(bridge, bridge.channels)
            for channel_id in bridge.channels:
                self._find_talk(channel_id, channels, bridge.creationtime or lost_at)
        return verdicts

    def _begin(self, channel: Channel, now: float) -> None:
        if channel.is_local:
            self._legs.add_local(channel)
        elif channel.dialplan.context in self._contexts and self._is_root(channel):
            self.memory.trunks.add(channel.endpoint)
            self._open(Call.of(channel, self._contexts), channel, now)

    def _end(self, channel: Channel, at: datetime, now: float) -> None:
        self._note_end(channel.id)
        self._bridges.leave(channel.id)
        call = self._learn(channel)
        if call is None:
            if channel.id in self._legs and self._legs.root_of(channel.id) not in self._calls:
                self._legs.forget(channel.id)
        elif call.ended_at is None:
            call.ended_at = at
            self._ended.append((now, call.id))

    def _note_end(self, id_: str) -> None:
        if self._ended_unseen is not None:
            self._ended_unseen.add(id_)

    def _run(self, call: Call, app: str, data: str) -> None:
        """The call comes to an application of the dialplan."""
        if app == "voicemail":
            call.has_reached_voicemail = True
        elif app == "queue":
            call.queue = plain_text(data.partition(",")[0])
        else:
            return
        self._unsaved.add(call.id)

    def _set_variable(self, call: Call, variable: str, value: str) -> None:
        if variable == events.DEPARTMENT:
            call.department = plain_text(value) or call.department
        elif variable == events.ABANDONED:
            call.is_abandoned = value.upper() == "TRUE"
        elif variable == events.QUEUE_STATUS:
            call.queue_status = value
        elif variable == events.DIAL_STATUS:
            call.dial_status = value
            return  # not worth a place on disk: it comes with every attempt
        self._unsaved.add(call.id)

    def _dial(self, dial: Dial) -> None:
        peer = dial.peer
        if self._calls.pop(peer.id, None) is not None:
            # It came from an inbound context, but was called and did not call.
            self._opened.pop(peer.id, None)
            self._legs.forget(peer.id)
            self._unsaved.add(peer.id)
        caller = dial.caller or peer
        known = caller.id if dial.caller is not None and caller.id in self._legs else caller.linked_id
        if known is not None:
            self._legs.dial(known, peer, dial.dialstatus, dial.timestamp)
            self._find_answer(peer.id, dial.timestamp)

    def _enter(self, channel: Channel, bridge: Bridge, at: datetime) -> None:
        self._bridges.put(bridge, {*bridge.channels, channel.id})
        self._learn(channel)
        self._find_answer(channel.id, at)

    def _is_root(self, channel: Channel) -> bool:
        """Whether the channel is a call's own, and a new one. What belongs to another's conversation is its leg."""
        return (
            channel.linked_id in (None, channel.id)
            and channel.id not in self._calls
            and channel.id not in self._legs
            and channel.id not in self._decided
            and channel.state not in OUTGOING_STATES
        )

    def _came_in(self, channel: Channel) -> bool:
        """Whether a living channel, of which only its present is known, came from outside."""
        is_from_outside = channel.dialplan.context in self._contexts or channel.endpoint in self.memory.trunks
        return is_from_outside and channel.state in ("Ring", "Up") and not channel.is_dialled

    def _open(self, call: Call, root: Channel, now: float) -> None:
        self._calls[call.id] = call
        self._opened[call.id] = now
        self._legs.add_root(root)
        self._unsaved.add(call.id)

    def _learn(self, channel: Channel) -> Call | None:
        """The call whose root this channel is, with what the channel says about it."""
        call = self._calls.get(channel.id)
        if call is not None and call.learn(channel):
            self._unsaved.add(call.id)
        return call

    def _find_answer(self, channel_id: str, at: datetime) -> None:
        """Answered are the roots that hear a person who was dialled."""
        conversation = self._bridges.conversation(channel_id, self._legs)
        if len(conversation) > 1 and any(self._legs.is_dialled_person(one) for one in conversation):
            self._answer(conversation, at)

    def _find_talk(self, channel_id: str, channels: dict[str, Channel], since: datetime) -> None:
        """The same for a snapshot, which does not say who was dialled: a person is whoever is no call's root."""
        conversation = self._bridges.conversation(channel_id, self._legs)
        if any(one in channels and not channels[one].is_local for one in conversation - self._calls.keys()):
            self._answer(conversation, since)

    def _answer(self, conversation: set[str], at: datetime) -> None:
        for call_id in conversation & self._calls.keys():
            call = self._calls[call_id]
            if call.answered_at is None:
                call.answered_at = max(at, call.started_at)
                self._unsaved.add(call_id)

    def _take_over(self, call: Call, channels: dict[str, Channel], now: float) -> None:
        """A call of ours that lives. Attempts that ended unheard had no answer: the caller waited on."""
        root = channels[call.id]
        call.is_in_doubt, call.is_adopted = False, True
        self._opened.setdefault(call.id, now)
        self._legs.add_root(root)
        self._learn(root)
        self._unsaved.add(call.id)
        self._legs.end_unheard(call.id, channels.keys())

    def _find(self, channel: Channel, now: float) -> None:
        """A living channel that came unheard: one end of a Local, a leg of a call of ours, or a call."""
        if channel.id in self._legs:
            return
        if channel.is_local:
            self._legs.add_local(channel)
        elif channel.linked_id in self._calls and channel.linked_id != channel.id:
            status = "RINGING" if channel.state == "Ringing" else ""
            self._legs.dial(channel.linked_id or "", channel, status, channel.creationtime)
        elif self._came_in(channel) and self._is_root(channel):
            call = Call.of(channel, self._contexts)
            call.is_adopted = True
            self._open(call, channel, now)

    def _decide(self, call: Call) -> Verdict:
        return self._close(call, call.verdict(self._legs.attempts(call.id)))

    def _give_up(self, call: Call, outcome: Outcome) -> Verdict:
        outcome = Outcome.ANSWERED if call.answered_at is not None else outcome
        return self._close(call, call.verdict_of(outcome, self._legs.attempts(call.id)))

    def _close(self, call: Call, verdict: Verdict) -> Verdict:
        del self._calls[call.id]
        self._opened.pop(call.id, None)
        self._legs.forget(call.id)
        self._decided[call.id] = None
        if len(self._decided) > REMEMBERED_CALLS:
            self._decided.popitem(last=False)
        return verdict
