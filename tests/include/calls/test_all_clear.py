from datetime import UTC, datetime, timedelta

import pytest

from tests.include.calls.conftest import Look, Mails
from tests.include.calls.phone import CHICAGO, Phone

# 18:00 in Manhattan, on a Saturday. The demo chain's front desk there wants to know when it is over.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def alerted(phone: Phone, look_at: Look) -> datetime:
    """When the last of five missed calls ended, of which the department was told."""
    for minute in range(5):
        phone.rings(EVENING + minute * MINUTE, caller_number="+16465550111" if minute < 2 else "+16465550122")
    last_at = EVENING + 4 * MINUTE
    assert look_at(last_at).alerts == 1
    return last_at


def test_it_is_over_when_a_window_has_passed_without_a_missed_call(
    alerted: datetime, phone: Phone, look_at: Look, mails: Mails
) -> None:
    phone.rings(alerted + 20 * MINUTE, "ANSWERED", caller_number="+16465550111")
    assert look_at(alerted + HOUR - MINUTE).all_clears == 0
    assert look_at(alerted + HOUR).all_clears == 1
    assert look_at(alerted + HOUR + MINUTE).all_clears == 0
    mail = mails()[-1]
    assert mail["subject"] == "All clear: Manhattan, Front desk, no missed call since 18:04"
    assert "+16465550122" in mail["text"]
    assert "+16465550111" not in mail["text"]


def test_a_missed_call_puts_it_off(alerted: datetime, phone: Phone, look_at: Look) -> None:
    phone.rings(alerted + 30 * MINUTE)
    assert look_at(alerted + HOUR).all_clears == 0
    assert look_at(alerted + 90 * MINUTE).all_clears == 1


def test_two_alerts_have_one_all_clear(alerted: datetime, phone: Phone, look_at: Look) -> None:
    for minute in range(5):
        phone.rings(alerted + minute * MINUTE)
    assert look_at(alerted + 5 * MINUTE).alerts == 1
    assert look_at(alerted + 2 * HOUR).all_clears == 1
    assert look_at(alerted + 3 * HOUR).all_clears == 0


def test_a_feed_that_is_lost_tells_nothing_of_quiet(alerted: datetime, phone: Phone, look_at: Look) -> None:
    phone.loses_its_feed(alerted + 10 * MINUTE, None)
    assert look_at(alerted + 2 * HOUR).all_clears == 0
    phone.loses_its_feed(alerted + 10 * MINUTE, alerted + 2 * HOUR)
    assert look_at(alerted + 2 * HOUR + MINUTE).all_clears == 0
    assert look_at(alerted + 3 * HOUR).all_clears == 1


def test_departments_that_did_not_ask_hear_nothing(phone: Phone, look_at: Look) -> None:
    for minute in range(5):
        phone.rings(EVENING + minute * MINUTE, dialled_number=CHICAGO)
    assert look_at(EVENING + 4 * MINUTE).alerts == 1
    assert look_at(EVENING + 3 * HOUR).all_clears == 0


def test_what_was_long_ago_is_not_called_over(alerted: datetime, look_at: Look) -> None:
    assert look_at(alerted + 13 * HOUR).all_clears == 0
