"""A day's two files as the partner makes them: equal for equal days, whenever they are asked for."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from sandbox.partner.people import Customer, known_on

Kind = Literal["customers", "orders"]
# as_usual. corrected: with orders that were forgotten. with_mistakes: some rows of both are not as they should be.
Quality = Literal["as_usual", "corrected", "with_mistakes"]
ZONE = ZoneInfo("America/New_York")
SUFFIXES: dict[Kind, str] = {"customers": "csv", "orders": "xml"}
# SKU → cents.
PRICES = {"MARG-S": 1150, "MARG-L": 1725, "PEPP-S": 1250, "PEPP-L": 1950, "VEGG-L": 1875, "COLA-33": 295, "TIRA-1": 690}
FORGOTTEN_ORDERS = 7
# Some come each week, most now and then.
_SKEW = 2.2


def filename(kind: Kind, day: date) -> str:
    return f"{kind}_{day:%Y%m%d}.{SUFFIXES[kind]}"


def of_filename(name: str) -> tuple[Kind, date] | None:
    """What a file of that name holds; None if no file of ours is called so."""
    kind: Kind
    for kind, suffix in SUFFIXES.items():
        if found := re.fullmatch(rf"{kind}_(\d{{8}})\.{suffix}", name):
            try:
                return kind, date.fromisoformat(found[1])
            except ValueError:
                return None
    return None


def content(kind: Kind, day: date, quality: Quality = "as_usual", *, is_first: bool = False) -> bytes:
    """:param is_first: the first customer file that somebody gets holds all customers so far, not only the new ones."""
    return _customers(day, quality, is_first=is_first) if kind == "customers" else _orders(day, quality)


def _customers(day: date, quality: Quality, *, is_first: bool) -> bytes:
    random = Random(f"customers {day}")
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["Customer ID", "Customer Name", "Mobile", "Region"])
    for number in range(0 if is_first else known_on(day - timedelta(days=1)), known_on(day)):
        customer = Customer(number)
        region = customer.region if random.random() > 0.03 else ""
        rows.writerow([customer.customer_id, customer.name, customer.mobile, region])
    if quality == "with_mistakes":
        known = Customer(known_on(day) // 2)
        rows.writerow([known.customer_id, "", known.mobile, ""])
        rows.writerow(["C99001", "Nobody Inparticular", "call the office", "West"])
    # As Excel writes it.
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class _Order:
    order_id: str
    mobile: str
    at: datetime
    sku: str
    count: int

    @property
    def cents(self) -> int:
        return PRICES[self.sku] * self.count


def _orders(day: date, quality: Quality) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<orders partner="Demo Eats" day="{day}">']
    for order in _day_orders(day, quality):
        values = {
            "order_id": order.order_id,
            "mobile_number": order.mobile,
            "order_time": order.at.astimezone(ZONE).isoformat(timespec="seconds"),
            "sku_id": order.sku,
            "sku_count": str(order.count),
            "total_amount": f"{order.cents // 100}.{order.cents % 100:02d}",
        }
        lines.append(
            "  <order>" + "".join(f"<{key}>{escape(text)}</{key}>" for key, text in values.items()) + "</order>"
        )
    if quality == "with_mistakes":
        lines.append(
            f"  <order><order_id>{day:%y%m%d}-X</order_id><mobile_number>+16465550100</mobile_number>"
            f"<order_time>{day}T12:00:00</order_time><sku_id>MARG-L</sku_id><sku_count>two</sku_count>"
            "<total_amount>34.50</total_amount></order>"
        )
    lines.append("</orders>\n")
    return "\n".join(lines).encode()


def _day_orders(day: date, quality: Quality) -> Iterator[_Order]:
    random = Random(f"orders {day}")
    count = random.randint(70, 110) + (30 if day.weekday() >= 4 else 0)
    # What was forgotten is the last of the day.
    sent = count if quality == "corrected" else count - FORGOTTEN_ORDERS
    opening = datetime.combine(day, time(11), ZONE).astimezone(UTC)
    for number in range(count):
        at = opening + timedelta(minutes=random.uniform(0, 12 * 60))
        if random.random() < 0.02 and number < count - FORGOTTEN_ORDERS:
            # It comes late: placed the day before.
            at -= timedelta(days=1)
        mobile = Customer(int(known_on(day) * random.random() ** _SKEW)).mobile
        if random.random() < 0.02:
            # Somebody whom the partner has not told of.
            mobile = f"+1808555{random.randint(100, 199):04d}"
        for sku in random.sample(list(PRICES), random.choice((1, 1, 1, 2, 3))):
            if number < sent:
                yield _Order(f"{day:%y%m%d}-{number:03d}", mobile, at, sku, random.choice((1, 1, 1, 2, 4)))
