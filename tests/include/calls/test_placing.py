from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from include.calls.departments import Directory
from include.calls.placing import Facts, place
from include.config import Chain, OpeningHours, load_chain
from tests.include.calls.phone import CHICAGO, MANHATTAN, SANTA_MONICA

NEW_YORK = ZoneInfo("America/New_York")


def call(
    at: datetime, number: str | None = CHICAGO, outcome: str = "RANG_OUT", wait: float = 20, name: str | None = None
) -> Facts:
    return Facts(outcome, number, name, Decimal(wait), at)


def local(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.fixture
def directory() -> Directory:
    return Directory(load_chain())


def with_rules(**rules: object) -> Directory:
    chain = load_chain()
    defaults = chain.phones.defaults.model_copy(update=rules)
    return Directory(chain.model_copy(update={"phones": chain.phones.model_copy(update={"defaults": defaults})}))


def test_a_call_is_its_numbers(directory: Directory) -> None:
    placing = place(directory, call(local("2026-11-21T18:00", "America/Chicago")))
    assert (placing.location, placing.department) == ("Chicago Loop", "Front desk")
    assert placing.business_date == date(2026, 11, 21)
    assert placing.is_counted


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("2026-11-20T10:59:59", "closed"),
        ("2026-11-20T11:00", None),
        ("2026-11-20T23:59:59", None),
        # On Fridays Chicago closes at midnight.
        ("2026-11-21T00:00", "closed"),
        ("2026-11-22T11:59", "closed"),
        ("2026-11-22T12:00", None),
    ],
)
def test_closed_hours_do_not_count(directory: Directory, text: str, because: str | None) -> None:
    placing = place(directory, call(local(text, "America/Chicago")))
    assert placing.uncounted_because == because
    assert placing.is_counted == (because is None)
    assert placing.location == "Chicago Loop"


def test_the_night_after_belongs_to_the_day_that_it_began_on(directory: Directory) -> None:
    # On Fridays Santa Monica is open until two at night.
    placing = place(directory, call(local("2026-11-21T01:59", "America/Los_Angeles"), SANTA_MONICA))
    assert placing.is_counted
    assert placing.business_date == date(2026, 11, 20)
    assert not place(directory, call(local("2026-11-21T02:00", "America/Los_Angeles"), SANTA_MONICA)).is_counted


def test_a_department_that_is_always_open_counts_at_four_at_night(directory: Directory) -> None:
    assert place(directory, call(local("2026-11-21T04:00", "America/New_York"), MANHATTAN)).is_counted


def every_quarter(begin: datetime, end: datetime) -> Iterator[datetime]:
    while begin < end:
        yield begin
        begin += timedelta(minutes=15)


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_always_is_every_quarter_of_an_hour_also_when_the_clock_is_changed(day: date) -> None:
    always = OpeningHours.model_validate(dict.fromkeys(OpeningHours.model_fields, "00:00-24:00"))
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    assert all(always.is_open(at, NEW_YORK) for at in every_quarter(begin, begin + timedelta(days=3)))


@pytest.mark.parametrize(
    ("text", "fold", "is_open"),
    [
        # The night to March 8: after 01:59:59 comes 03:00. Until two at night is until then.
        ("2026-03-08T01:59", 0, True),
        ("2026-03-08T03:00", 0, False),
        # The night to November 1: 01:00 to 01:59 come twice, two o'clock comes after both.
        ("2026-11-01T01:30", 0, True),
        ("2026-11-01T01:30", 1, True),
        ("2026-11-01T02:00", 0, False),
    ],
)
def test_both_nights_of_daylight_saving(text: str, fold: int, is_open: bool) -> None:
    until_two = OpeningHours.model_validate({"saturday": "17:00-26:00"})
    at = local(text, "America/New_York", fold)
    assert until_two.is_open(at, NEW_YORK) is is_open


@pytest.mark.parametrize(("fold", "is_open"), [(0, True), (1, False)])
def test_a_closing_time_that_comes_twice_is_the_first(fold: int, is_open: bool) -> None:
    until_half_past_one = OpeningHours.model_validate({"saturday": "17:00-25:30"})
    assert until_half_past_one.is_open(local("2026-11-01T01:15", "America/New_York", fold), NEW_YORK) is is_open


@pytest.mark.parametrize(
    ("outcome", "wait", "because"),
    [
        ("CALLER_GAVE_UP", 4.9, "short_abandon"),
        ("CALLER_GAVE_UP", 5, None),
        ("QUEUE_ABANDONED", 1, "short_abandon"),
        ("HUNG_UP_EARLY", 1, "short_abandon"),
        # These the phone system ended, however soon.
        ("PHONES_UNREACHABLE", 0, None),
        ("BUSY", 1, None),
        ("RANG_OUT", 1, None),
        ("VOICEMAIL", 6, "outcome"),
    ],
)
def test_who_hangs_up_at_once_does_not_count(outcome: str, wait: float, because: str | None) -> None:
    counted = ("CALLER_GAVE_UP", "QUEUE_ABANDONED", "HUNG_UP_EARLY", "PHONES_UNREACHABLE", "BUSY", "RANG_OUT")
    directory = with_rules(short_abandon_seconds=5, counted_outcomes=counted)
    facts = call(local("2026-11-21T18:00", "America/Chicago"), outcome=outcome, wait=wait)
    assert place(directory, facts).uncounted_because == because


def test_an_answered_call_counts_as_no_missed_one_even_when_it_was_closed(directory: Directory) -> None:
    placing = place(directory, call(local("2026-11-21T04:00", "America/Chicago"), outcome="ANSWERED"))
    assert (placing.is_counted, placing.uncounted_because) == (False, None)


def test_the_phone_systems_own_name_is_asked_after_the_number() -> None:
    chain: Chain = load_chain()
    (first, *rest) = chain.phones.locations
    named = first.departments[0].model_copy(update={"phone_system_name": "queue-100"})
    phones = chain.phones.model_copy(
        update={"locations": (first.model_copy(update={"departments": (named, *first.departments[1:])}), *rest)}
    )
    directory = Directory(chain.model_copy(update={"phones": phones}))
    at = local("2026-11-21T18:00", "America/Chicago")
    assert place(directory, call(at, None, name="queue-100")).location == "Manhattan"
    assert place(directory, call(at, "100", name="queue-100")).location == "Manhattan"
    assert place(directory, call(at, CHICAGO, name="queue-100")).location == "Chicago Loop"


@pytest.mark.parametrize("outcome", ["RANG_OUT", "ANSWERED"])
def test_a_call_that_is_nobodys_is_placed_nowhere(directory: Directory, outcome: str) -> None:
    placing = place(directory, call(local("2026-11-21T18:00", "America/Chicago"), "+18005550100", outcome))
    assert (placing.location, placing.department, placing.business_date) == (None, None, None)
    assert placing.uncounted_because == ("unconfigured" if outcome == "RANG_OUT" else None)
