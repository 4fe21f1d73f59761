"""An ordering platform that tells the chain of its orders by webhooks signed after https://www.standardwebhooks.com."""

import base64
import hmac
import time
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Literal
from uuid import uuid4

from sandbox import webhook_queue
from sandbox.online_orders.order import OnlineOrder
from sandbox.square.call import Json, dump
from sandbox.state import State
from sandbox.webhook_queue import Attempt, Sender

NAME = "demo-eats"
FIRST_RETRY_SECONDS = 2.0

Event = Literal["order.created", "order.updated", "order.cancelled"]


def tell(state: State, event: Event, order: OnlineOrder) -> None:
    """In the caller's transaction."""
    body = {"type": event, "timestamp": datetime.now(UTC).isoformat(), "data": _data(order)}
    webhook_queue.enqueue(state, SENDER.name, f"msg_{uuid4().hex}", dump(body))


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`. `secret` is written as `whsec_` and base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, f"{event_id}.{timestamp}.".encode() + body, sha256)).decode()


def _data(order: OnlineOrder) -> Json:
    lines = [{"title": line.name, "qty": line.quantity, "price": _decimal(line.unit_cents)} for line in order.lines]
    customer = order.customer
    return {
        "id": order.order_id,
        "placed_at": order.placed_at.isoformat(),
        "ready_by": order.due_at.isoformat(),
        "store": order.location,
        "total": {"amount": _decimal(order.amount_cents), "currency": order.currency},
        "customer": {"name": customer.name, "phone": customer.phone, "email": customer.email},
        "channel": "web",
        "lines": lines,
    }


def _decimal(cents: int) -> str:
    return str(Decimal(cents).scaleb(-2))


def _destination(state: State) -> tuple[str, float]:
    url = state.settings.listener_url
    return f"{url}/webhooks/orders/{NAME}" if url else "", FIRST_RETRY_SECONDS


def _headers(state: State, attempt: Attempt) -> dict[str, str]:
    timestamp = int(time.time())  # of the attempt: who receives it takes no old ones
    return {
        "webhook-id": attempt.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(state.settings.order_secret, attempt.event_id, timestamp, attempt.body),
    }


# Doubling from two seconds, the fifteenth retry comes after 18 hours.
SENDER = Sender(NAME, _destination, _headers, most_retries=15)
