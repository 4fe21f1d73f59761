"""Which reports a run of customer_orders_report is to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from include.config import Chain
from include.config.partner import Partner
from include.config.request import asked_day
from include.customers.editions.edition import Source


@dataclass(frozen=True)
class Wish:
    """One day of one source that somebody has asked for."""

    source: Source
    day: date


def read_wish(
    params: Mapping[str, Any],
    partner: Partner,
    chain: Chain,
    *,
    data_interval_end: datetime | None,
    run_after: datetime,
) -> Wish | None:
    """None: what has come is to be reported. Square's newest day is the one that has ended at every location.

    :raises ValueError: a day that cannot be reported.
    """
    source: Source = params["source"]
    if source == "partner" and not params["date"]:
        return None
    day = asked_day(chain, params["date"], data_interval_end, run_after)
    today = partner.business_date(run_after)
    if day > today:
        raise ValueError(f"date: {day} has not begun")
    return Wish(source, day)
