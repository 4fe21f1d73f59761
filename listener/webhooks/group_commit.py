"""Writes webhook events to Postgres: all that wait share one INSERT and so one commit, which is what takes the time.

One task owns one connection. Who waits is told after the commit, and not later than ANSWER_SECONDS. An event whose
commit failed with the connection is tried again on the next one: writing it twice is harmless.
"""

import asyncio
import random
import signal
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import structlog
from psycopg import AsyncConnection

from listener.database import connect, cut
from listener.metrics import Metrics
from listener.webhooks.event import WebhookEvent

# Senders give up after 10 s (Square).
ANSWER_SECONDS = 8.0
COMMIT_SECONDS = 5.0
MOST_ROWS = 500
# What may wait, with what an event takes besides its body: a bound on memory.
MOST_WAITING_BYTES = 64 * 1024 * 1024
EVENT_BYTES = 2_000
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.1, 2.0

# One statement for any number of rows, its parameters binary: that takes half the time. No conflict target: that would
# need the right to SELECT.
INSERT = """
    INSERT INTO inbox.webhook_event (provider, event_id, event_type, body, online_order, state, last_error)
    SELECT provider, event_id, event_type, body, online_order::jsonb, state, last_error
    FROM unnest(%b::text[], %b::text[], %b::text[], %b::bytea[], %b::text[], %b::text[], %b::text[])
        AS event (provider, event_id, event_type, body, online_order, state, last_error)
    ON CONFLICT DO NOTHING
"""
# What is wrong with a row, and not with the database.
ROW_ERRORS = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)

log = structlog.get_logger()


class UnavailableError(Exception):
    """The event is not committed, as far as is known; the sender should come again."""


@dataclass(slots=True, eq=False)
class Waiting:
    """Somebody who waits for a commit; without an event, for a sign of life."""

    event: WebhookEvent | None
    answer: asyncio.Future[None]

    @property
    def size(self) -> int:
        return EVENT_BYTES + (len(self.event.body) if self.event else 0)

    def confirm(self) -> None:
        if not self.answer.done():
            self.answer.set_result(None)

    def refuse(self, reason: str) -> None:
        if not self.answer.done():
            self.answer.set_exception(UnavailableError(reason))


