import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest
from airflow.triggers.base import TriggerEvent

from include.inbox import doorbell
from include.inbox.claims import CALLS, claim
from include.inbox.doorbell import POLL_SECONDS, Doorbell
from tests.conftest import Database
from tests.include.inbox.conftest import Put

Events = Callable[[float], Awaitable[TriggerEvent | None]]


@asynccontextmanager
async def listening(conn_id: str = "storekeeper_db") -> AsyncIterator[Events]:
    """A doorbell that runs; what it gives waits so many seconds for the next ring."""
    rings: asyncio.Queue[TriggerEvent] = asyncio.Queue()

    async def run() -> None:
        async for event in Doorbell("call", conn_id).run():
            rings.put_nowait(event)

    async def next_ring(seconds: float) -> TriggerEvent | None:
        assert not task.done(), "the doorbell must go on"
        try:
            return await asyncio.wait_for(rings.get(), seconds)
        except TimeoutError:
            return None

    task = asyncio.create_task(run())
    try:
        yield next_ring
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def listens(database: Database) -> None:
    """Waits until the doorbell of this database has come to LISTEN and then to wait."""
    async with await psycopg.AsyncConnection.connect(database.url(), autocommit=True) as own:
        for _ in range(100):
            cursor = await own.execute(
                """
                SELECT FROM pg_stat_activity
                WHERE application_name = 'doorbell_call' AND datname = current_database() AND state = 'idle'
                    AND query LIKE 'SELECT EXISTS%%'
                """
            )
            if cursor.rowcount:
                return
            await asyncio.sleep(0.05)
    raise AssertionError("the doorbell does not listen")


def test_it_rings_at_once_for_a_row_that_comes_while_it_listens(database: Database, put: Put) -> None:
    async def scene() -> None:
        async with listening() as next_ring:
            await listens(database)
            assert await next_ring(0.2) is None
            await asyncio.to_thread(put)
            event = await next_ring(POLL_SECONDS / 2)
            assert event is not None
            assert event.payload == {"inbox": "call"}

    asyncio.run(scene())


def test_it_rings_for_what_is_due_when_it_starts(put: Put) -> None:
    put()

    async def scene() -> None:
        async with listening() as next_ring:
            assert await next_ring(2)

    asyncio.run(scene())


def test_it_keeps_quiet_about_what_is_being_worked_on(put: Put, connection: psycopg.Connection) -> None:
    put()
    claim(connection, CALLS, 1)

    async def scene() -> None:
        async with listening() as next_ring:
            assert await next_ring(1) is None

    asyncio.run(scene())


def test_it_finds_by_the_poll_what_falls_due_by_the_clock(put: Put, connection: psycopg.Connection) -> None:
    put()
    connection.execute("UPDATE inbox.call SET next_attempt_at = now() + interval '1 second'")
    connection.commit()

    async def scene() -> None:
        async with listening() as next_ring:
            assert await next_ring(0.5) is None
            assert await next_ring(POLL_SECONDS + 2)

    asyncio.run(scene())


def test_it_rings_again_while_nobody_answers(put: Put) -> None:
    put()

    async def scene() -> None:
        async with listening() as next_ring:
            assert await next_ring(2)
            assert await next_ring(POLL_SECONDS + 2)

    asyncio.run(scene())


def test_a_burst_rings_a_few_times(put: Put, database: Database) -> None:
    async def scene() -> None:
        async with listening() as next_ring:
            await listens(database)
            for _ in range(20):
                await asyncio.to_thread(put)
            count = 0
            while await next_ring(0.6):
                count += 1
            assert 1 <= count <= 6

    asyncio.run(scene())


def test_a_session_that_the_server_ends_is_taken_up_again(database: Database, put: Put) -> None:
    """What a restart of Postgres does to it."""

    async def scene() -> None:
        async with listening() as next_ring:
            await listens(database)
            with database.connect() as own:
                ended = own.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = 'doorbell_call' AND datname = current_database()
                    """
                )
                assert ended.fetchall() == [(True,)]
            await listens(database)
            await asyncio.to_thread(put)
            assert await next_ring(POLL_SECONDS / 2)

    asyncio.run(scene())


def test_a_database_that_is_away_is_no_reason_to_raise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conn = {"conn_type": "postgres", "host": "/nowhere", "schema": "storekeeper", "login": "storekeeper_app"}
    monkeypatch.setenv("AIRFLOW_CONN_ELSEWHERE", json.dumps(conn))

    async def scene() -> None:
        async with listening("elsewhere") as next_ring:
            assert await next_ring(1) is None
            assert await next_ring(0.1) is None

    asyncio.run(scene())
    assert "elsewhere" in capsys.readouterr().out


def test_it_stores_no_password() -> None:
    assert Doorbell("call").serialize() == (
        "include.inbox.doorbell.Doorbell",
        {"table": "call", "conn_id": "storekeeper_db"},
    )
    assert doorbell.POLL_SECONDS <= 5
