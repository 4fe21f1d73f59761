"""Whether a version of an order is worth a mail, given what the mails before it said. Knows no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from include.config.large_orders import Terms
from include.online_orders.order import OnlineOrder
from include.online_orders.rules import Assessment


class Kind(StrEnum):
    PLACED = "placed"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Told:
    """What the mails about an order have said so far: the newest one's amount and time, and all who got one."""

    alert_count: int
    kind: Kind
    reason: str
    total_cents: int
    due_at: datetime | None
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Alert:
    """A mail to write. `before` is what its readers were told last; None where they hear of the order first."""

    kind: Kind
    reason: str
    recipients: tuple[str, ...]
    before: Told | None = None


def decide(order: OnlineOrder, assessment: Assessment, terms: Terms, told: Told | None, now: datetime) -> Alert | None:
    """The mail that this version of the order calls for, if any."""
    if told is None:
        if not assessment.is_large or not is_of_interest(order, now):
            return None
        return Alert(Kind.PLACED, assessment.reason, assessment.recipients)
    if told.kind is Kind.CANCELLED:
        return None
    if order.is_cancelled:
        return Alert(Kind.CANCELLED, told.reason, told.recipients, told)
    if order.is_fulfilled:
        return None
    if matters(order, told, terms):
        concerned = tuple(dict.fromkeys([*assessment.recipients, *told.recipients]))
        return Alert(Kind.CHANGED, assessment.reason or "no longer large", concerned, told)
    newly = tuple(address for address in assessment.recipients if address not in told.recipients)
    if assessment.is_large and order.total_cents > told.total_cents and newly:
        return Alert(Kind.PLACED, assessment.reason, newly)
    return None


def is_of_interest(order: OnlineOrder, now: datetime) -> bool:
    """Whether somebody can still act on it: not cancelled or handed over, and due later or placed within a day."""
    if order.is_cancelled or order.is_fulfilled:
        return False
    return order.wanted_at > now or order.placed_at > now - timedelta(days=1)


def matters(order: OnlineOrder, told: Told, terms: Terms) -> bool:
    """Whether amount or due time differ by more than the terms let pass from what the last mail said."""
    change_cents = abs(order.total_cents - told.total_cents)
    if change_cents * 100 > Decimal(terms.change_share) * told.total_cents:
        return True
    moved = order.wanted_at - (told.due_at or order.placed_at)
    return abs(moved) > timedelta(minutes=terms.change_minutes)
