"""An online order: as somebody wishes for it, and as it is kept."""

import sqlite3
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from sandbox.online_orders.basket import Line
from sandbox.people import Person

TABLES = """
CREATE TABLE IF NOT EXISTS online_order (
    number INTEGER PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, change_count INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL
);
"""

Provider = Literal["square", "demo-eats"]
MOST = 100_000


class OrderError(Exception):
    """The order cannot be placed or changed; the message says why."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order to place. `due_at`: `2026-11-22T11:30` or `tomorrow 11:30` by the location's clock, or with an offset.

    Without `customer_name` anybody orders.
    """

    location: str
    amount: Decimal
    due_at: str
    provider: Provider = "square"
    customer_name: str = ""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be different; None leaves it as it is."""

    amount: Decimal | None = None
    due_at: str | None = None
    cancelled: bool | None = None


class OnlineOrder(msgspec.Struct, frozen=True):
    """`order_id` is the provider's; `zone` the location's; the lines add up to the amount, but for Square's taxes."""

    order_id: str
    provider: Provider
    location_id: str
    location: str
    zone: str
    amount_cents: int
    currency: str
    due_at: datetime
    placed_at: datetime
    customer: Person
    lines: list[Line]
    is_cancelled: bool = False


def cents(amount: Decimal) -> int:
    """Raises OrderError if nobody orders for so much or so little."""
    if not amount.is_finite() or not 0 < amount <= MOST or amount != round(amount, 2):
        raise OrderError(f"the amount must lie between 0.01 and {MOST}, with two decimals at most")
    return int(amount * 100)


def due(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """In the zone. Raises OrderError if the text is no time."""
    day, _, clock = text.partition(" ")
    if day == "tomorrow":
        text = f"{now.astimezone(zone).date() + timedelta(days=1)}T{clock}"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise OrderError(f"{text!r} is no time: write 2026-11-22T11:30, or tomorrow 11:30") from None
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def save(db: sqlite3.Connection, order: OnlineOrder) -> None:
    db.execute(
        "INSERT INTO online_order (order_id, body) VALUES (?, ?)"
        " ON CONFLICT (order_id) DO UPDATE SET body = excluded.body, change_count = change_count + 1",
        (order.order_id, msgspec.json.encode(order)),
    )


def find(db: sqlite3.Connection, order_id: str) -> OnlineOrder | None:
    row = db.execute("SELECT body FROM online_order WHERE order_id = ?", (order_id,)).fetchone()
    return _read(row["body"]) if row else None


def newest(db: sqlite3.Connection, most: int) -> list[OnlineOrder]:
    rows = db.execute("SELECT body FROM online_order ORDER BY number DESC LIMIT ?", (most,))
    return [_read(row["body"]) for row in rows]


def _read(body: bytes) -> OnlineOrder:
    order = msgspec.json.decode(body, type=OnlineOrder)
    return msgspec.structs.replace(order, due_at=order.due_at.astimezone(ZoneInfo(order.zone)))
