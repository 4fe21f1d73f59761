"""What became of a call: the words, and the rule that chooses among them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """One for each ended call; every one but ANSWERED and the two UNKNOWN is a missed call."""

    ANSWERED = "ANSWERED"
    CALLER_GAVE_UP = "CALLER_GAVE_UP"
    RANG_OUT = "RANG_OUT"
    BUSY = "BUSY"
    #: The phones never rang: a matter for IT.
    PHONES_UNREACHABLE = "PHONES_UNREACHABLE"
    VOICEMAIL = "VOICEMAIL"
    HUNG_UP_EARLY = "HUNG_UP_EARLY"
    QUEUE_ABANDONED = "QUEUE_ABANDONED"
    QUEUE_TIMEOUT = "QUEUE_TIMEOUT"
    QUEUE_FULL = "QUEUE_FULL"
    QUEUE_EMPTY = "QUEUE_EMPTY"
    #: The telephone system restarted, or the end never came.
    UNKNOWN = "UNKNOWN"
    #: It ended while we were not connected.
    UNKNOWN_GAP = "UNKNOWN_GAP"


# app_queue's QUEUESTATUS; CONTINUE and WITHDRAWN say nothing about why nobody answered.
QUEUE_OUTCOMES = {
    "TIMEOUT": Outcome.QUEUE_TIMEOUT,
    "FULL": Outcome.QUEUE_FULL,
    "JOINEMPTY": Outcome.QUEUE_EMPTY,
    "LEAVEEMPTY": Outcome.QUEUE_EMPTY,
    "JOINUNAVAIL": Outcome.QUEUE_EMPTY,
    "LEAVEUNAVAIL": Outcome.QUEUE_EMPTY,
}
UNREACHABLE = frozenset({"CHANUNAVAIL", "CONGESTION"})
#: The dialstatus of attempts that the other side ended, or time; the rest is the caller's doing.
ENDED_BY_PHONES = UNREACHABLE | {"BUSY", "NOANSWER"}


class Verdict(msgspec.Struct, frozen=True):
    """One row of inbox.call. Seconds count up to the answer, or to the end of a call that nobody answered."""

    call_id: str
    outcome: Outcome
    caller_number: str | None
    caller_name: str | None
    dialled_number: str | None
    department: str | None
    #: From the first leg's ringing; 0 where none rang.
    ring_seconds: float
    #: From the call's start.
    wait_seconds: float
    #: From the answer to the end.
    talk_seconds: float
    legs_tried: int
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime


def missed_outcome(
    *, is_abandoned: bool, queue_status: str | None, has_reached_voicemail: bool, dial_statuses: Collection[str]
) -> Outcome:
    """Why nobody answered: the first that fits, from what the dialplan said and how each leg ended.

    `dial_statuses` holds the last dialstatus of each leg: a final one (BUSY, CONGESTION, CHANUNAVAIL, NOANSWER,
    CANCEL), or the interim one of a leg that was left when the caller was gone. ANSWER is one of these: a queue says it
    before its announcement, and who hangs up meanwhile has talked to nobody. The hang-up cause is no witness: 16 comes
    with answered and missed calls alike.
    """
    if is_abandoned:
        return Outcome.QUEUE_ABANDONED
    if queue_status in QUEUE_OUTCOMES:
        return QUEUE_OUTCOMES[queue_status]
    if has_reached_voicemail:
        return Outcome.VOICEMAIL
    if not dial_statuses:
        return Outcome.HUNG_UP_EARLY
    if not ENDED_BY_PHONES.issuperset(dial_statuses):
        return Outcome.CALLER_GAVE_UP
    if UNREACHABLE.issuperset(dial_statuses):
        return Outcome.PHONES_UNREACHABLE
    return Outcome.RANG_OUT if "NOANSWER" in dial_statuses else Outcome.BUSY


def seconds(span: timedelta) -> float:
    """Never negative: a telephone system's clock may be set back in the middle of a call."""
    return max(0.0, round(span.total_seconds(), 3))
