"""Missed calls as the alerts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Call:
    """A missed call of a department."""

    call_key: int
    location: str
    department: str
    feed: str
    call_id: str
    outcome: str
    caller_number: str | None
    caller_name: str | None
    caller_digits: str | None
    dialled_number: str | None
    wait_seconds: Decimal
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Unreported(Call):
    """A missed call that an alert may yet tell of: the department's, IT's, or both."""

    is_for_department: bool
    is_for_it: bool


def crowded(calls: Sequence[Call], window: timedelta, count: int) -> list[Call]:
    """The calls that ended within `window` of at least `count`, themselves included: those that are worth an alert.

    Only the calls' own times decide, so that a run that comes late finds what one in time would have found.

    :param calls: in the order of `ended_at`.
    """
    found: dict[int, Call] = {}
    first = 0
    for last, call in enumerate(calls):
        while call.ended_at - calls[first].ended_at >= window:
            first += 1
        if last - first + 1 >= count:
            found |= {each.call_key: each for each in calls[first : last + 1]}
    return list(found.values())
