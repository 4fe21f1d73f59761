"""What is asked for: read from a run's params and its place in time, never from the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from include.config import Chain, Location
from include.config.period import PeriodKind
from include.config.request import asked_locations
from include.config.schedule import last_ended

YEAR = timedelta(days=364)
BY_LOCATION = " and location"


class GroupBy(StrEnum):
    INGREDIENT = "ingredient"
    ITEM = "item"
    VARIATION = "variation"
    MODIFIER = "modifier"
    LOCATION = "location"


class Measure(StrEnum):
    QUANTITY = "quantity"
    REVENUE = "revenue"
    COST = "cost"
    PROFIT = "profit"


@dataclass(frozen=True)
class Request:
    """:param last: included.
    :param is_by_location: each location has rows of its own.
    :param measure: what the chart shows and the mail is sorted by.
    :param started_at: stamps the file, the same in all retries of a run.
    """

    first: date
    last: date
    grain: PeriodKind
    group_by: GroupBy
    is_by_location: bool
    measure: Measure
    locations: tuple[Location, ...]
    is_of_all_locations: bool
    is_mailed: bool
    run_at: datetime
    started_at: datetime

    @property
    def grouping(self) -> str:
        return f"{self.group_by}{BY_LOCATION if self.is_by_location else ''}"


def read_request(chain: Chain, params: Mapping[str, Any], *, run_after: datetime, started_at: datetime) -> Request:
    """The request of a run.

    Without an end it goes up to the newest business day that has ended everywhere, without a start a year before.

    :raises ValueError: when a param cannot be; the message says which.
    """
    newest = last_ended(chain, run_after)
    last = date.fromisoformat(params["end"]) if params["end"] else newest
    if last > newest:
        raise ValueError(f"end: {last} has not ended everywhere; {newest} is the newest day that has")
    first = date.fromisoformat(params["start"]) if params["start"] else last - YEAR
    if first > last:
        raise ValueError(f"start: {first} lies after the end, {last}")
    group_by = str(params["group_by"])
    locations = asked_locations(chain, params["locations"])
    return Request(
        first=first,
        last=last,
        grain=PeriodKind(params["grain"]),
        group_by=GroupBy(group_by.removesuffix(BY_LOCATION)),
        is_by_location=group_by.endswith(BY_LOCATION),
        measure=Measure(params["measure"]),
        locations=locations,
        is_of_all_locations=len(locations) == len(chain.locations),
        is_mailed=params["mail"],
        run_at=run_after,
        started_at=started_at,
    )
