"""An online order in our words, whichever provider it was placed with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec


class Item(msgspec.Struct, frozen=True):
    """`quantity` is a decimal in text; `total_cents` is for all of them."""

    name: str
    quantity: str
    total_cents: int | None = None


@dataclass(frozen=True)
class OnlineOrder:
    """One version of an order. The names, the phone number and what was bought are personal: never log them.

    :param version: rises with every change of the order; `updated_at` decides between equal ones.
    :param location_name: the chain's; None where the configuration knows no such location.
    :param due_at: None: as soon as possible.
    """

    provider: str
    order_id: str
    version: int
    updated_at: datetime
    location_name: str | None
    provider_location: str
    placed_at: datetime
    due_at: datetime | None
    total_cents: int
    currency: str
    is_cancelled: bool = False
    # Handed over, or sent: too late to prepare for.
    is_fulfilled: bool = False
    # Whether the provider counts versions. Where it does not, they are the order in which its events came, and what
    # the order was when it was placed is known from `is_first_version` alone.
    is_versioned: bool = True
    is_first_version: bool = False
    channel: str | None = None
    customer_name: str | None = field(default=None, repr=False)
    customer_phone: str | None = field(default=None, repr=False)
    items: tuple[Item, ...] = field(default=(), repr=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.provider, self.order_id

    @property
    def wanted_at(self) -> datetime:
        """When it has to be ready; what is wanted as soon as possible, from the placing on."""
        return self.due_at or self.placed_at


class _Json(msgspec.Struct):
    """inbox.webhook_event.online_order, as the listener wrote it."""

    order_id: str
    event: str
    is_cancelled: bool
    placed_at: datetime
    due_at: datetime | None
    total_cents: int
    currency: str
    location: str
    customer_name: str | None
    customer_phone: str | None
    channel: str | None
    items: tuple[Item, ...]


def order_of_provider(row: Mapping[str, Any], location_name: str | None) -> OnlineOrder:
    """:param row: of inbox.webhook_event, with an online_order.

    :raises msgspec.ValidationError: when it is not as the listener writes it.
    """
    body = msgspec.convert(row["online_order"], _Json)
    return OnlineOrder(
        provider=row["provider"],
        order_id=body.order_id,
        version=row["event_key"],
        updated_at=row["received_at"],
        location_name=location_name,
        provider_location=body.location,
        placed_at=body.placed_at,
        due_at=body.due_at,
        total_cents=body.total_cents,
        currency=body.currency,
        is_cancelled=body.is_cancelled,
        is_versioned=False,
        is_first_version=body.event == "created",
        channel=body.channel,
        customer_name=body.customer_name,
        customer_phone=body.customer_phone,
        items=body.items,
    )
