import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from include.config.large_orders import SquareOrders
from include.online_orders.order import Item, OnlineOrder
from include.online_orders.square_order import SquareOrder, duration, is_online, order_of_square, read_square_order

Json = dict[str, Any]
PLACED_AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
PICKUP_AT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
RECIPIENT = {"display_name": "Ada Lovelace", "phone_number": "+12125550199"}
PICKUP = {
    "type": "PICKUP",
    "state": "PROPOSED",
    "pickup_details": {"recipient": RECIPIENT, "pickup_at": "2026-11-22T16:30:00Z"},
}


def square(*fulfillments: Json, **fields: Any) -> SquareOrder:
    body = {
        "id": "order-1",
        "location_id": "L-1",
        "created_at": "2026-11-21T20:00:00Z",
        "updated_at": "2026-11-21T20:00:01Z",
        "version": 3,
        "state": "OPEN",
        "source": {"name": "Square Online"},
        "total_money": {"amount": 60_000, "currency": "USD"},
        "fulfillments": list(fulfillments),
        "line_items": [
            {
                "name": "Pepperoni Pizza",
                "variation_name": "Large",
                "quantity": "20",
                "total_money": {"amount": 30_500, "currency": "USD"},
            },
            {"quantity": "1.5"},
        ],
    }
    return read_square_order(json.dumps(body | fields))


def online(*fulfillments: Json, **fields: Any) -> OnlineOrder:
    return order_of_square(square(*fulfillments, **fields), "Manhattan")


def test_an_order_in_our_words() -> None:
    assert online(PICKUP) == OnlineOrder(
        provider="square",
        order_id="order-1",
        version=3,
        updated_at=PLACED_AT + timedelta(seconds=1),
        location_name="Manhattan",
        provider_location="L-1",
        placed_at=PLACED_AT,
        due_at=PICKUP_AT,
        total_cents=60_000,
        currency="USD",
        channel="Square Online, pickup",
        customer_name="Ada Lovelace",
        customer_phone="+12125550199",
        items=(Item("Pepperoni Pizza · Large", "20", 30_500), Item("Unnamed item", "1.5")),
    )


@pytest.mark.parametrize(
    ("fulfillment", "due_at"),
    [
        (PICKUP, PICKUP_AT),
        ({"type": "DELIVERY", "delivery_details": {"deliver_at": "2026-11-22T11:30:00-05:00"}}, PICKUP_AT),
        ({"type": "SHIPMENT", "shipment_details": {"expected_shipped_at": "2026-11-22T16:30:00Z"}}, PICKUP_AT),
        ({"type": "PICKUP", "pickup_details": {"schedule_type": "ASAP"}}, None),
        (
            {"type": "PICKUP", "pickup_details": {"schedule_type": "ASAP", "prep_time_duration": "PT45M"}},
            PLACED_AT + timedelta(minutes=45),
        ),
        ({"type": "PICKUP"}, None),
    ],
)
def test_when_it_is_due(fulfillment: Json, due_at: datetime | None) -> None:
    assert online(fulfillment).due_at == due_at


def test_of_several_fulfillments_the_first_that_still_stands_counts() -> None:
    later = {"type": "DELIVERY", "state": "PROPOSED", "delivery_details": {"deliver_at": "2026-11-23T16:30:00Z"}}
    assert online(later, PICKUP).due_at == PICKUP_AT
    assert online(later, PICKUP | {"state": "CANCELED"}).due_at == PICKUP_AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("states", "order_state", "is_cancelled", "is_fulfilled"),
    [
        (["PROPOSED"], "OPEN", False, False),
        (["PROPOSED"], "COMPLETED", False, False),
        (["PROPOSED"], "CANCELED", True, False),
        (["CANCELED", "FAILED"], "OPEN", True, False),
        (["CANCELED", "RESERVED"], "OPEN", False, False),
        (["COMPLETED", "CANCELED"], "COMPLETED", False, True),
        (["COMPLETED", "PREPARED"], "OPEN", False, False),
        ([], "COMPLETED", False, False),
    ],
)
def test_what_became_of_it(states: list[str], order_state: str, is_cancelled: bool, is_fulfilled: bool) -> None:
    order = online(*[PICKUP | {"state": state} for state in states], state=order_state)
    assert (order.is_cancelled, order.is_fulfilled) == (is_cancelled, is_fulfilled)


@pytest.mark.parametrize(
    ("order", "wanted", "expected"),
    [
        (square(PICKUP), SquareOrders(), True),
        (square(), SquareOrders(), False),
        (square(), SquareOrders(sources=("Square Online",)), True),
        (square(source=None), SquareOrders(sources=("Square Online",)), False),
        (square(source=None), SquareOrders(every_order=True), True),
        (square(PICKUP, state="DRAFT"), SquareOrders(every_order=True), False),
    ],
)
def test_which_orders_are_online_orders(order: SquareOrder, wanted: SquareOrders, expected: bool) -> None:
    assert is_online(order, wanted) is expected


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("PT45M", timedelta(minutes=45)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P1DT12H", timedelta(hours=36)),
        ("P1W3D", timedelta(days=10)),
        ("PT90S", timedelta(seconds=90)),
        ("P", None),
        ("P1M", None),
        ("soon", None),
        (None, None),
    ],
)
def test_durations_are_read_as_rfc_3339_writes_them(text: str | None, lasts: timedelta | None) -> None:
    assert duration(text) == lasts


def test_what_is_no_order_says_where() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.total_money"):
        read_square_order(
            '{"id": "a", "location_id": "L", "created_at": "2026-11-21T20:00:00Z", '
            '"updated_at": "2026-11-21T20:00:00Z", "total_money": 5}'
        )
