"""Square's order as an online order. Source: Order and Fulfillment in Square's OpenAPI document."""

import re
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from include.config.large_orders import SquareOrders
from include.online_orders.order import Item, OnlineOrder

PROVIDER = "square"
DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)

Instant = Annotated[datetime, Meta(tz=True)]


class _Money(Struct):
    amount: int
    currency: str


class _Line(Struct):
    quantity: str
    name: str | None = None
    variation_name: str | None = None
    total_money: _Money | None = None


class _Recipient(Struct):
    display_name: str | None = None
    phone_number: str | None = None


class _Details(Struct):
    recipient: _Recipient | None = None
    schedule_type: str | None = None
    pickup_at: Instant | None = None
    deliver_at: Instant | None = None
    expected_shipped_at: Instant | None = None
    prep_time_duration: str | None = None


class _Fulfillment(Struct):
    type: str | None = None
    state: str | None = None
    pickup_details: _Details | None = None
    delivery_details: _Details | None = None
    shipment_details: _Details | None = None

    @property
    def details(self) -> _Details:
        return self.pickup_details or self.delivery_details or self.shipment_details or _Details()


class _Source(Struct):
    name: str | None = None


class SquareOrder(Struct):
    """As much of Square's order as an alert needs."""

    id: str
    location_id: str
    created_at: Instant
    updated_at: Instant
    total_money: _Money
    version: int = 0
    state: str = "OPEN"
    source: _Source | None = None
    fulfillments: list[_Fulfillment] | None = None
    line_items: list[_Line] | None = None


_decoder = msgspec.json.Decoder(SquareOrder)


def read_square_order(body: bytes | str) -> SquareOrder:
    """:raises msgspec.MsgspecError: when it is none."""
    return _decoder.decode(body)


def is_online(order: SquareOrder, wanted: SquareOrders) -> bool:
    """Whether the configuration counts it among the online orders. A draft is no order yet."""
    if order.state == "DRAFT":
        return False
    source = order.source.name if order.source else None
    return bool(order.fulfillments) or wanted.every_order or source in wanted.sources


def order_of_square(order: SquareOrder, location_name: str | None) -> OnlineOrder:
    fulfillments = order.fulfillments or []
    states = {each.state for each in fulfillments}
    # One that was called off is not waited for, unless all were.
    standing = [each for each in fulfillments if each.state not in ("CANCELED", "FAILED")] or fulfillments
    recipient = next((each.details.recipient for each in standing if each.details.recipient), None) or _Recipient()
    return OnlineOrder(
        provider=PROVIDER,
        order_id=order.id,
        version=order.version,
        updated_at=order.updated_at,
        location_name=location_name,
        provider_location=order.location_id,
        placed_at=order.created_at,
        due_at=min(filter(None, (_due_at(order, each) for each in standing)), default=None),
        total_cents=order.total_money.amount,
        currency=order.total_money.currency,
        is_cancelled=order.state == "CANCELED" or (bool(states) and states <= {"CANCELED", "FAILED"}),
        is_fulfilled=bool(states) and "COMPLETED" in states and states <= {"COMPLETED", "CANCELED", "FAILED"},
        channel=_channel(order),
        customer_name=recipient.display_name,
        customer_phone=recipient.phone_number,
        items=tuple(map(_item, order.line_items or [])),
    )


def _due_at(order: SquareOrder, fulfillment: _Fulfillment) -> datetime | None:
    """What Square states; an order for as soon as possible without a time is due once it can be prepared."""
    details = fulfillment.details
    stated = details.pickup_at or details.deliver_at or details.expected_shipped_at
    if stated is None and (lasts := duration(details.prep_time_duration)):
        return order.created_at + lasts
    return stated


def duration(text: str | None) -> timedelta | None:
    """An RFC 3339 duration without years and months, which no preparation takes: ``PT1H30M``, ``P1D``, ``P2W``."""
    found = DURATION.fullmatch(text or "")
    parts = {name: int(value) for name, value in found.groupdict().items() if value} if found else {}
    return timedelta(**parts) if parts else None


def _channel(order: SquareOrder) -> str:
    source = order.source.name if order.source and order.source.name else "Square"
    kinds = dict.fromkeys(each.type.lower() for each in order.fulfillments or [] if each.type)
    return ", ".join([source, *kinds])


def _item(line: _Line) -> Item:
    name = " · ".join(filter(None, [line.name, line.variation_name])) or "Unnamed item"
    return Item(name, line.quantity, line.total_money.amount if line.total_money else None)
