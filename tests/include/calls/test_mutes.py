import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from include.calls.mutes import mute_department
from tests.conftest import Database
from tests.include.calls.conftest import Look
from tests.include.calls.phone import MANHATTAN_CATERING, Phone

# 18:00 in Manhattan, on a Saturday.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
mute = partial(mute_department, "Manhattan", "Front desk", reason="painters", muted_by="ana")


@pytest.fixture(autouse=True)
def _connection(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    conn = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))


def ring(phone: Phone, first_at: datetime, count: int = 5, number: str = "+12125550101") -> None:
    for minute in range(count):
        phone.rings(first_at + minute * MINUTE, dialled_number=number)


def test_a_muted_department_has_no_alerts_then_or_later(phone: Phone, look_at: Look) -> None:
    assert mute(hours=2, mute_id="one", run_at=EVENING) == "2026-11-21 20:00 EST"
    ring(phone, EVENING + 110 * MINUTE)
    assert look_at(EVENING + 115 * MINUTE).alerts == 0
    assert look_at(EVENING + 2 * HOUR).alerts == 0
    # What is missed after it counts again.
    ring(phone, EVENING + 2 * HOUR)
    assert look_at(EVENING + 2 * HOUR + 5 * MINUTE).alerts == 1


def test_calls_from_before_the_silence_are_told_of_after_it(phone: Phone, look_at: Look) -> None:
    ring(phone, EVENING - 5 * MINUTE)
    mute(hours=0.5, mute_id="one", run_at=EVENING)
    assert look_at(EVENING).alerts == 0
    assert look_at(EVENING + 30 * MINUTE).alerts == 1


def test_other_departments_are_heard(phone: Phone, look_at: Look) -> None:
    mute(hours=2, mute_id="one", run_at=EVENING)
    ring(phone, EVENING, number=MANHATTAN_CATERING)
    assert look_at(EVENING + 5 * MINUTE).alerts == 1


def test_zero_hours_end_it(phone: Phone, look_at: Look) -> None:
    mute(hours=2, mute_id="one", run_at=EVENING)
    mute(hours=0, mute_id="two", run_at=EVENING + 10 * MINUTE)
    ring(phone, EVENING + 10 * MINUTE)
    assert look_at(EVENING + 15 * MINUTE).alerts == 1


def test_a_retry_mutes_nothing_twice(phone: Phone, look_at: Look) -> None:
    mute(hours=1, mute_id="one", run_at=EVENING)
    mute(hours=1, mute_id="one", run_at=EVENING)
    ring(phone, EVENING + HOUR)
    assert look_at(EVENING + HOUR + 5 * MINUTE).alerts == 1


def test_a_department_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"Manhattan has no 'Kitchen' in phones\.yaml; it has Front desk, Catering"):
        mute_department("Manhattan", "Kitchen", hours=1, reason="r", mute_id="one", muted_by="ana", run_at=EVENING)
