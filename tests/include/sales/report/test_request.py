from datetime import UTC, date, datetime
from typing import Any

import pytest

from include.config import Chain, Location, load_chain
from include.config.period import Period, PeriodKind
from include.sales.report.request import GroupBy, Request, read_request
from tests.include.sales.report.shop import chain_of

DEFAULTS: dict[str, Any] = {"date": None, "period": "day", "group_by": "variation", "locations": [], "mail": True}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def request(run_after: str, data_interval_end: str | None = None, **params: Any) -> Request:
    return read_request(
        load_chain(),
        DEFAULTS | params,
        data_interval_end=at(data_interval_end) if data_interval_end else None,
        run_after=at(run_after),
        started_at=at(run_after),
    )


def test_the_data_interval_names_the_business_day() -> None:
    # 05:00 in Santa Monica, an hour after the business day has ended there.
    asked = request("2026-11-21T13:00", "2026-11-21T13:00")
    assert asked.period == Period.around(PeriodKind.DAY, date(2026, 11, 20))
    assert asked.location_names == ("Manhattan", "Chicago Loop", "Denver Union Station", "Santa Monica")


def test_a_day_that_a_backfill_makes_is_the_intervals_own() -> None:
    assert request("2026-01-06T13:00", "2026-01-06T13:00").period.first == date(2026, 1, 5)


@pytest.mark.parametrize(("run_after", "day"), [("2026-11-21T11:59", 19), ("2026-11-21T12:00", 20)])
def test_without_an_interval_the_newest_day_is_meant_that_has_ended_everywhere(run_after: str, day: int) -> None:
    assert request(run_after).period.first == date(2026, 11, day)


@pytest.mark.parametrize(
    ("interval_end", "day"),
    [("2026-03-08T12:00", date(2026, 3, 7)), ("2026-11-01T13:00", date(2026, 10, 31))],
)
def test_both_daylight_saving_nights_belong_to_the_day_before(interval_end: str, day: date) -> None:
    assert request(interval_end, interval_end).period.first == day


def test_a_period_that_is_not_over_ends_with_the_newest_day() -> None:
    month = request("2026-11-21T13:00", period="month", date="2026-11-03").period
    assert (month.first, month.last) == (date(2026, 11, 1), date(2026, 11, 20))
    assert request("2026-12-01T13:00", period="month", date="2026-11-03").period.is_whole


def test_a_period_of_which_no_day_has_ended_is_refused() -> None:
    with pytest.raises(ValueError, match="date: no business day of December 2026 has ended yet; 2026-11-20 is"):
        request("2026-11-21T13:00", period="month", date="2026-12-03")


def test_an_unknown_location_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="locations: the chain has no Mars; it has Manhattan, Chicago Loop"):
        request("2026-11-21T13:00", locations=["Manhattan", "Mars"])


def test_locations_are_chosen() -> None:
    asked = request("2026-11-21T13:00", locations=["Santa Monica"])
    assert asked.wants_location("Santa Monica")
    assert not asked.wants_location("Manhattan")


@pytest.mark.parametrize("group_by", [GroupBy.LOCATION, GroupBy.MARKET])
def test_places_are_compared_in_the_chains_report_only(group_by: GroupBy) -> None:
    assert not request("2026-11-21T13:00", group_by=group_by.value).wants_location("Manhattan")


def test_an_eastern_chains_day_has_ended_early(tokyo: Location) -> None:
    eastern: Chain = chain_of(tokyo)
    end = at("2026-11-20T19:00")
    asked = read_request(eastern, DEFAULTS, data_interval_end=end, run_after=end, started_at=end)
    assert asked.period.first == date(2026, 11, 20)
