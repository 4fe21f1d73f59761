import json
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from tests.conftest import Database

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Put = Callable[..., list[int]]


@pytest.fixture(autouse=True)
def _storekeeper_db(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    conn = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))


@pytest.fixture
def put(database: Database, connection: psycopg.Connection) -> Put:
    """Puts so many calls into the inbox, as the listener does; returns all keys that are there."""

    def put(count: int = 1, caller_number: str = "+16465550100", started_at: datetime = NOON) -> list[int]:
        with database.connect("storekeeper_listener") as listener, listener.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO inbox.call (
                    feed, call_id, outcome, caller_number, ring_seconds, wait_seconds, talk_seconds, legs_tried,
                    started_at, ended_at
                )
                VALUES ('ari', gen_random_uuid(), 'RANG_OUT', %s, 0, 0, 0, 1, %s, %s)
                """,
                [(caller_number, started_at, NOON)] * count,
            )
        with connection.transaction():
            rows = connection.execute("SELECT call_key FROM inbox.call ORDER BY call_key").fetchall()
        return [key for (key,) in rows]

    return put
