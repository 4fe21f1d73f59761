"""Orders as the tests write them: what a test is about, and all else as in the example of docs/large-orders.md."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from include.config import Location, load_chain
from include.online_orders.decision import Kind, Told
from include.online_orders.order import Item, OnlineOrder

MANHATTAN: Location = load_chain().location("Manhattan")
CHICAGO: Location = load_chain().location("Chicago Loop")
# A Saturday afternoon in New York.
NOW = datetime(2026, 11, 21, 20, 10, tzinfo=UTC)


def local(text: str, location: Location = MANHATTAN, fold: int = 0) -> datetime:
    """An instant by the location's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(location.timezone), fold=fold).astimezone(UTC)


def order(total_cents: int = 60_000, due: str | None = "2026-11-22T11:30", **fields: Any) -> OnlineOrder:
    sample: dict[str, Any] = {
        "provider": "square",
        "order_id": "order-1",
        "version": 1,
        "updated_at": NOW,
        "location_name": "Manhattan",
        "provider_location": "L-1",
        "placed_at": NOW - timedelta(minutes=1),
        "due_at": local(due) if due else None,
        "total_cents": total_cents,
        "currency": "USD",
        "channel": "Square Online, pickup",
        "customer_name": "Ada Lovelace",
        "customer_phone": "+1 (212) 555-0199",
        "items": (Item("Pepperoni Pizza · Large", "20", 30_500), Item("Delivery", "1")),
    }
    return OnlineOrder(**sample | fields)


def told(total_cents: int = 60_000, due: str | None = "2026-11-22T11:30", **fields: Any) -> Told:
    sample: dict[str, Any] = {
        "alert_count": 1,
        "kind": Kind.PLACED,
        "reason": "over $500",
        "total_cents": total_cents,
        "due_at": local(due) if due else None,
        "recipients": ("shop@example.com",),
    }
    return Told(**sample | fields)