class GroupCommit:
    """`await commit(event)` returns when the event is on disk."""

    def __init__(self, url: str, metrics: Metrics) -> None:
        self._url = url
        self._metrics = metrics
        self._queue: deque[Waiting] = deque()
        self._queue_bytes = 0
        self._has_work = asyncio.Event()
        # Until the first connection was tried, requests wait for it.
        self._is_available = True
        self._connection: AsyncConnection | None = None
        self._writer: asyncio.Task[None] | None = None
        self.last_event_at: datetime | None = None

    def start(self) -> None:
        self._writer = asyncio.create_task(self._write(), name="group-commit")
        self._writer.add_done_callback(self._complain)

    async def stop(self) -> None:
        """Call it when nobody waits any more."""
        if self._writer:
            self._writer.cancel()
            if self._connection:
                cut(self._connection)
            await asyncio.wait([self._writer])

    async def commit(self, event: WebhookEvent) -> None:
        """Returns after the commit, also of an event that was there already. Raises UnavailableError."""
        await self._wait(event, ANSWER_SECONDS)

    async def check(self, seconds: float) -> None:
        """Returns when the database answered to what a commit would use. Raises UnavailableError."""
        await self._wait(None, seconds)

    @property
    def waiting_count(self) -> int:
        return len(self._queue)

    async def _wait(self, event: WebhookEvent | None, seconds: float) -> None:
        if not self._is_available:
            raise UnavailableError("the database is away")
        loop = asyncio.get_running_loop()
        waiting = Waiting(event, loop.create_future())
        if self._queue_bytes + waiting.size > MOST_WAITING_BYTES:
            raise UnavailableError("too much waits for the database")
        self._queue.append(waiting)
        self._queue_bytes += waiting.size
        self._has_work.set()
        alarm = loop.call_later(seconds, waiting.refuse, "the database is too slow")
        try:
            await waiting.answer
        finally:
            alarm.cancel()

    async def _write(self) -> None:
        while True:
            self._connection = connection = await self._connect()
            try:
                while not connection.closed:
                    await self._commit_together(connection, await self._take())
            except psycopg.Error as error:
                self._log("connection_lost", error)
            finally:
                await connection.close()

    async def _connect(self) -> AsyncConnection:
        seconds = FIRST_WAIT_SECONDS
        while True:
            try:
                connection = await connect(self._url)
            except psycopg.Error as error:
                if self._is_available:
                    self._log("database_away", error)
                self._is_available = False
                self._refuse(self._drain(len(self._queue)))
                await asyncio.sleep(seconds * random.uniform(0.5, 1))
                seconds = min(2 * seconds, LONGEST_WAIT_SECONDS)
            else:
                if not self._is_available:
                    log.info("database_back")
                self._is_available = True
                return connection

    async def _take(self) -> list[Waiting]:
        """What waits, up to a batch; waits until something does."""
        while True:
            await self._has_work.wait()
            if batch := self._drain(MOST_ROWS):
                return batch

    def _drain(self, most: int) -> list[Waiting]:
        """What waits now, up to `most`, without those who were answered or gave up meanwhile."""
        batch: list[Waiting] = []
        while self._queue and len(batch) < most:
            waiting = self._queue.popleft()
            self._queue_bytes -= waiting.size
            if not waiting.answer.done():
                batch.append(waiting)
        if not self._queue:
            self._has_work.clear()
        self._metrics.webhooks_waiting.set(len(self._queue))
        return batch

    async def _commit_together(self, connection: AsyncConnection, batch: list[Waiting]) -> None:
        """Commits a batch and answers. Raises psycopg.Error when the connection is to be replaced."""
        try:
            await self._insert(connection, [waiting.event for waiting in batch if waiting.event])
        except ROW_ERRORS as error:
            self._log("row_refused", error)
            if len(batch) == 1:
                self._refuse(batch)
            else:
                for waiting in batch:
                    await self._commit_together(connection, [waiting])
        except psycopg.Error:
            if connection.closed:
                self._put_back(batch)
            else:
                self._refuse(batch)
            raise
        else:
            for waiting in batch:
                waiting.confirm()

    async def _insert(self, connection: AsyncConnection, events: list[WebhookEvent]) -> None:
        alarm = asyncio.get_running_loop().call_later(COMMIT_SECONDS, cut, connection)
        started = time.perf_counter()
        try:
            if not events:
                await connection.execute("SELECT 1")
                return
            inserted = await connection.execute(
                INSERT,
                [
                    [event.provider for event in events],
                    [event.event_id for event in events],
                    [event.event_type for event in events],
                    [event.body for event in events],
                    [event.online_order for event in events],
                    [event.state for event in events],
                    [event.unreadable for event in events],
                ],
                prepare=True,
            )
        except psycopg.Error:
            self._metrics.commit_failures.inc()
            raise
        finally:
            alarm.cancel()
        self._metrics.commit_seconds.observe(time.perf_counter() - started)
        self.last_event_at = datetime.now(UTC)
        self._metrics.commit_rows.observe(len(events))
        self._metrics.webhook_duplicates.inc(len(events) - inserted.rowcount)

    def _put_back(self, batch: list[Waiting]) -> None:
        self._queue.extendleft(reversed(batch))
        self._queue_bytes += sum(waiting.size for waiting in batch)
        self._has_work.set()

    def _refuse(self, batch: list[Waiting]) -> None:
        for waiting in batch:
            waiting.refuse("the database did not take it")

    def _log(self, event: str, error: psycopg.Error) -> None:
        # Without the message's details, which may show values of the row.
        text = error.diag.message_primary or ("" if error.sqlstate else str(error))
        log.error(event, error=type(error).__name__, sqlstate=error.sqlstate, text=text)

    def _complain(self, writer: asyncio.Task[None]) -> None:
        if not writer.cancelled() and (error := writer.exception()):
            # A fault of ours. Nothing can be committed any more: end in good order, so that we are started again.
            self._is_available = False
            log.critical("writer_ended", exc_info=error)
            signal.raise_signal(signal.SIGTERM)
