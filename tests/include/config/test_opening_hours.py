"""Location.opened_at: when the opening began that an instant lies in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from include.config import Location, load_chain

NEW_YORK = ZoneInfo("America/New_York")


def location(**opening_hours: object) -> Location:
    manhattan = load_chain().location("Manhattan").model_dump(exclude={"opening_hours"})
    return Location.model_validate({**manhattan, "opening_hours": opening_hours})


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


SPLIT = location(monday=["11:00-15:00", "16:30-23:00"], friday="17:00-26:00")


@pytest.mark.parametrize(
    ("at", "opened_at"),
    [
        ("2026-11-23T10:59", None),
        ("2026-11-23T11:00", "2026-11-23T11:00"),
        ("2026-11-23T15:00", "2026-11-23T11:00"),
        ("2026-11-23T15:01", None),
        ("2026-11-23T16:45", "2026-11-23T16:30"),
        ("2026-11-24T12:00", None),
        ("2026-11-28T01:59", "2026-11-27T17:00"),
        ("2026-11-28T02:01", None),
        ("2026-11-28T17:30", None),
    ],
)
def test_an_instant_lies_in_an_opening_or_in_none(at: str, opened_at: str | None) -> None:
    assert SPLIT.opened_at(local(at)) == (local(opened_at) if opened_at else None)


def test_a_night_that_skips_an_hour_is_an_hour_shorter() -> None:
    store = location(saturday="22:00-27:00")
    opened_at = store.opened_at(local("2026-03-08T03:00"))
    assert opened_at == local("2026-03-07T22:00")
    assert (local("2026-03-08T03:00") - opened_at).total_seconds() == 4 * 3600
    assert store.opened_at(local("2026-03-08T03:01")) is None


def test_a_closing_time_that_comes_twice_is_the_first_of_the_two() -> None:
    store = location(saturday="22:00-25:30")
    assert store.opened_at(local("2026-11-01T01:30")) == local("2026-10-31T22:00")
    assert store.opened_at(local("2026-11-01T01:30", fold=1)) is None


def test_an_opening_over_the_hour_that_comes_twice_lasts_an_hour_longer() -> None:
    opened_at = location(saturday="22:00-27:00").opened_at(local("2026-11-01T03:00"))
    assert opened_at is not None
    assert (local("2026-11-01T03:00") - opened_at).total_seconds() == 6 * 3600
