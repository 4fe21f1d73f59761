"""large_orders as a whole DAG: from an event in the inbox, through the stand-in, to a mail in its inbox."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from airflow.models.dagrun import DagRun

from include.config import load_chain
from include.square.client import square_client
from include.square.raw import closing
from include.square.setup import set_up
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.sandbox_process import Sandbox

Json = dict[str, Any]
MANHATTAN = load_chain().location("Manhattan")


def tomorrow(clock: str) -> datetime:
    day = datetime.now(MANHATTAN.zone).date() + timedelta(days=1)
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), MANHATTAN.zone)  # noqa: DTZ007


class Seller:
    """The demo chain at the stand-in, and the listener's hand in the inbox."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self.sandbox = sandbox
        self.database = database
        with closing(square_client()) as client:
            set_up(client, load_chain())
        found = sandbox.request("GET", "/square/v2/locations").json()["locations"]
        self.location_ids = {location["name"]: location["id"] for location in found}

    def order(self, cents: int, due_at: datetime, location: str = "Manhattan") -> Json:
        """Placed through Square's own API, for pickup."""
        pickup = {
            "recipient": {"display_name": "Ada Lovelace", "phone_number": "+12125550199"},
            "pickup_at": due_at.isoformat(),
        }
        order = {
            "location_id": self.location_ids[location],
            "source": {"name": "Square Online"},
            "line_items": [
                {"name": "Party platter", "quantity": "1", "base_price_money": {"amount": cents, "currency": "USD"}}
            ],
            "fulfillments": [{"uid": "f", "type": "PICKUP", "state": "PROPOSED", "pickup_details": pickup}],
        }
        body = {"idempotency_key": f"{cents} {due_at} {location}", "order": order}
        placed: Json = self.sandbox.request("POST", "/square/v2/orders", json=body).json()["order"]
        return placed

    def change(self, order: Json, **fields: Any) -> Json:
        wish = {"order": {"location_id": order["location_id"], "version": order["version"], **fields}}
        path = f"/square/v2/orders/{order['id']}"
        changed: Json = self.sandbox.request("PUT", path, json=wish).json()["order"]
        return changed

    def reprice(self, order: Json, cents: int) -> Json:
        line = {"uid": order["line_items"][0]["uid"], "base_price_money": {"amount": cents, "currency": "USD"}}
        return self.change(order, line_items=[line])

    def event(self, event_id: str, order: Json, kind: str = "created") -> None:
        about = {"order_id": order["id"], "version": order["version"], "state": order["state"]}
        data = {"type": f"order_{kind}", "id": order["id"], "object": {f"order_{kind}": about}}
        body = {"type": f"order.{kind}", "event_id": event_id, "data": data}
        self.write("square", event_id, f"order.{kind}", body, None)

    def write(self, provider: str, event_id: str, event_type: str, body: Json, online_order: Json | None) -> None:
        with self.database.connect("storekeeper_listener") as connection:
            connection.execute(
                """
                INSERT INTO inbox.webhook_event (provider, event_id, event_type, body, online_order)
                VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
                """,
                [provider, event_id, event_type, json.dumps(body).encode(), online_order and json.dumps(online_order)],
            )

    def mails(self) -> list[Json]:
        mails: list[Json] = self.sandbox.request("GET", "/sandbox/mails").json()
        return mails


@pytest.fixture
def seller(airflow: Airflow, sandbox: Sandbox, database: Database) -> Seller:
    assert airflow, "its connections lead to the stand-in"
    return Seller(sandbox, database)


def counts(run: DagRun) -> Json:
    assert run.state == "success"
    (instance,) = run.get_task_instances()
    left: Json = instance.xcom_pull(task_ids="watch")
    return left


def rows(database: Database, query: str) -> list[Any]:
    with database.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_large_order_is_one_mail_to_the_right_people(airflow: Airflow, seller: Seller, database: Database) -> None:
    order = seller.order(60_000, tomorrow("11:30"))
    seller.event("e1", order)
    seller.event("e2", order, "updated")

    assert counts(airflow.run("large_orders")) == {"events": 2, "put_back": 0, "dead": 0, "sent": 1}
    assert counts(airflow.run("large_orders"))["sent"] == 0

    (mail,) = seller.mails()
    assert mail["subject"] == f"Large order: $600 for {tomorrow('11:30'):%a, %b %-d}, 11:30, Manhattan"
    assert rows(database, "SELECT kind, reason, recipients FROM online_orders.alert") == [
        ("placed", "over $500 and due 30 min after opening", ["manhattan@example.com"])
    ]
    assert rows(database, "SELECT DISTINCT state FROM inbox.webhook_event") == [("handled",)]
