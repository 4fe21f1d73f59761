"""What a run's params `date` and `locations` ask for, the same in every DAG that works on business days."""

from collections.abc import Sequence
from datetime import date, datetime

from include.config.chain import Chain
from include.config.locations import Location
from include.config.schedule import last_ended


def asked_day(chain: Chain, day: str | None, data_interval_end: datetime | None, run_after: datetime) -> date:
    """The business day that a run is about.

    Without a date the newest that had ended everywhere at the end of the data interval, or, for a run without one, when
    the run was due. The clock is never asked.

    :raises ValueError: no such day.
    """
    if not day:
        return last_ended(chain, data_interval_end or run_after)
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise ValueError(f"date: {error}") from error


def asked_locations(chain: Chain, names: Sequence[str] | None) -> tuple[Location, ...]:
    """The locations of these names, in the configuration's order; all without names.

    :raises ValueError: a name that the chain does not have.
    """
    known = [location.name for location in chain.locations]
    if unknown := [name for name in names or () if name not in known]:
        raise ValueError(f"locations: the chain has no {', '.join(unknown)}; it has {', '.join(known)}")
    return tuple(location for location in chain.locations if not names or location.name in names)
