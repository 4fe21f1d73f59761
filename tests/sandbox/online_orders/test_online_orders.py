"""Online orders: the seller's own at Square, and those of a platform that tells of them."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from square import Square

from tests.sandbox.receiver import Receiver, receiving
from tests.sandbox.square.conftest import Menu
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.usefixtures("location", "menu")

DUE = "2026-12-24T11:30"
DUE_IN_UTC = "2026-12-24T16:30:00.000Z"


def place(sandbox: Sandbox, **wish: Any) -> Any:
    wish = {"location": "Manhattan", "amount": "600.00", "due_at": DUE, **wish}
    return sandbox.request("POST", "/sandbox/online-orders", json=wish).json()


def change(sandbox: Sandbox, order: Any, **wish: Any) -> Any:
    return sandbox.request("PATCH", f"/sandbox/online-orders/{order['order_id']}", json=wish).json()


def at_square(square: Square, order: Any) -> Any:
    return square.orders.get(order_id=order["order_id"]).order


@pytest.fixture
def square_events(sandbox: Sandbox) -> Iterator[Receiver]:
    with receiving() as receiver:
        sandbox.request("PUT", "/sandbox/webhook", json={"url": receiver.url})
        yield receiver


@pytest.fixture
def platform_events(sandbox: Sandbox) -> Iterator[Receiver]:
    with receiving(sandbox.listener_port) as receiver:
        yield receiver


@pytest.mark.parametrize("amount", ["600.00", "599.99", "12.34", "0.01", "25000"])
def test_a_square_order_costs_exactly_what_was_asked(sandbox: Sandbox, square: Square, amount: str) -> None:
    order = at_square(square, place(sandbox, amount=amount))
    assert order.total_money.amount == round(float(amount) * 100)
    assert order.net_amount_due_money.amount == 0
    assert sum(line.total_money.amount for line in order.line_items) == order.total_money.amount


def test_a_large_square_order_is_made_of_the_menu_with_its_taxes(sandbox: Sandbox, square: Square, menu: Menu) -> None:
    order = at_square(square, place(sandbox))
    assert {line.catalog_object_id for line in order.line_items} == {menu["#small"], menu["#large"], None}
    assert order.total_tax_money.amount > 0


def test_a_square_order_is_paid_and_waits_to_be_picked_up(sandbox: Sandbox, square: Square) -> None:
    order = at_square(square, place(sandbox, customer_name="Ana Ruiz"))
    (pickup,) = order.fulfillments
    assert (order.state, pickup.type, pickup.state) == ("OPEN", "PICKUP", "PROPOSED")
    assert pickup.pickup_details.pickup_at == DUE_IN_UTC
    assert pickup.pickup_details.recipient.display_name == "Ana Ruiz"
    assert len(order.tenders) == 1


def test_square_tells_of_the_order_and_its_payment(sandbox: Sandbox, square_events: Receiver) -> None:
    order = place(sandbox)
    events = [square_events.next()[1] for _ in range(3)]
    assert sorted(event["type"] for event in events) == ["order.created", "order.updated", "payment.created"]
    ids = {event["data"]["id"] for event in events if event["data"]["type"].startswith("order")}
    assert ids == {order["order_id"]}


@pytest.mark.parametrize("amount", ["900.00", "45.50"])
def test_a_changed_square_order_costs_the_new_amount(sandbox: Sandbox, square: Square, amount: str) -> None:
    placed = place(sandbox)
    change(sandbox, placed, amount=amount)
    order = at_square(square, placed)
    assert order.total_money.amount == round(float(amount) * 100)
    assert order.net_amount_due_money.amount == order.total_money.amount - 60000


def test_a_square_order_may_be_due_at_another_time(sandbox: Sandbox, square: Square, square_events: Receiver) -> None:
    placed = place(sandbox)
    before = at_square(square, placed)
    change(sandbox, placed, due_at="2026-12-24T18:00")
    after = at_square(square, placed)
    assert after.fulfillments[0].pickup_details.pickup_at == "2026-12-24T23:00:00.000Z"
    assert after.line_items == before.line_items
    assert sorted(square_events.types(4)).count("order.updated") == 2


def test_a_cancelled_square_order_is_told_as_such(sandbox: Sandbox, square: Square, square_events: Receiver) -> None:
    placed = place(sandbox)
    assert change(sandbox, placed, cancelled=True)["is_cancelled"]
    order = at_square(square, placed)
    assert (order.state, order.fulfillments[0].state) == ("CANCELED", "CANCELED")
    updates = [event for _, event in (square_events.next() for _ in range(4)) if event["type"] == "order.updated"]
    assert {event["data"]["object"]["order_updated"]["state"] for event in updates} == {"OPEN", "CANCELED"}


def test_the_platform_signs_what_it_tells(sandbox: Sandbox, platform_events: Receiver) -> None:
    place(sandbox, provider="demo-eats")
    headers, body = platform_events.taken.get(timeout=10)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(sandbox.order_secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert platform_events.paths == ["/webhooks/orders/demo-eats"]


def test_the_platform_tells_what_was_ordered(sandbox: Sandbox, platform_events: Receiver) -> None:
    placed = place(sandbox, provider="demo-eats", customer_name="Ana Ruiz")
    _, event = platform_events.next()
    data = event["data"]
    assert event["type"] == "order.created"
    assert data["id"] == placed["order_id"]
    assert (data["store"], data["channel"]) == ("Manhattan", "web")
    assert data["ready_by"] == "2026-12-24T11:30:00-05:00"
    assert data["total"] == {"amount": "600.00", "currency": "USD"}
    assert data["customer"].keys() == {"name", "phone", "email"}
    assert sum(line["qty"] * round(float(line["price"]) * 100) for line in data["lines"]) == 60000


def test_the_platform_tells_of_changes(sandbox: Sandbox, platform_events: Receiver) -> None:
    placed = place(sandbox, provider="demo-eats")
    change(sandbox, placed, amount=812.5)
    change(sandbox, placed, cancelled=True)
    events = [platform_events.next()[1] for _ in range(3)]
    by_type = {event["type"]: event["data"] for event in events}
    assert by_type.keys() == {"order.created", "order.updated", "order.cancelled"}
    assert by_type["order.updated"]["total"]["amount"] == "812.50"
    assert {data["id"] for data in by_type.values()} == {placed["order_id"]}


def test_the_platform_repeats_what_was_not_taken_and_signs_it_anew(sandbox: Sandbox, platform_events: Receiver) -> None:
    platform_events.statuses = [503]
    place(sandbox, provider="demo-eats")
    (first, _), (second, _) = platform_events.next(), platform_events.next()
    assert first["webhook-id"] == second["webhook-id"]
    assert int(first["webhook-timestamp"]) < int(second["webhook-timestamp"])
    assert first["webhook-signature"] != second["webhook-signature"]


def test_tomorrow_is_the_locations(sandbox: Sandbox) -> None:
    due_at = datetime.fromisoformat(place(sandbox, due_at="tomorrow 11:30")["due_at"])
    zone = due_at.tzinfo
    assert due_at.hour == 11
    assert (due_at.date() - datetime.now(zone).date()).days == 1


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "two decimals"),
        ({"amount": "NaN"}, "amount"),
        ({"due_at": "soon"}, "no time"),
        ({"location": "Atlantis"}, "there are Manhattan"),
        ({"provider": "fax"}, "fax"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_order_that_cannot_be_is_refused(sandbox: Sandbox, wish: dict[str, str], reason: str) -> None:
    with pytest.raises(httpx.HTTPStatusError) as error:
        place(sandbox, **wish)
    assert error.value.response.status_code == 400
    assert reason in error.value.response.json()["detail"]


def test_a_cancelled_order_stays_cancelled(sandbox: Sandbox) -> None:
    placed = place(sandbox)
    change(sandbox, placed, cancelled=True)
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        change(sandbox, placed, amount="700")


def test_an_unknown_order_cannot_be_changed(sandbox: Sandbox) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        change(sandbox, {"order_id": "x"}, amount="700")


def test_orders_are_placed_with_the_token_only(sandbox: Sandbox) -> None:
    assert httpx.post(f"{sandbox.url}/sandbox/online-orders", json={}).status_code == 401
