from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from include.calls.summary.figures import DayCall, Hour, figures, hours, left_out, missed_by_outcome

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 21, 17, tzinfo=UTC)
LEVELS = {"Front desk": 20}


def call(
    outcome: str = "ANSWERED", wait: float = 10, at: datetime = NOON, because: str | None = None, **facts: str
) -> DayCall:
    is_missed = outcome not in {"ANSWERED", "UNKNOWN"}
    return DayCall(
        call_key=1,
        location="Manhattan",
        department=facts.get("department", "Front desk"),
        feed="ari",
        call_id="1",
        outcome=outcome,
        caller_number=None,
        caller_name=None,
        caller_digits=None,
        dialled_number=None,
        wait_seconds=Decimal(str(wait)),
        started_at=at,
        ended_at=at + timedelta(seconds=wait),
        is_missed=is_missed,
        is_counted=is_missed and because is None,
        uncounted_because=because,
    )


def test_the_service_level_is_what_was_answered_in_time_of_all_that_counts() -> None:
    day = figures(
        [
            call(wait=20),
            call(wait=20.1),
            call("RANG_OUT", 30),
            call("CALLER_GAVE_UP", 40),
            call("CALLER_GAVE_UP", 1, because="short_abandon"),
            call("UNKNOWN"),
        ],
        LEVELS,
    )
    assert (day.answered_count, day.missed_count, day.in_time_count, day.call_count) == (2, 2, 1, 4)
    assert (day.answer_ratio, day.service_ratio) == (Decimal("0.5"), Decimal("0.25"))
    assert (day.answer_seconds, day.missed_seconds) == (Decimal("20.05"), Decimal(35))


def test_without_calls_there_are_no_means_and_no_ratios() -> None:
    day = figures([call("RANG_OUT", because="closed")], LEVELS)
    assert (day.answer_ratio, day.service_ratio, day.answer_seconds, day.missed_seconds) == (None,) * 4


def test_each_department_has_its_own_idea_of_in_time() -> None:
    calls = [call(wait=25), call(wait=25, department="Catering"), call(wait=0, department="Gone")]
    assert figures(calls, LEVELS | {"Catering": 30}).in_time_count == 1


def test_the_commonest_way_to_be_missed_comes_first() -> None:
    calls = [call("BUSY"), call("RANG_OUT"), call("RANG_OUT"), call("RANG_OUT", because="closed"), call()]
    assert missed_by_outcome(calls) == [("RANG_OUT", 2), ("BUSY", 1)]


def test_what_no_figure_holds_is_told_by_its_reason() -> None:
    calls = [call(), call("RANG_OUT"), call("UNKNOWN"), call("BUSY", because="closed"), call("BUSY", because="closed")]
    assert left_out(calls) == {"unknown": 1, "closed": 2}


def test_hours_are_the_clocks_and_the_night_comes_last() -> None:
    calls = [
        call(at=NOON),
        call("RANG_OUT", at=NOON + timedelta(hours=2, minutes=59)),
        call(at=NOON + timedelta(hours=13)),
        call("UNKNOWN", at=NOON - timedelta(hours=3)),
    ]
    found = hours(calls, NEW_YORK, cutover_hour=3)
    assert found[:3] == [Hour(12, 1, 0), Hour(13, 0, 0), Hour(14, 0, 1)]
    assert found[-1] == Hour(1, 1, 0)
    assert len(found) == 14


def test_an_hour_that_comes_twice_is_one() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert hours([call(at=first), call(at=first + timedelta(hours=1))], NEW_YORK, 3) == [Hour(1, 2, 0)]


def test_a_day_without_calls_has_no_hours() -> None:
    assert hours([], NEW_YORK, 3) == []
