"""What is asked for: read from a run's params and its place in time, never from the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from include.config import Chain
from include.config.period import Period, PeriodKind
from include.config.request import asked_day, asked_locations
from include.config.schedule import last_ended


class GroupBy(StrEnum):
    VARIATION = "variation"
    ITEM = "item"
    MODIFIER = "modifier"
    CATEGORY = "category"
    LOCATION = "location"
    MARKET = "market"

    @property
    def is_of_places(self) -> bool:
        """Locations and markets are compared with one another: only the chain's report can do that."""
        return self in (GroupBy.LOCATION, GroupBy.MARKET)


@dataclass(frozen=True)
class Request:
    """:param run_at: when the run was due; days that had ended by then must be complete.
    :param started_at: stamps the files, the same in all tasks and retries of a run.
    """

    period: Period
    group_by: GroupBy
    location_names: tuple[str, ...]
    is_mailed: bool
    run_at: datetime
    started_at: datetime

    def wants_location(self, name: str) -> bool:
        return name in self.location_names and not self.group_by.is_of_places


def read_request(
    chain: Chain,
    params: Mapping[str, Any],
    *,
    data_interval_end: datetime | None,
    run_after: datetime,
    started_at: datetime,
) -> Request:
    """The request of a run.

    A week or more that is not over is cut after the newest business day that has ended everywhere.

    :raises ValueError: when a param cannot be; the message says which.
    """
    day = asked_day(chain, params["date"], data_interval_end, run_after)
    period = Period.around(PeriodKind(params["period"]), day)
    if period.kind is not PeriodKind.DAY:
        newest = last_ended(chain, run_after)
        if period.first > newest:
            raise ValueError(f"date: no business day of {period} has ended yet; {newest} is the newest that has")
        period = period.until(newest)
    return Request(
        period=period,
        group_by=GroupBy(params["group_by"]),
        location_names=tuple(location.name for location in asked_locations(chain, params["locations"])),
        is_mailed=params["mail"],
        run_at=run_after,
        started_at=started_at,
    )
