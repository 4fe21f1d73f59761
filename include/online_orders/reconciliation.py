"""Finds in bronze what no event told of: Square drops events, and sends none for orders from the register.

square_sync asks Square every 15 minutes for all orders that changed. Those that were not assessed in that version are
assessed as if their event had come.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg

from include.config import Chain
from include.config.large_orders import SquareOrders
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


def reconcile(
    connection: psycopg.Connection, chain: Chain, usual_cents: Callable[[], UsualCents], now: datetime
) -> int:
    """Assesses what the warehouse has and no event told of, each location in a transaction with its watermark.

    :param connection: outside of a transaction.
    :returns: how many mails were written.
    """
    mail_count = 0
    with connection.transaction():
        behind = _behind(connection)
        names = square_location_names(connection)
    for location_id, reached_at in behind.items():
        location_name = location_of_square(chain, names, location_id)
        with connection.transaction():
            since = max(watermark.read_from(connection, SOURCE, [location_id]), now - FIRST_REACH)
            orders = _unassessed(connection, chain.large_orders.square, location_id, since, location_name, now)
            mail_count += assess_orders(connection, chain, orders, usual_cents, now)
            watermark.move(connection, SOURCE, reached_at, [location_id])
        if orders:
            log.info("%d orders at %s that no event had told of", len(orders), location_name or location_id)
    return mail_count


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


def _unassessed(
    connection: psycopg.Connection,
    wanted: SquareOrders,
    location_id: str,
    since: datetime,
    location_name: str | None,
    now: datetime,
) -> list[OnlineOrder]:
    """What was assessed before, and what somebody can still act on: nobody is told of the past."""
    parameters = {"location_id": location_id, "since": since, "patterns": _patterns(wanted)}
    # Planned for these very values: how many orders lie behind an instant decides how they are found.
    rows = connection.execute(store.statement("unassessed_orders"), parameters, prepare=False).fetchall()
    found = []
    for body, is_known in rows:
        square = read_square_order(body)
        if is_online(square, wanted):
            order = order_of_square(square, location_name)
            if is_known or is_of_interest(order, now):
                found.append(order)
    return found


def _patterns(wanted: SquareOrders) -> list[str]:
    """What a body of an online order holds, as LIKE has it."""
    if wanted.every_order:
        return ["%"]
    # As JSON writes it, whether it escapes what is not ASCII or not; LIKE's own signs stand for themselves.
    texts = {form for source in wanted.sources for form in (json.dumps(source), json.dumps(source, ensure_ascii=False))}
    escaped = [text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") for text in sorted(texts)]
    return ['%"fulfillments"%', *(f"%{text}%" for text in escaped)]
