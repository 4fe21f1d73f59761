"""The demo chain's locations at the stand-in for Square, customers who order there, and the listener's hand."""

import json
from datetime import datetime, timedelta
from typing import Any

from include.config import load_chain
from include.square.client import square_client
from include.square.raw import closing
from include.square.setup.locations import set_up_locations
from tests.conftest import Database
from tests.include.online_orders.samples import MANHATTAN
from tests.sandbox_process import Sandbox

Json = dict[str, Any]


def tomorrow(hour: int, minute: int = 0) -> datetime:
    """A time of Manhattan's next day."""
    day = datetime.now(MANHATTAN.zone) + timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


class Seller:
    """:param sandbox: what the connection square_default names."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self.sandbox = sandbox
        self.listener = database.connect("storekeeper_listener")
        self._event_count = 0
        with closing(square_client()) as client:
            self.location_ids, _ = set_up_locations(client, load_chain())

    def order(self, cents: int = 60_000, due_at: datetime | None = None, location: str = "Manhattan") -> Json:
        """One for pickup, placed through Square's own API; for tomorrow 11:30 unless due_at says otherwise."""
        self._event_count += 1
        pickup = {
            "recipient": {"display_name": "Ada Lovelace", "phone_number": "+12125550199"},
            "pickup_at": (due_at or tomorrow(11, 30)).isoformat(),
        }
        order = {
            "location_id": self.location_ids[location],
            "source": {"name": "Square Online"},
            "line_items": [{"name": "Party platter", "quantity": "1", "base_price_money": _usd(cents)}],
            "fulfillments": [{"uid": "f", "type": "PICKUP", "state": "PROPOSED", "pickup_details": pickup}],
        }
        body = {"idempotency_key": f"order {self._event_count}", "order": order}
        placed: Json = self.sandbox.request("POST", "/square/v2/orders", json=body).json()["order"]
        return placed

    def change(self, order: Json, **fields: Any) -> Json:
        wish = {"order": {"location_id": order["location_id"], "version": order["version"], **fields}}
        path = f"/square/v2/orders/{order['id']}"
        changed: Json = self.sandbox.request("PUT", path, json=wish).json()["order"]
        return changed

    def reprice(self, order: Json, cents: int) -> Json:
        line = {"uid": order["line_items"][0]["uid"], "base_price_money": _usd(cents)}
        return self.change(order, line_items=[line])

    def tell(self, order: Json, kind: str = "updated") -> None:
        """The event of a version of an order, as Square writes it and the listener keeps it."""
        about = {"order_id": order["id"], "version": order["version"], "state": order["state"]}
        data = {"type": f"order_{kind}", "id": order["id"], "object": {f"order_{kind}": about}}
        self.write("square", f"order.{kind}", {"type": f"order.{kind}", "data": data})

    def place(self, **fields: Any) -> None:
        """An event of another platform, in the listener's words."""
        event = fields.setdefault("event", "created")
        order = {
            "order_id": "eats-1",
            "is_cancelled": event == "cancelled",
            "placed_at": datetime.now(MANHATTAN.zone).isoformat(),
            "due_at": tomorrow(11, 30).isoformat(),
            "total_cents": 60_000,
            "currency": "USD",
            "location": "Manhattan",
            "customer_name": "Ada Lovelace",
            "customer_phone": "+12125550199",
            "customer_email": "ada@example.org",
            "channel": "web",
            "items": [{"name": "Party platter", "quantity": "1", "total_cents": 60_000}],
        } | fields
        self.write("demo-eats", f"order.{event}", {"type": f"order.{event}"}, order)

    def write(self, provider: str, event_type: str, body: Json, online_order: Json | None = None) -> None:
        self._event_count += 1
        self.listener.execute(
            """
            INSERT INTO inbox.webhook_event (provider, event_id, event_type, body, online_order)
            VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            [
                provider,
                f"event-{self._event_count}",
                event_type,
                json.dumps(body).encode(),
                online_order and json.dumps(online_order),
            ],
        )
        self.listener.commit()

    def subjects(self) -> list[str]:
        """Of the mails that arrived, the oldest first."""
        return [mail["subject"] for mail in reversed(self.sandbox.request("GET", "/sandbox/mails").json())]


def _usd(cents: int) -> Json:
    return {"amount": cents, "currency": "USD"}
