"""suppliers.yaml: who delivers, when they take orders, and how much is ordered."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from include.config.model import Cents, MailAddress, Many, Model, Name

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = Weekday.__args__  # type: ignore[attr-defined]


def _service_level(value: Any) -> Decimal:
    """``"95"`` → 0.95"""
    if not isinstance(value, str) or not re.fullmatch(r"[5-9]\d(\.\d{1,3})?", value):
        raise ValueError(f'{value!r} is no service level: write a percentage from 50 to below 100 in quotes, as "95"')
    return Decimal(value) / 100


def _cutoff(value: Any) -> time:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f'{value!r} is no time of day: write it in quotes, as "14:00"')
    return time.fromisoformat(value)


ServiceLevel = Annotated[Decimal, BeforeValidator(_service_level)]
Days = Annotated[int, Field(ge=0, le=365)]


class Supplier(Model):
    """Who delivers. `cutoff`: until when an order is taken on an order day, in the location's local time."""

    name: Name
    recipients: Annotated[Many[MailAddress], Field(min_length=1)]
    order_days: Annotated[Many[Weekday], Field(min_length=1)] = WEEKDAYS
    cutoff: Annotated[time, BeforeValidator(_cutoff)] = time(14)
    # From the order day to the delivery, in days.
    lead_time_days: Days
    # On which it neither takes orders nor delivers.
    closed_dates: Many[date] = ()
    minimum_order_cents: Cents | None = Field(default=None, validation_alias="minimum_order")
    note: str = ""

    def takes_orders_on(self, day: date) -> bool:
        return WEEKDAYS[day.weekday()] in self.order_days and day not in self.closed_dates


class Restock(Model):
    """How much is ordered, and who decides."""

    # The share of the deliveries that stock shall last until.
    service_level: ServiceLevel = Decimal("0.95")
    # The maximum is the reorder point and the use of so many days, where an ingredient states none.
    cover_days: Annotated[int, Field(ge=1, le=365)] = 7
    # A proposal that nobody has answered by then orders nothing.
    approval_hours: Annotated[int, Field(ge=1, le=24 * 14)] = 12
    # The location's own unless set.
    recipients: Many[MailAddress] | None = None
    # A delivery so many days late is asked after.
    chase_after_days: Days = 1


class Suppliers(Model):
    """The whole of suppliers.yaml."""

    restock: Restock = Restock()
    suppliers: Many[Supplier] = ()
