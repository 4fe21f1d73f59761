import asyncio
import json
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from airflow.triggers.base import TriggerEvent

from include.mail.due import OutboxDue
from tests.conftest import Database


@pytest.fixture
def trigger(database: Database, monkeypatch: pytest.MonkeyPatch) -> OutboxDue:
    conn = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))
    return OutboxDue()


def first_event(trigger: OutboxDue) -> TriggerEvent | None:
    """The first event if it comes at once, None if it does not."""

    async def first() -> TriggerEvent | None:
        events = trigger.run()
        try:
            return await asyncio.wait_for(anext(events), 1)
        except TimeoutError:
            return None
        finally:
            await events.aclose()

    return asyncio.run(first())


@pytest.mark.parametrize(
    ("sql", "is_fired"),
    [
        ("UPDATE outbox.message SET next_attempt_at = now() - interval '10 s'", True),
        ("UPDATE outbox.message SET state = 'claimed', next_attempt_at = now() - interval '10 s'", True),
        ("UPDATE outbox.message SET next_attempt_at = now() + interval '10 s'", False),
        ("UPDATE outbox.message SET state = 'dead', next_attempt_at = now() - interval '10 s'", False),
        ("SELECT 'the task that has just written it wakes mail_delivery itself'", False),
    ],
)
def test_it_fires_for_what_nobody_has_sent(
    trigger: OutboxDue, connection: psycopg.Connection, put: Callable[..., UUID], sql: str, is_fired: bool
) -> None:
    put()
    connection.execute(sql)
    connection.commit()

    event = first_event(trigger)

    assert (event.payload == {"overdue": 1}) if is_fired and event else (event is None and not is_fired)


def test_a_database_that_is_away_is_no_reason_to_raise(
    trigger: OutboxDue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conn = {"conn_type": "postgres", "host": "/nowhere", "schema": "storekeeper", "login": "storekeeper_app"}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))

    assert first_event(trigger) is None
    assert "storekeeper_db" in capsys.readouterr().out


def test_it_stores_no_password(trigger: OutboxDue) -> None:
    classpath, kwargs = trigger.serialize()
    assert classpath == "include.mail.due.OutboxDue"
    assert kwargs == {"conn_id": "storekeeper_db"}
