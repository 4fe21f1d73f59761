"""The mail about a large order: how much, when, for whom, why, and what has changed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from include.config import Location
from include.mail.render import Rendered, money, render
from include.online_orders.decision import Alert, Kind
from include.online_orders.order import OnlineOrder
from include.online_orders.words import clock, day_and_time, from_now, round_money

MOST_ITEMS = 60
OPENINGS = {Kind.PLACED: "Large order", Kind.CHANGED: "Changed", Kind.CANCELLED: "Cancelled"}


def subject(order: OnlineOrder, alert: Alert, location: Location) -> str:
    """What has to be known without opening it; nothing of the customer."""
    order = _shown(order, alert)
    amount = round_money(order.total_cents, order.currency)
    if alert.kind is Kind.CHANGED and alert.before and alert.before.total_cents != order.total_cents:
        amount += f" (was {round_money(alert.before.total_cents, order.currency)})"
    when = f"for {day_and_time(order.due_at, location.timezone)}" if order.due_at else "as soon as possible"
    return f"{OPENINGS[alert.kind]}: {amount} {when}, {location.name}"


def compose(order: OnlineOrder, alert: Alert, location: Location, now: datetime) -> Rendered:
    order = _shown(order, alert)
    return render(
        "large_order",
        kind=alert.kind.value,
        order=order,
        items=order.items[:MOST_ITEMS],
        hidden_item_count=max(0, len(order.items) - MOST_ITEMS),
        location=location,
        subject=subject(order, alert, location),
        amount=money(order.total_cents, order.currency),
        due=f"Due {_due(order.due_at, location)}",
        from_now=from_now(order.due_at, now) if order.due_at else "now",
        placed=clock(order.placed_at, location.timezone),
        reason=alert.reason[:1].upper() + alert.reason[1:],
        phone_link=re.sub(r"[^\d+]", "", order.customer_phone or ""),
        changes=_changes(order, alert, location),
    )


def _shown(order: OnlineOrder, alert: Alert) -> OnlineOrder:
    """A cancellation shows what was called off: some platforms send it with an amount of 0."""
    if alert.kind is Kind.CANCELLED and alert.before:
        return replace(order, total_cents=alert.before.total_cents, due_at=alert.before.due_at)
    return order


def _due(due_at: datetime | None, location: Location) -> str:
    return clock(due_at, location.timezone) if due_at else "as soon as possible"


def _changes(order: OnlineOrder, alert: Alert, location: Location) -> Sequence[tuple[str, str, str]]:
    """What differs from what the last mail said: label, before, after."""
    if alert.kind is not Kind.CHANGED or alert.before is None:
        return []
    before = alert.before
    rows = [
        ("Amount", money(before.total_cents, order.currency), money(order.total_cents, order.currency)),
        ("Due", _due(before.due_at, location), _due(order.due_at, location)),
    ]
    return [row for row in rows if row[1] != row[2]]
