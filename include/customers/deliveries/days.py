"""The unbroken sequence of days: what came for each, and what did not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import psycopg
from psycopg.rows import class_row

from include.config.partner import Kind, Partner
from include.customers.deliveries.files import FILE, PartnerFile
from include.customers.deliveries.incoming import default_delivery_date
from include.customers.intake import KINDS


@dataclass(frozen=True)
class DayFile:
    """A day's customer file or order file.

    :param loaded: the one that holds.
    :param newest: the last that came, whatever became of it.
    :param file_count: how many came.
    """

    loaded: PartnerFile | None
    newest: PartnerFile | None
    file_count: int

    @property
    def state(self) -> Literal["loaded", "received", "quarantined", "missing"]:
        """``received``: it waits to be taken in, or to take the place of the one that is loaded."""
        if self.newest and self.newest.state == "received":
            return "received"
        if self.loaded:
            return "loaded"
        return "quarantined" if self.newest and self.newest.state == "quarantined" else "missing"


@dataclass(frozen=True)
class DeliveryDay:
    """A day and its two files.

    :param is_due: whether the time at which they are to be there has come.
    """

    delivery_date: date
    customers: DayFile
    orders: DayFile
    is_due: bool

    @property
    def missing(self) -> tuple[Kind, ...]:
        """What is due and has not come, or could not be taken in."""
        states: dict[Kind, str] = {"customers": self.customers.state, "orders": self.orders.state}
        return tuple(kind for kind in KINDS if self.is_due and states[kind] in ("missing", "quarantined"))

    @property
    def is_absent(self) -> bool:
        """It is due, and neither file came."""
        return self.is_due and self.customers.state == self.orders.state == "missing"

    @property
    def late_order_count(self) -> int:
        """Orders of earlier days that its order file brought."""
        return (self.orders.loaded and self.orders.loaded.late_count) or 0


def due_at(partner: Partner, delivery_date: date) -> datetime:
    """When a day's files are to be there: in UTC."""
    return datetime.combine(delivery_date + timedelta(days=1), time(partner.due_hour), partner.zone).astimezone(UTC)


def list_days(
    connection: psycopg.Connection,
    partner: Partner,
    *,
    limit: int = 31,
    before: date | None = None,
    at: datetime | None = None,
) -> list[DeliveryDay]:
    """Every day from the first that a file came for until the partner's yesterday, the newest first.

    Besides, days out of that sequence for which something came.

    :param at: when it is (default: now).
    """
    at = at or datetime.now(UTC)
    with connection.cursor() as cursor:
        days = [
            day
            for (day,) in cursor.execute(
                """
                WITH bounds AS (
                    SELECT min(delivery_date) AS first_date, greatest(max(delivery_date), %(yesterday)s) AS last_date
                    FROM partner.file
                    WHERE state IN ('received', 'loaded', 'replaced')
                ), days AS (
                    SELECT generate_series(first_date, last_date, interval '1 day')::date AS delivery_date FROM bounds
                    UNION
                    SELECT delivery_date FROM partner.file
                )
                SELECT delivery_date FROM days
                WHERE delivery_date < coalesce(%(before)s::date, 'infinity')
                ORDER BY delivery_date DESC
                LIMIT %(limit)s
                """,
                {"yesterday": default_delivery_date(partner, at), "before": before, "limit": limit},
            )
        ]
    with connection.cursor(row_factory=class_row(PartnerFile)) as files_cursor:
        files = files_cursor.execute(FILE + "WHERE delivery_date = ANY(%s) ORDER BY file_id DESC", [days]).fetchall()
    return [
        DeliveryDay(
            day, _day_file(files, day, "customers"), _day_file(files, day, "orders"), at >= due_at(partner, day)
        )
        for day in days
    ]


def _day_file(files: list[PartnerFile], day: date, kind: Kind) -> DayFile:
    own = [file for file in files if file.delivery_date == day and file.kind == kind]
    loaded = next((file for file in own if file.state == "loaded"), None)
    return DayFile(loaded, own[0] if own else None, len(own))
