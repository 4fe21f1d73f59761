"""Webhooks on their way out: a persistent queue, repeated until they are taken."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Row
from typing import TYPE_CHECKING

from sandbox.state import State

if TYPE_CHECKING:
    import httpx

TABLES = """
CREATE TABLE IF NOT EXISTS webhook (
    event_id TEXT PRIMARY KEY, sender TEXT NOT NULL, body BLOB NOT NULL, retry_number INTEGER NOT NULL DEFAULT 0,
    retry_reason TEXT NOT NULL DEFAULT '', first_sent_at TEXT NOT NULL DEFAULT '', due_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS webhook_due_at ON webhook (due_at);
"""

TIMEOUT_SECONDS = 10.0
AT_ONCE = 16


@dataclass(frozen=True)
class Attempt:
    """`first_sent_at` is the time of the first attempt; `retry_reason` why there is another, empty the first time."""

    url: str
    event_id: str
    body: bytes
    retry_number: int
    retry_reason: str
    first_sent_at: datetime


@dataclass(frozen=True)
class Sender:
    """Who sends. `destination` is the URL, empty for nowhere, and the seconds before the first retry; each further
    wait is twice as long. `headers` sign an attempt."""

    name: str
    destination: Callable[[State], tuple[str, float]]
    headers: Callable[[State, Attempt], dict[str, str]]
    most_retries: int


def enqueue(state: State, sender: str, event_id: str, body: bytes) -> None:
    """In the caller's transaction, so that the event is sent if and only if what it tells of is kept."""
    state.db.execute(
        "INSERT INTO webhook (event_id, sender, body, due_at) VALUES (?, ?, ?, ?)",
        (event_id, sender, body, time.time()),
    )
    state.events_due.set()


@asynccontextmanager
async def delivering(state: State, senders: Iterable[Sender]) -> AsyncIterator[None]:
    """Sends queued events while the context lasts."""
    task = asyncio.create_task(_deliver(state, {sender.name: sender for sender in senders}))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _deliver(state: State, senders: dict[str, Sender]) -> None:
    while not state.db.execute("SELECT 1 FROM webhook LIMIT 1").fetchone():
        state.events_due.clear()
        await state.events_due.wait()
    import httpx  # here, because it takes a fifth of the time in which a sandbox without webhooks starts

    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        while True:
            state.events_due.clear()
            now = time.time()
            queued = state.db.execute("SELECT * FROM webhook ORDER BY due_at LIMIT ?", (AT_ONCE,)).fetchall()
            if due := [event for event in queued if event["due_at"] <= now]:
                await asyncio.gather(*(_send(state, senders[event["sender"]], client, event) for event in due))
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(state.events_due.wait(), queued[0]["due_at"] - now if queued else None)


async def _send(state: State, sender: Sender, client: "httpx.AsyncClient", event: Row) -> None:
    url, first_retry_seconds = sender.destination(state)
    first_sent_at = datetime.fromisoformat(event["first_sent_at"]) if event["first_sent_at"] else datetime.now(UTC)
    attempt = Attempt(
        url, event["event_id"], event["body"], event["retry_number"], event["retry_reason"], first_sent_at
    )
    reason = await _post(client, url, event["body"], sender.headers(state, attempt))
    if reason is None or not url or event["retry_number"] >= sender.most_retries:
        state.db.execute("DELETE FROM webhook WHERE event_id = ?", (event["event_id"],))
        return
    wait = first_retry_seconds * 2 ** event["retry_number"]
    state.db.execute(
        "UPDATE webhook SET retry_number = retry_number + 1, retry_reason = ?, first_sent_at = ?, due_at = ? "
        "WHERE event_id = ?",
        (reason, first_sent_at.isoformat(), time.time() + wait, event["event_id"]),
    )


async def _post(client: "httpx.AsyncClient", url: str, body: bytes, headers: dict[str, str]) -> str | None:
    """None if the event was taken, else the reason for the retry, in Square's words."""
    import httpx

    try:
        answer = await client.post(url, content=body, headers={"Content-Type": "application/json", **headers})
    except httpx.TimeoutException:
        return "http_timeout"
    except (httpx.TransportError, httpx.UnsupportedProtocol, httpx.InvalidURL):
        return "other_error"
    return None if answer.is_success else "http_error"
