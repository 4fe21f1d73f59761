"""What the configuration makes of a call: whose it is, on which business day, and whether it counts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from include.calls.departments import Department, Directory

# The caller ended these: after a moment it was no call to miss. The others the phone system ended.
HUNG_UP = {"CALLER_GAVE_UP", "QUEUE_ABANDONED", "HUNG_UP_EARLY"}
NOT_MISSED = {"ANSWERED", "UNKNOWN", "UNKNOWN_GAP"}


@dataclass(frozen=True)
class Facts:
    """What decides of a call. `department` is the phone system's own name for it."""

    outcome: str
    dialled_number: str | None
    department: str | None
    wait_seconds: Decimal
    started_at: datetime


@dataclass(frozen=True)
class Placing:
    """Of a call that is nobody's, location, department and business day are None."""

    location: str | None
    department: str | None
    business_date: date | None
    is_counted: bool
    uncounted_because: str | None


def place(directory: Directory, call: Facts) -> Placing:
    is_missed = call.outcome not in NOT_MISSED
    department = directory.of_call(call.dialled_number, call.department)
    if department is None:
        return Placing(None, None, None, is_counted=False, uncounted_because="unconfigured" if is_missed else None)
    because = _uncounted_because(department, call) if is_missed else None
    return Placing(
        location=department.location.name,
        department=department.name,
        business_date=department.location.business_date(call.started_at),
        is_counted=is_missed and because is None,
        uncounted_because=because,
    )


def _uncounted_because(department: Department, call: Facts) -> str | None:
    """A call that came in before closing time counts, however long it rang."""
    if not department.is_open(call.started_at):
        return "closed"
    if call.outcome in HUNG_UP and call.wait_seconds < department.rules.short_abandon_seconds:
        return "short_abandon"
    if call.outcome not in department.rules.counted_outcomes:
        return "outcome"
    return None
