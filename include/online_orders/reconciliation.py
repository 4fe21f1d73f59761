"""Finds in bronze what no event told of: Square drops events, and sends none for orders from the register.

square_sync asks Square every 15 minutes for all orders that changed. Those that were not assessed in that version are
assessed as if their event had come.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

import psycopg
from psycopg.rows import class_row

from include.config import Chain
from include.config.large_orders import SquareOrders
from include.mail.outbox import enqueue
from include.online_orders import store
from include.online_orders.assessing import assess_orders
from include.online_orders.decision import is_of_interest
from include.online_orders.order import OnlineOrder
from include.online_orders.places import location_of_square, square_location_names
from include.online_orders.rules import UsualCents
from include.online_orders.square_order import is_online, order_of_square, read_square_order
from include.warehouse import watermark

SOURCE = "online_orders"
# The first time, orders that have not changed for longer are left alone.
FIRST_REACH = timedelta(days=14)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Found:
    """What bronze holds of an order; `is_known`: an earlier version was assessed."""

    order_id: str
    body: str
    is_known: bool


class Reconciliation:
    """:param connection: outside of a transaction."""

    def __init__(self, connection: psycopg.Connection, chain: Chain, usual_cents: Callable[[], UsualCents]) -> None:
        self._connection = connection
        self._chain = chain
        self._usual_cents = usual_cents

    def run(self, now: datetime) -> int:
        """Assesses what the warehouse has and no event told of, each location in a transaction with its watermark.

        :returns: how many mails were written about orders.
        """
        with self._connection.transaction():
            behind = _behind(self._connection)
            names = square_location_names(self._connection)
        mail_count = 0
        for location_id, reached_at in behind.items():
            location_name = location_of_square(self._chain, names, location_id)
            with self._connection.transaction():
                since = max(watermark.read_from(self._connection, SOURCE, [location_id]), now - FIRST_REACH)
                found = self._unassessed(location_id, since)
                mail_count += self._assess(found, location_name, now)
                watermark.move(self._connection, SOURCE, reached_at, [location_id])
        return mail_count

    def _unassessed(self, location_id: str, since: datetime) -> list[_Found]:
        patterns = _patterns(self._chain.large_orders.square)
        with self._connection.cursor(row_factory=class_row(_Found)) as cursor:
            # Planned for these very values: how many orders lie behind an instant decides how they are found.
            return cursor.execute(
                store.statement("unassessed_orders"),
                {"location_id": location_id, "since": since, "patterns": patterns},
                prepare=False,
            ).fetchall()

    def _assess(self, found: Sequence[_Found], location_name: str | None, now: datetime) -> int:
        """All at once; if that fails one by one, so that an order that cannot be judged holds up no other."""
        try:
            with self._connection.transaction():
                orders = list(self._orders(found, location_name, now))
                if orders:
                    log.info("%d orders of %s that no event had told of", len(orders), location_name)
                return assess_orders(self._connection, self._chain, orders, self._usual_cents, now)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            if len(found) == 1:
                self._tell_unjudged(found[0], location_name, error)
                return 0
            return sum(self._assess([each], location_name, now) for each in found)

    def _orders(self, found: Sequence[_Found], location_name: str | None, now: datetime) -> Iterator[OnlineOrder]:
        """Those assessed before, and those that somebody can still act on: nobody is told of the past."""
        wanted = self._chain.large_orders.square
        for each in found:
            square = read_square_order(each.body)
            if is_online(square, wanted):
                order = order_of_square(square, location_name)
                if each.is_known or is_of_interest(order, now):
                    yield order

    def _tell_unjudged(self, found: _Found, location_name: str | None, error: Exception) -> None:
        """Once per location and kind of trouble, to operations."""
        trouble = type(error).__name__
        reason = f"{trouble}: {error}".split("\n", 1)[0]
        log.error("Order %s cannot be judged: %s", found.order_id, reason)
        advice = (
            f"Square's order {found.order_id} at {location_name} is in bronze.square_orders, but large_orders cannot "
            f"judge it: {reason}. Nobody was told of it, if it is large. Further ones like it stand in the task's log."
        )
        enqueue(
            self._connection,
            dedupe_key=f"unjudged-order/{location_name}/{trouble}",
            recipients=self._chain.operations_recipients,
            subject=f"An order at {location_name} could not be judged",
            text=advice,
            html=f"<p>{escape(advice)}</p>",
        )


def _behind(connection: psycopg.Connection) -> dict[str, datetime]:
    """Locations whose orders were synced further than they are reconciled, and how far that is."""
    rows = connection.execute(
        """
        SELECT synced.scope, synced.updated_at
        FROM bronze.watermark AS synced
        LEFT JOIN bronze.watermark AS reconciled ON reconciled.source = %s AND reconciled.scope = synced.scope
        WHERE synced.source = 'orders' AND synced.updated_at > coalesce(reconciled.updated_at, '-infinity')
        ORDER BY synced.scope
        """,
        [SOURCE],
    )
    return dict(rows.fetchall())


def _patterns(wanted: SquareOrders) -> list[str]:
    """What a body of an online order holds, as LIKE has it."""
    if wanted.every_order:
        return ["%"]
    # As JSON writes it, whether it escapes what is not ASCII or not; LIKE's own signs stand for themselves.
    texts = {form for source in wanted.sources for form in (json.dumps(source), json.dumps(source, ensure_ascii=False))}
    escaped = [text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") for text in sorted(texts)]
    return ['%"fulfillments"%', *(f"%{text}%" for text in escaped)]
