from datetime import UTC, datetime, timedelta
from typing import Any

from tests.include.calls.conftest import Look, Mails
from tests.include.calls.phone import Phone

# 18:00 in Manhattan, on a Saturday.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ring(phone: Phone, count: int, first_at: datetime = EVENING, **facts: Any) -> datetime:
    """So many calls that nobody answered, a minute apart; returns when the last one ended."""
    for number in range(count):
        phone.rings(first_at + number * MINUTE, **facts)
    return first_at + (count - 1) * MINUTE


def test_the_call_that_reaches_the_threshold_makes_one_alert(phone: Phone, look_at: Look, mails: Mails) -> None:
    assert look_at(ring(phone, 4)).alerts == 0
    last_at = ring(phone, 1, EVENING + 4 * MINUTE)

    assert look_at(last_at).alerts == 1
    assert look_at(last_at).alerts == 0
    (mail,) = mails()
    assert mail["recipients"] == ["manhattan@example.com"]
    assert mail["subject"] == "Manhattan, Front desk: 5 missed calls since 17:59"
