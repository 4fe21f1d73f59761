import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from include.calls.summary.run import NotPlacedYetError, summarize
from tests.conftest import Database
from tests.include.calls.conftest import Look, Mails
from tests.include.calls.phone import CHICAGO, MANHATTAN_CATERING, Phone

# 18:00 in Manhattan, on Saturday the 21st.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
# 05:00 in Santa Monica on the day after: when the run for the 21st is due.
MORNING = datetime(2026, 11, 22, 13, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Summarize = Callable[..., int]


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Summarize:
    conn = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))

    def run(data_interval_end: datetime | None = MORNING, run_after: datetime = MORNING, **params: Any) -> int:
        return summarize({"date": None, "locations": []} | params, data_interval_end, run_after)

    return run


@pytest.fixture
def day(phone: Phone, look_at: Look, connection: psycopg.Connection) -> None:
    """A Saturday: three calls answered and two missed in Manhattan, one missed in Chicago."""
    phone.rings(EVENING, "ANSWERED", 10)
    phone.rings(EVENING, "ANSWERED", 30)
    phone.rings(EVENING + 60 * MINUTE, "ANSWERED", 5, dialled_number=MANHATTAN_CATERING)
    phone.rings(EVENING + 61 * MINUTE, "BUSY", 0, caller_number="+16465550111", caller_name="Ana Rossi")
    # After midnight, which is the same business day.
    phone.rings(EVENING + 400 * MINUTE, "CALLER_GAVE_UP", 40, caller_number="+16465550111", caller_name="Ana Rossi")
    phone.rings(EVENING, dialled_number=CHICAGO)
    phone.rings(EVENING + timedelta(days=1), dialled_number=CHICAGO)
    look_at(EVENING)
    connection.execute("DELETE FROM outbox.message")
    connection.commit()


@pytest.mark.usefixtures("day")
def test_each_location_with_calls_has_its_day(run: Summarize, mails: Mails) -> None:
    assert run() == 2
    manhattan, chicago = sorted(mails(), key=lambda mail: str(mail["subject"]), reverse=True)
    assert manhattan["subject"] == "Manhattan, Sat, Nov 21: 60% of calls answered, 2 missed"
    assert manhattan["recipients"] == ["manhattan@example.com"]
    assert chicago["subject"] == "Chicago Loop, Sat, Nov 21: 0% of calls answered, 1 missed"
    text = manhattan["text"]
    assert "Answered: 60%, 3 of 5 calls, after 15 s on average" in text
    assert "Missed: 2, after 20 s on average" in text
    assert "Service level (answered in time): 40%" in text
    assert "+16465550111 Ana Rossi: 2 times, last at 00:39" in text
    assert "17:00  2 + 0\n" in text
    assert "hung up while it rang" in text
    assert "Catering: 1 answered, 0 missed, 100% in time" in text


@pytest.mark.usefixtures("day")
def test_a_day_is_mailed_once(run: Summarize, mails: Mails) -> None:
    assert run() == 2
    assert run() == 0
    assert run(None, MORNING + timedelta(days=3), date="2026-11-21") == 0
    assert len(mails()) == 2


@pytest.mark.usefixtures("day")
def test_any_day_and_any_location_can_be_asked_for(run: Summarize, mails: Mails) -> None:
    assert run(None, MORNING + timedelta(days=5), date="2026-11-22", locations=["Chicago Loop"]) == 1
    assert mails()[0]["subject"] == "Chicago Loop, Sun, Nov 22: 0% of calls answered, 1 missed"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"date": "2026-11-22"}, "date: the business day 2026-11-22 is not over at Manhattan, Chicago Loop"),
        ({"locations": ["Boston"]}, "locations: the chain has no Boston; it has Manhattan"),
    ],
)
def test_what_cannot_be_asked_for_is_told(run: Summarize, params: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        run(**params)


def test_calls_that_wait_in_the_inbox_are_waited_for(run: Summarize, phone: Phone, look_at: Look) -> None:
    phone.rings(EVENING)
    with pytest.raises(NotPlacedYetError, match="1 calls between 2026-11-21 08:00 and 2026-11-22 08:00 UTC wait"):
        run()
    look_at(MORNING)
    assert run() == 1


@pytest.mark.usefixtures("day")
def test_a_day_whose_feed_was_lost_says_so(run: Summarize, phone: Phone, mails: Mails) -> None:
    phone.loses_its_feed(EVENING + timedelta(days=1), EVENING + timedelta(days=3))
    assert run(None, MORNING + timedelta(days=5), date="2026-11-23", locations=["Manhattan"]) == 1
    (mail,) = mails()
    assert mail["subject"] == "Manhattan, Mon, Nov 23: no calls that count, 0 missed"
    assert "from 18:00, Sun, Nov 22 to 18:00, Tue, Nov 24" in mail["text"]


@pytest.mark.usefixtures("day")
def test_who_was_reached_the_day_after_need_not_be_called_back(
    run: Summarize, phone: Phone, look_at: Look, mails: Mails
) -> None:
    phone.rings(MORNING - 60 * MINUTE, "ANSWERED", caller_number="+16465550111")
    look_at(MORNING)
    run(locations=["Manhattan"])
    assert "not reached yet" not in mails()[-1]["text"]
