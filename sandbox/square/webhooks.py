"""Square's webhooks: signed events from a persistent queue, repeated until they are taken."""

import asyncio
import base64
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from sqlite3 import Row
from typing import TYPE_CHECKING
from uuid import uuid4

from sandbox.square import times
from sandbox.square.call import Call, Json, dump
from sandbox.square.locations import MERCHANT_ID
from sandbox.state import State

if TYPE_CHECKING:
    import httpx

TABLES = """
CREATE TABLE IF NOT EXISTS square_webhook (url TEXT NOT NULL, first_retry_seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS square_event (
    event_id TEXT PRIMARY KEY, body BLOB NOT NULL, retry_number INTEGER NOT NULL DEFAULT 0, retry_reason TEXT,
    first_sent_at TEXT, due_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS square_event_due_at ON square_event (due_at);
"""

FIRST_RETRY_SECONDS = 60.0
MOST_RETRIES = 11  # doubling from a minute: the last one comes within Square's 24 hours
TIMEOUT_SECONDS = 10.0
AT_ONCE = 16


def subscribe(state: State, url: str, first_retry_seconds: float = FIRST_RETRY_SECONDS) -> None:
    """Sends events to `url` from now on; to nobody if it is empty."""
    with state.transaction() as db:
        db.execute("DELETE FROM square_webhook")
        db.execute("INSERT INTO square_webhook VALUES (?, ?)", (url, first_retry_seconds))


def subscription(state: State) -> tuple[str, float]:
    """The URL, empty if there is none, and the wait before the first retry."""
    row = state.db.execute("SELECT url, first_retry_seconds FROM square_webhook").fetchone()
    return (row["url"], row["first_retry_seconds"]) if row else (state.settings.webhook_url, FIRST_RETRY_SECONDS)


def signature(key: str, url: str, body: bytes) -> str:
    """The header `x-square-hmacsha256-signature`."""
    return base64.b64encode(hmac.digest(key.encode(), url.encode() + body, sha256)).decode()


def order_created(call: Call, order: Json) -> None:
    fields = ("created_at", "location_id", "state", "version")
    about = {name: order[name] for name in fields} | {"order_id": order["id"]}
    _emit(call, "order.created", "order_created", order["id"], {"order_created": about})


def order_updated(call: Call, order: Json) -> None:
    fields = ("created_at", "location_id", "state", "updated_at", "version")
    about = {name: order[name] for name in fields} | {"order_id": order["id"]}
    _emit(call, "order.updated", "order_updated", order["id"], {"order_updated": about})


def payment_changed(call: Call, event: str, payment: Json) -> None:
    """`event` is `created` or `updated`."""
    _emit(call, f"payment.{event}", "payment", payment["id"], {"payment": payment})


def refund_created(call: Call, refund: Json) -> None:
    _emit(call, "refund.created", "refund", refund["id"], {"refund": refund})


def counts_changed(call: Call, counts: list[Json]) -> None:
    _emit(call, "inventory.count.updated", "inventory_counts", str(uuid4()), {"inventory_counts": counts})


def catalog_changed(call: Call, updated_at: str) -> None:
    about = {"catalog_version": {"updated_at": updated_at}}
    _emit(call, "catalog.version.updated", "catalog_version", str(uuid4()), about)


def _emit(call: Call, event_type: str, data_type: str, data_id: str, about: Json) -> None:
    """Queues the event in the caller's transaction, so that it is sent if and only if the change is kept."""
    if not subscription(call.state)[0]:
        return
    event = {
        "merchant_id": MERCHANT_ID,
        "type": event_type,
        "event_id": str(uuid4()),
        "created_at": call.updated_at,
        "data": {"type": data_type, "id": data_id, "object": about},
    }
    call.db.execute(
        "INSERT INTO square_event (event_id, body, due_at) VALUES (?, ?, ?)",
        (event["event_id"], dump(event), time.time()),
    )
    call.state.events_due.set()


@asynccontextmanager
async def delivering(state: State) -> AsyncIterator[None]:
    """Sends queued events while the context lasts."""
    task = asyncio.create_task(_deliver(state))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _deliver(state: State) -> None:
    while not state.db.execute("SELECT 1 FROM square_event LIMIT 1").fetchone():
        state.events_due.clear()
        await state.events_due.wait()
    import httpx  # here, because it takes a fifth of the time in which a sandbox without webhooks starts

    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        while True:
            state.events_due.clear()
            now = time.time()
            queued = state.db.execute("SELECT * FROM square_event ORDER BY due_at LIMIT ?", (AT_ONCE,)).fetchall()
            if due := [event for event in queued if event["due_at"] <= now]:
                await asyncio.gather(*(_send(state, client, event) for event in due))
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(state.events_due.wait(), queued[0]["due_at"] - now if queued else None)


async def _send(state: State, client: "httpx.AsyncClient", event: Row) -> None:
    url, first_retry_seconds = subscription(state)
    first_sent_at = event["first_sent_at"] or times.rfc3339(datetime.now(UTC))
    headers = {
        "Content-Type": "application/json",
        "x-square-hmacsha256-signature": signature(state.settings.webhook_key, url, event["body"]),
        "square-environment": "Sandbox",
        "square-initial-delivery-timestamp": first_sent_at,
    }
    if event["retry_number"]:
        headers |= {"square-retry-number": str(event["retry_number"]), "square-retry-reason": event["retry_reason"]}
    reason = await _post(client, url, event["body"], headers)
    if reason is None or not url or event["retry_number"] >= MOST_RETRIES:
        state.db.execute("DELETE FROM square_event WHERE event_id = ?", (event["event_id"],))
        return
    wait = first_retry_seconds * 2 ** event["retry_number"]
    state.db.execute(
        "UPDATE square_event SET retry_number = retry_number + 1, retry_reason = ?, first_sent_at = ?, due_at = ? "
        "WHERE event_id = ?",
        (reason, first_sent_at, time.time() + wait, event["event_id"]),
    )


async def _post(client: "httpx.AsyncClient", url: str, body: bytes, headers: dict[str, str]) -> str | None:
    """None if the event was taken, else Square's reason for the retry."""
    import httpx

    try:
        answer = await client.post(url, content=body, headers=headers)
    except httpx.TimeoutException:
        return "http_timeout"
    except (httpx.TransportError, httpx.UnsupportedProtocol, httpx.InvalidURL):
        return "other_error"
    return None if answer.is_success else "http_error"
