"""Orders in, mails out: each order's version is judged once, whether its event or the reconciliation brought it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape

import psycopg

from include.config import Chain
from include.config.large_orders import Terms
from include.mail.outbox import enqueue
from include.online_orders import mail, store
from include.online_orders.decision import Alert, decide
from include.online_orders.order import OnlineOrder
from include.online_orders.rules import UsualCents, assess
from include.online_orders.square_order import PROVIDER

log = logging.getLogger(__name__)


def assess_orders(
    connection: psycopg.Connection,
    chain: Chain,
    orders: Iterable[OnlineOrder],
    usual_cents: Callable[[], UsualCents],
    now: datetime,
) -> int:
    """Judges the versions that are newer than what was judged before, and writes mails and memory; the caller commits.

    :returns: how many mails were written.
    :raises CurrencyError: an order is not in its location's currency.
    """
    store.lock(connection)
    orders = list(orders)
    known = store.known_orders(connection, {order.key for order in orders})
    newest: dict[tuple[str, str], OnlineOrder] = {}
    for order in orders:
        before = known.get(order.key)
        if before is None or before.is_superseded_by(order):
            other = newest.get(order.key)
            newest[order.key] = order if other is None else newer(other, order)
    store.save(connection, list(newest.values()))
    mail_count = 0
    for order in newest.values():
        if order.location_name is None:
            _tell_unknown(connection, chain, order)
            continue
        location = chain.location(order.location_name)
        terms = _terms(chain, order.location_name)
        before = known.get(order.key)
        told = before.told if before else None
        assessment = assess(order, location, terms, usual_cents())
        if alert := decide(order, assessment, terms, told, now):
            _write(connection, chain, order, alert, now, number=1 + (told.alert_count if told else 0))
            mail_count += 1
    return mail_count


def newer(one: OnlineOrder, other: OnlineOrder) -> OnlineOrder:
    """Of two versions of an order the later one. Without versions a cancellation is always last, a placing first."""

    def rank(order: OnlineOrder) -> tuple[bool, bool, int, datetime]:
        is_last = not order.is_versioned and order.is_cancelled
        is_first = not order.is_versioned and order.is_first_version
        return is_last, not is_first, order.version, order.updated_at

    return max(one, other, key=rank)


def _terms(chain: Chain, location_name: str) -> Terms:
    terms = chain.large_orders.terms(chain.location(location_name))
    return terms if terms.recipients else terms.model_copy(update={"recipients": chain.operations_recipients})


def _write(
    connection: psycopg.Connection, chain: Chain, order: OnlineOrder, alert: Alert, now: datetime, number: int
) -> None:
    location = chain.location(order.location_name or "")
    rendered = mail.compose(order, alert, location, now)
    message_id = enqueue(
        connection,
        dedupe_key=f"large-order/{order.provider}/{order.order_id}/{number}",
        recipients=alert.recipients,
        subject=mail.subject(order, alert, location),
        html=rendered.html,
        text=rendered.text,
    )
    if message_id is None:
        raise RuntimeError(
            f"mail {number} of order {order.order_id} was written before, but online_orders.alert lacks it"
        )
    store.save_alert(connection, order, alert, message_id)
    log.info("Order %s of %s: %s, message %s", order.order_id, order.provider, alert.kind, message_id)


def _tell_unknown(connection: psycopg.Connection, chain: Chain, order: OnlineOrder) -> None:
    """Once per provider and location, to operations. Of Square's locations square_sync tells."""
    log.warning("Order %s of %s is of an unknown location", order.order_id, order.provider)
    if order.provider == PROVIDER:
        return
    advice = (
        f"{order.provider} sends orders of a location {order.provider_location!r} that the configuration does not "
        "know: nobody is told of the large ones. Add the name to known_as of the location in large_orders.yaml, or add "
        "the location to locations.yaml. What came meanwhile stands in online_orders.online_order, without a "
        "location_name."
    )
    enqueue(
        connection,
        dedupe_key=f"unknown-order-location:{order.provider}:{order.provider_location[:200]}",
        recipients=chain.operations_recipients,
        subject=f"Orders of {order.provider} for an unknown location",
        text=advice,
        html=f"<p>{escape(advice)}</p>",
    )
