"""Square's webhooks: what it tells of, signed its way."""

import base64
import hmac
from hashlib import sha256
from uuid import uuid4

from sandbox import webhook_queue
from sandbox.square import times
from sandbox.square.call import Call, Json, dump
from sandbox.square.locations import MERCHANT_ID
from sandbox.state import State
from sandbox.webhook_queue import Attempt, Sender

TABLES = """
CREATE TABLE IF NOT EXISTS square_webhook (url TEXT NOT NULL, first_retry_seconds REAL NOT NULL);
"""

FIRST_RETRY_SECONDS = 60.0


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
    event: Json = {
        "merchant_id": MERCHANT_ID,
        "type": event_type,
        "event_id": str(uuid4()),
        "created_at": call.updated_at,
        "data": {"type": data_type, "id": data_id, "object": about},
    }
    webhook_queue.enqueue(call.state, SENDER.name, event["event_id"], dump(event))


def _headers(state: State, attempt: Attempt) -> dict[str, str]:
    headers = {
        "x-square-hmacsha256-signature": signature(state.settings.webhook_key, attempt.url, attempt.body),
        "square-environment": "Sandbox",
        "square-initial-delivery-timestamp": times.rfc3339(attempt.first_sent_at),
    }
    if attempt.retry_number:
        headers |= {"square-retry-number": str(attempt.retry_number), "square-retry-reason": attempt.retry_reason}
    return headers


# Doubling from a minute, the eleventh retry comes within Square's 24 hours.
SENDER = Sender("square", subscription, _headers, most_retries=11)
