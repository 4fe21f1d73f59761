"""Who is to be called back, and who first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from include.calls.calls import Call

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class History:
    """What else is known of a caller at the location, from the alert's first call on."""

    caller_digits: str
    missed_count: int
    answered_at: datetime | None


@dataclass(frozen=True)
class Caller:
    """A caller and the calls that an alert tells of; a withheld number makes a caller of each call.

    `missed_count` holds also calls that did not count. `is_reached`: a later call of theirs was answered.
    """

    number: str | None
    name: str | None
    calls: tuple[Call, ...]
    missed_count: int
    is_reached: bool

    @property
    def is_repeat(self) -> bool:
        return self.missed_count > 1

    @property
    def longest_wait_seconds(self) -> Decimal:
        return max(call.wait_seconds for call in self.calls)

    @property
    def last_at(self) -> datetime:
        return self.calls[-1].started_at


def callers_of(calls: Sequence[Call], histories: Mapping[str, History]) -> list[Caller]:
    """In the order in which to call them back: those with a number that nobody has spoken to since, of them who rang
    most often, then who waited longest.

    :param histories: by the digits of the caller's number.
    """
    grouped: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        grouped[call.caller_digits or f"withheld {call.call_key}"].append(call)
    callers = [_caller(each, histories) for each in grouped.values()]
    return sorted(
        callers,
        key=lambda caller: (
            caller.is_reached,
            caller.number is None,
            -caller.missed_count,
            -caller.longest_wait_seconds,
            caller.last_at,
        ),
    )


def _caller(calls: Sequence[Call], histories: Mapping[str, History]) -> Caller:
    last = calls[-1]
    history = histories.get(last.caller_digits or "")
    return Caller(
        number=last.caller_number if last.caller_digits else None,
        name=next((call.caller_name for call in reversed(calls) if call.caller_name), None),
        calls=tuple(calls),
        missed_count=max(len(calls), history.missed_count if history else 0),
        is_reached=bool(history and history.answered_at and history.answered_at >= last.ended_at),
    )


def read_histories(connection: psycopg.Connection, location: str, calls: Sequence[Call]) -> dict[str, History]:
    """By the digits of the number: everything since the first of the calls, all of one location."""
    parameters = {
        "location": location,
        "callers": [call.caller_digits for call in calls if call.caller_digits],
        "since_at": min(call.started_at for call in calls),
    }
    with connection.cursor(row_factory=class_row(History)) as cursor:
        rows = cursor.execute((SQL / "callers.sql").read_bytes(), parameters).fetchall()
    return {row.caller_digits: row for row in rows}
