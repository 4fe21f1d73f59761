"""What online_orders knows of each order, and what was told of it: reading and writing, set by set."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from include.online_orders.decision import Alert, Kind, Told
from include.online_orders.order import OnlineOrder
from include.online_orders.rules import UsualCents
from include.warehouse.statements import statements_in

statement = statements_in(Path(__file__).parent / "sql")


@dataclass(frozen=True)
class Known:
    """The version of an order that was assessed last; `told` is None while nobody heard of it."""

    version: int
    updated_at: datetime
    location_name: str | None
    is_cancelled: bool
    told: Told | None

    def has_seen(self, version: int) -> bool:
        """Whether an event of that version of Square's tells nothing new. Orders without versions have 0."""
        return self.location_name is not None and 0 < version <= self.version

    def is_superseded_by(self, order: OnlineOrder) -> bool:
        """Whether a version is newer. What could not be judged for want of a location is judged once there is one."""
        if self.location_name is None and order.location_name is not None:
            return order.version >= self.version
        if not order.is_versioned and (order.is_first_version or self.is_cancelled):
            return False
        return (order.version, order.updated_at) > (self.version, self.updated_at)


def lock(connection: psycopg.Connection) -> None:
    """Two workers, or the events and the reconciliation, assess in turns: nobody is told twice."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('online_orders'))")


def known_orders(connection: psycopg.Connection, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """:param keys: providers and order ids."""
    parameters = {"providers": [key[0] for key in keys], "order_ids": [key[1] for key in keys]}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement("known_orders"), parameters).fetchall()
    return {(row["provider"], row["order_id"]): _known(row) for row in rows}


def _known(row: Mapping[str, Any]) -> Known:
    told = None
    if row["alert_count"]:
        told = Told(
            alert_count=row["alert_count"],
            kind=Kind(row["kind"]),
            reason=row["reason"],
            total_cents=row["total_cents"],
            due_at=row["due_at"],
            recipients=tuple(row["recipients"]),
        )
    return Known(row["version"], row["updated_at"], row["location_name"], row["is_cancelled"], told)


def save(connection: psycopg.Connection, orders: Sequence[OnlineOrder]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            statement("saved_orders"),
            [{**vars(order), "items": Jsonb(msgspec.to_builtins(order.items))} for order in orders],
        )


def save_alert(connection: psycopg.Connection, order: OnlineOrder, alert: Alert, message_id: UUID) -> None:
    connection.execute(
        """
        INSERT INTO online_orders.alert
            (online_order_key, kind, reason, recipients, total_cents, due_at, message_id)
        SELECT online_order_key, %s, %s, %s, %s, %s, %s
        FROM online_orders.online_order
        WHERE (provider, order_id) = (%s, %s)
        """,
        [
            alert.kind,
            alert.reason,
            list(alert.recipients),
            order.total_cents,
            order.due_at,
            message_id,
            *order.key,
        ],
    )


def usual_cents(connection: psycopg.Connection, now: datetime) -> UsualCents:
    """What each location usually sells on each weekday; without those that have too few days behind them."""
    # West of everywhere: no location's business day of that date is still going on.
    today = (now - timedelta(hours=24)).date()
    rows = connection.execute(statement("usual_sales"), {"today": today}).fetchall()
    return {(name, weekday): cents for name, weekday, cents in rows}
