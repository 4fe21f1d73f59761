"""Which orders a run of square_sync asks Square for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from include.config import Chain


@dataclass(frozen=True)
class Incremental:
    """All that changed since the watermark; ``until_at`` is what the watermark may say afterwards."""

    until_at: datetime


@dataclass(frozen=True)
class Closed:
    """All that was closed in a stretch of time, whatever happened to it later. Leaves the watermark where it is."""

    start_at: datetime
    end_at: datetime


Window = Incremental | Closed


def window(chain: Chain, params: Mapping[str, Any], run: Any) -> Window:
    """
    :param params: ``start`` and ``end``: business days, both included, at whatever location begins first and ends last.
    :param run: the DAG run. That of a backfill means its data interval; any other means what is new.
    :raises ValueError: when only one day is given, or they are in the wrong order.
    """
    start, end = params.get("start"), params.get("end")
    if start or end:
        if not (start and end):
            raise ValueError("start and end belong together: give both, or neither for what is new")
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        if last < first:
            raise ValueError(f"end {end} lies before start {start}")
        return Closed(
            min(location.business_day(first)[0] for location in chain.locations),
            max(location.business_day(last)[1] for location in chain.locations),
        )
    if run.run_type == "backfill":
        return Closed(run.data_interval_start, run.data_interval_end)
    return Incremental(run.run_after)
