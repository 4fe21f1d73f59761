from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.calls.calls import Call, crowded

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def calls(*minutes: int) -> list[Call]:
    """Calls that ended so many minutes after noon."""
    return [
        Call(
            call_key=key,
            location="Manhattan",
            department="Front desk",
            feed="ari",
            call_id=str(key),
            outcome="RANG_OUT",
            caller_number=None,
            caller_name=None,
            caller_digits=None,
            dialled_number=None,
            wait_seconds=Decimal(20),
            started_at=NOON + timedelta(minutes=minute, seconds=-20),
            ended_at=NOON + timedelta(minutes=minute),
        )
        for key, minute in enumerate(sorted(minutes))
    ]


def minutes(found: list[Call]) -> list[int]:
    return [int((call.ended_at - NOON).total_seconds() // 60) for call in found]


@pytest.mark.parametrize(
    ("ended", "count", "found"),
    [
        ([0, 59], 2, [0, 59]),
        ([0, 60], 2, []),
        ([], 1, []),
        ([5], 1, [5]),
        ([0, 30, 59, 60, 200], 3, [0, 30, 59, 60]),
        # Two crowds, and a call alone between them.
        ([0, 1, 2, 90, 200, 201, 202], 3, [0, 1, 2, 200, 201, 202]),
    ],
)
def test_a_crowd_is_so_many_calls_within_the_window(ended: list[int], count: int, found: list[int]) -> None:
    assert minutes(crowded(calls(*ended), HOUR, count)) == found


@given(st.lists(st.integers(0, 400), max_size=30), st.integers(1, 6))
def test_a_call_is_told_of_if_and_only_if_some_window_around_it_is_full(ended: list[int], count: int) -> None:
    found = crowded(calls(*ended), HOUR, count)
    expected = {
        call.call_key
        for call in calls(*ended)
        if any(
            begin <= call.ended_at < begin + HOUR
            and sum(begin <= other.ended_at < begin + HOUR for other in calls(*ended)) >= count
            for begin in (each.ended_at for each in calls(*ended))
        )
    }
    assert {call.call_key for call in found} == expected
    assert minutes(found) == sorted(minutes(found))
