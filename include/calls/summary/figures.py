"""The figures of a day, counted from its calls. A day of one location is some thousand calls at most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from include.calls.calls import Call


@dataclass(frozen=True)
class DayCall(Call):
    """A call of the day, missed or not."""

    is_missed: bool
    is_counted: bool
    uncounted_because: str | None


@dataclass(frozen=True)
class Figures:
    """Of some calls: those that count are the answered and the missed ones that no rule leaves out.

    Seconds are means, None without calls. `service_ratio`: answered in time, of all that count.
    """

    answered_count: int
    missed_count: int
    in_time_count: int
    answer_seconds: Decimal | None
    missed_seconds: Decimal | None

    @property
    def call_count(self) -> int:
        return self.answered_count + self.missed_count

    @property
    def answer_ratio(self) -> Decimal | None:
        return Decimal(self.answered_count) / self.call_count if self.call_count else None

    @property
    def service_ratio(self) -> Decimal | None:
        return Decimal(self.in_time_count) / self.call_count if self.call_count else None


@dataclass(frozen=True)
class Hour:
    """The calls that came in between an hour of the location's clock and the next."""

    hour: int
    answered_count: int
    missed_count: int

    @property
    def call_count(self) -> int:
        return self.answered_count + self.missed_count


def figures(calls: Sequence[DayCall], service_level_seconds: Mapping[str, int]) -> Figures:
    """:param service_level_seconds: by department; a department that is no longer there answers nothing in time."""
    answered = [call for call in calls if call.outcome == "ANSWERED"]
    missed = [call for call in calls if call.is_counted]
    return Figures(
        answered_count=len(answered),
        missed_count=len(missed),
        in_time_count=sum(call.wait_seconds <= service_level_seconds.get(call.department, -1) for call in answered),
        answer_seconds=_mean(answered),
        missed_seconds=_mean(missed),
    )


def missed_by_outcome(calls: Sequence[DayCall]) -> list[tuple[str, int]]:
    """The commonest outcome first."""
    return Counter(call.outcome for call in calls if call.is_counted).most_common()


def left_out(calls: Sequence[DayCall]) -> dict[str, int]:
    """How many calls no figure holds, by the reason: a rule's name, or `unknown` for calls whose end nobody saw."""
    return dict(
        Counter(
            "unknown" if not call.is_missed else str(call.uncounted_because)
            for call in calls
            if call.outcome != "ANSWERED" and not call.is_counted
        )
    )


def hours(calls: Sequence[DayCall], zone: ZoneInfo, cutover_hour: int) -> list[Hour]:
    """From the first hour with calls to the last, in the order of the business day; empty hours between are there."""
    answered: Counter[int] = Counter()
    missed: Counter[int] = Counter()
    for call in calls:
        position = (call.started_at.astimezone(zone).hour - cutover_hour) % 24
        answered[position] += call.outcome == "ANSWERED"
        missed[position] += call.is_counted
    busy = [position for position in range(24) if answered[position] or missed[position]]
    if not busy:
        return []
    return [
        Hour((position + cutover_hour) % 24, answered[position], missed[position])
        for position in range(busy[0], busy[-1] + 1)
    ]


def _mean(calls: Sequence[DayCall]) -> Decimal | None:
    return sum((call.wait_seconds for call in calls), Decimal()) / len(calls) if calls else None
