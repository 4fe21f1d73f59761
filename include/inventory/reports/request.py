"""What is asked for: read from a run's params and its place in time, never from the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from include.config import Chain, Location
from include.config.request import asked_day, asked_locations
from include.config.schedule import last_ended


@dataclass(frozen=True)
class Request:
    """:param is_newest: no later business day has ended everywhere: what is counted now can be held against it.
    :param run_at: when the run was due; days that had ended by then must be complete.
    :param started_at: stamps the files, the same in all tasks and retries of a run.
    """

    day: date
    locations: tuple[Location, ...]
    is_mailed: bool
    is_newest: bool
    run_at: datetime
    started_at: datetime


def request_of(chain: Chain, context: Mapping[str, Any]) -> Request:
    """
    :param context: the task's: params and the run's place in time.
    :raises AirflowFailException: a param that cannot be; trying again changes none.
    """
    params, run = context["params"], context["dag_run"]
    try:
        day = asked_day(chain, params["date"], run.data_interval_end, run.run_after)
        locations = asked_locations(chain, params["locations"])
    except ValueError as error:
        raise AirflowFailException(str(error)) from error
    return Request(
        day=day,
        locations=locations,
        is_mailed=params["mail"],
        is_newest=day >= last_ended(chain, run.run_after),
        run_at=run.run_after,
        started_at=run.start_date,
    )
