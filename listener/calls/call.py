"""A call that has not been decided, and the verdict that it would get now."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from listener.calls.channels import Attempt
from listener.calls.events import Channel
from listener.calls.verdict import UNREACHABLE, Outcome, Verdict, missed_outcome, seconds

NOBODYS_EXTENSIONS = frozenset({"s", "i", "h"})


class Memory(msgspec.Struct):
    """What is learned of a telephone system beyond its calls."""

    startup_time: datetime | None = None
    #: The endpoints over which calls come in, as PJSIP/trunk: an unheard call may have left the context it came to.
    trunks: set[str] = set()


class Call(msgspec.Struct):
    """What is known of a call by its root channel. Kept on disk while it is open, so that a crash does not lose it."""

    id: str
    started_at: datetime
    caller_number: str | None = None
    caller_name: str | None = None
    dialled_number: str | None = None
    department: str | None = None
    queue: str | None = None
    queue_status: str | None = None
    #: How the dialplan's last Dial ended: all that is seen of one that found no phone to make a leg of.
    dial_status: str | None = None
    is_abandoned: bool = False
    has_reached_voicemail: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    #: We were not connected, and do not know yet whether it lives.
    is_in_doubt: bool = False
    #: It lived through a time in which we heard nothing of it.
    is_adopted: bool = False

    @classmethod
    def of(cls, root: Channel, contexts: Collection[str]) -> "Call":
        """`contexts`: where calls come in. In another one the extension is no longer what was dialled."""
        call = cls(root.id, root.creationtime)
        exten = root.dialplan.exten if root.dialplan.context in contexts else "s"
        call.dialled_number = root.caller_rdnis or None if exten in NOBODYS_EXTENSIONS else exten or None
        call.learn(root)
        return call

    def learn(self, root: Channel) -> bool:
        """Takes what its channel says about caller and department. True if that was new."""
        before = (self.caller_number, self.caller_name, self.department)
        self.caller_number = plain_text(root.caller.number) or self.caller_number
        self.caller_name = plain_text(root.caller.name) or self.caller_name
        self.department = plain_text(root.variable("DEPARTMENT")) or self.department
        return before != (self.caller_number, self.caller_name, self.department)

    def verdict(self, attempts: Collection[Attempt]) -> Verdict:
        """For a call that ended: the first outcome that fits what is known of it and of its attempts."""
        if self.answered_at is not None:
            return self.verdict_of(Outcome.ANSWERED, attempts)
        if self.is_in_doubt:
            return self.verdict_of(Outcome.UNKNOWN_GAP, attempts)
        outcome = missed_outcome(
            is_abandoned=self.is_abandoned,
            queue_status=self.queue_status,
            has_reached_voicemail=self.has_reached_voicemail,
            dial_statuses={attempt.status for attempt in attempts} or UNREACHABLE & {self.dial_status},
        )
        if outcome is Outcome.HUNG_UP_EARLY and self.is_adopted:
            # Whatever was dialled, was dialled while we heard nothing.
            outcome = Outcome.UNKNOWN_GAP
        return self.verdict_of(outcome, attempts)

    def verdict_of(self, outcome: Outcome, attempts: Collection[Attempt]) -> Verdict:
        ended_at = max(self.started_at, self.ended_at or self.started_at, self.answered_at or self.started_at)
        waited_until = self.answered_at or ended_at
        rang_at = min((attempt.rang_at for attempt in attempts if attempt.rang_at), default=None)
        return Verdict(
            call_id=self.id,
            outcome=outcome,
            caller_number=self.caller_number,
            caller_name=self.caller_name,
            dialled_number=self.dialled_number,
            department=self.department or self.queue,
            ring_seconds=seconds(waited_until - rang_at) if rang_at else 0.0,
            wait_seconds=seconds(waited_until - self.started_at),
            talk_seconds=seconds(ended_at - self.answered_at) if self.answered_at else 0.0,
            legs_tried=len(attempts),
            started_at=self.started_at,
            answered_at=self.answered_at,
            ended_at=ended_at,
        )


def plain_text(text: str | None) -> str | None:
    """Without the control characters that a caller may send and Postgres does not take; None if nothing is left."""
    return "".join(character for character in text or "" if character.isprintable()).strip() or None
