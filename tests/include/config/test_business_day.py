"""Location.business_date and silver.business_date are one definition, on both daylight-saving nights too."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from include.config import Location, load_chain

ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Havana",
    "America/Santiago",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
]


def location(timezone: str, cutover_hour: int) -> Location:
    return load_chain().locations[0].model_copy(update={"timezone": timezone, "cutover_hour": cutover_hour})


instants = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES)
hours = st.integers(0, 12)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=instants, timezone=zones, cutover_hour=hours)
# Both daylight-saving nights, in three zones, around the cut-over.
@example(at=datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC), timezone="America/New_York", cutover_hour=2)
@example(at=datetime(2026, 3, 8, 7, 0, tzinfo=UTC), timezone="America/New_York", cutover_hour=2)
@example(at=datetime(2026, 3, 8, 7, 0, tzinfo=UTC), timezone="America/New_York", cutover_hour=3)
@example(at=datetime(2026, 11, 1, 5, 30, tzinfo=UTC), timezone="America/New_York", cutover_hour=1)
@example(at=datetime(2026, 11, 1, 6, 30, tzinfo=UTC), timezone="America/New_York", cutover_hour=1)
@example(at=datetime(2026, 3, 8, 10, 0, tzinfo=UTC), timezone="America/Los_Angeles", cutover_hour=2)
@example(at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC), timezone="America/Los_Angeles", cutover_hour=2)
@example(at=datetime(2026, 3, 29, 1, 0, tzinfo=UTC), timezone="Europe/Berlin", cutover_hour=3)
@example(at=datetime(2026, 10, 25, 1, 59, tzinfo=UTC), timezone="Europe/Berlin", cutover_hour=3)
def test_python_and_sql_agree(connection: psycopg.Connection, at: datetime, timezone: str, cutover_hour: int) -> None:
    (in_sql,) = connection.execute(
        "SELECT silver.business_date(%s, %s, %s)", [at, timezone, cutover_hour]
    ).fetchone() or (None,)
    assert location(timezone, cutover_hour).business_date(at) == in_sql


@settings(max_examples=500, deadline=None)
@given(
    day=st.dates(date(2015, 1, 1), date(2035, 1, 1)), timezone=zones, cutover_hour=hours, minutes=st.integers(-90, 90)
)
def test_a_business_day_holds_exactly_its_instants(day: date, timezone: str, cutover_hour: int, minutes: int) -> None:
    store = location(timezone, cutover_hour)
    start_at, end_at = store.business_day(day)
    assert store.business_date(start_at) == day
    assert store.business_date(end_at) == day + timedelta(days=1)
    for bound in (start_at, end_at):
        at = bound + timedelta(minutes=minutes)
        assert (store.business_date(at) == day) == (start_at <= at < end_at)


@pytest.mark.parametrize(
    ("timezone", "short", "long"),
    [
        ("America/New_York", date(2026, 3, 7), date(2026, 10, 31)),
        ("America/Los_Angeles", date(2026, 3, 7), date(2026, 10, 31)),
        ("Europe/Berlin", date(2026, 3, 28), date(2026, 10, 24)),
    ],
)
def test_the_daylight_saving_nights_belong_to_the_day_before(timezone: str, short: date, long: date) -> None:
    store = location(timezone, 3)
    start_at, end_at = store.business_day(short)
    assert end_at - start_at == timedelta(hours=23)
    start_at, end_at = store.business_day(long)
    assert end_at - start_at == timedelta(hours=25)
