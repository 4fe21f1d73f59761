"""An online order in our words, whichever platform it was placed on: what inbox.webhook_event.online_order holds."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from listener.webhooks.values import MOST_CENTS

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=MOST_CENTS)]
Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """`quantity` is a decimal in text, as Square's; `total_cents` is for all of them."""

    name: Text
    quantity: Text
    total_cents: Cents | None


class OnlineOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`location` as the platform calls it; times with their offset from UTC."""

    order_id: Text
    event: Literal["created", "updated", "cancelled"]
    is_cancelled: bool
    placed_at: Moment
    due_at: Moment | None
    total_cents: Cents
    currency: Currency
    location: Text
    customer_name: Text | None
    customer_phone: Text | None
    customer_email: Text | None
    channel: Text | None
    items: list[Item]
