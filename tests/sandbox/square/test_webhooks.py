"""Webhooks: signed as the SDK checks it, repeated until taken, sent only for what was kept."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from square import Square
from square.core.api_error import ApiError
from square.utils.webhooks_helper import verify_signature

from tests.sandbox.receiver import Receiver, receiving
from tests.sandbox.square.conftest import Menu, usd
from tests.sandbox_process import Sandbox


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Receiver]:
    with receiving() as receiver:
        receiver.url += "/webhooks/square"
        sandbox.request("PUT", "/sandbox/webhook", json={"url": receiver.url, "first_retry_seconds": 0.1})
        yield receiver


def test_the_signature_is_the_one_that_the_sdk_checks(
    receiver: Receiver, sandbox: Sandbox, place_order: Callable[..., Any]
) -> None:
    order = place_order()
    headers, body = receiver.taken.get(timeout=10)
    signature = headers["x-square-hmacsha256-signature"]
    check: dict[str, Any] = {"signature_key": sandbox.webhook_key, "notification_url": receiver.url}
    assert verify_signature(request_body=body.decode(), signature_header=signature, **check)
    assert not verify_signature(request_body=body.decode() + " ", signature_header=signature, **check)
    event = json.loads(body)
    assert (event["type"], event["data"]["id"]) == ("order.created", order.id)
    assert event["data"]["object"]["order_created"]["version"] == 1
    assert "square-retry-number" not in headers


def test_selling_and_refunding_tells_its_story(
    receiver: Receiver, square: Square, place_order: Callable[..., Any], pay: Callable[..., Any]
) -> None:
    payment = pay(place_order())
    money: Any = usd(1000)
    square.refunds.refund_payment(idempotency_key="refund", payment_id=payment.id, amount_money=money)
    assert sorted(receiver.types(5)) == [
        "order.created",
        "order.updated",
        "payment.created",
        "payment.updated",
        "refund.created",
    ]


def test_a_changed_catalog_is_told(menu: Menu, receiver: Receiver, square: Square) -> None:
    square.catalog.object.delete(object_id=menu["#tax"])
    assert receiver.types(1) == ["catalog.version.updated"]


def test_stock_is_told_with_its_counts(menu: Menu, receiver: Receiver, square: Square, location: Any) -> None:
    count: Any = {
        "catalog_object_id": menu["#small"],
        "location_id": location.id,
        "state": "IN_STOCK",
        "quantity": "3",
        "occurred_at": square.catalog.object.get(object_id=menu["#small"]).object.updated_at,
    }
    changes: Any = [{"type": "PHYSICAL_COUNT", "physical_count": count}]
    square.inventory.batch_create_changes(idempotency_key="count", changes=changes)
    _, event = receiver.next()
    assert event["type"] == "inventory.count.updated"
    assert event["data"]["object"]["inventory_counts"][0]["quantity"] == "3"


def test_an_event_is_repeated_under_its_id_until_it_is_taken(
    receiver: Receiver, place_order: Callable[..., Any]
) -> None:
    receiver.statuses = [500, 503]
    place_order()
    deliveries = [receiver.next() for _ in range(3)]
    assert len({event["event_id"] for _, event in deliveries}) == 1
    assert [headers.get("square-retry-number") for headers, _ in deliveries] == [None, "1", "2"]
    assert {headers.get("square-retry-reason") for headers, _ in deliveries[1:]} == {"http_error"}
    assert receiver.taken.empty()


def test_a_refused_change_is_not_told(
    receiver: Receiver, square: Square, place_order: Callable[..., Any], pay: Callable[..., Any]
) -> None:
    order = place_order()
    declined: Any = {"source_id": "cnon:card-nonce-declined", "amount_money": usd(1000), "order_id": order.id}
    with pytest.raises(ApiError):
        square.payments.create(idempotency_key="declined", **declined)
    pay(order)
    assert sorted(receiver.types(3)) == ["order.created", "order.updated", "payment.created"]
