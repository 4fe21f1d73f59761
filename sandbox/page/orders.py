"""The latest orders at the Square seller, as the page shows them."""

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.page.rendering import money
from sandbox.square import order_store
from sandbox.state import State

MOST_ITEMS = 3


@dataclass(frozen=True)
class Order:
    """``created_at`` is in the location's time zone; the total of a return is what it gives back, below zero."""

    created_at: datetime
    location: str
    items: str
    total: str
    state: str


def newest(state: State, most: int) -> list[Order]:
    bodies = [json.loads(row["body"]) for row in state.db.execute("SELECT body FROM square_location")]
    locations = {body["id"]: body for body in bodies}
    shown = []
    for order in order_store.latest(state.db, most):
        location = locations.get(order["location_id"], {})
        zone = ZoneInfo(location.get("timezone", "UTC"))
        net = order.get("net_amounts", order).get("total_money", {})
        returned = [line for each in order.get("returns", []) for line in each.get("return_line_items", [])]
        shown.append(
            Order(
                created_at=datetime.fromisoformat(order["created_at"]).astimezone(zone),
                location=location.get("name", order["location_id"]),
                items=_items(
                    [f"{line['quantity']} {line.get('name', 'Item')}" for line in order.get("line_items") or returned]
                ),
                total=money(net.get("amount", 0), net.get("currency", "USD")),
                state="Returned" if returned else order["state"].capitalize(),
            )
        )
    return shown


def _items(lines: list[str]) -> str:
    more = len(lines) - MOST_ITEMS
    return ", ".join(lines[:MOST_ITEMS]) + (f" and {more} more" if more > 0 else "")
