"""What large_orders does: events, then what no event told of, then the mails. Owns the transactions."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache

import psycopg

from include.config import Chain
from include.inbox import claims, dead_letters
from include.inbox.claims import WEBHOOK_EVENTS, Handler, Row, Tally, UnavailableError
from include.mail.delivery import deliver
from include.mail.smtp import SmtpServer
from include.online_orders import store
from include.online_orders.assessing import assess_orders
from include.online_orders.events import Events
from include.online_orders.reconciliation import Reconciliation
from include.online_orders.rules import UsualCents
from include.square.client import Square

log = logging.getLogger(__name__)

# Six attempts of a call that hangs end soon after the lease of its events.
SQUARE_TIMEOUT_SECONDS = 10.0
# What the task leaves in XCom.
Counts = dict[str, int]


def watch(
    connection: psycopg.Connection, chain: Chain, open_square: Callable[[], Square], server: SmtpServer
) -> Counts:
    """Works until the inbox holds nothing that is due, and sends the mails at once.

    While Square is away its events wait for it: square_sync tells operations of that, and a task that failed would hold
    up the orders of other platforms until it is tried again.

    :param connection: outside of a transaction; it is put into autocommit mode.
    """
    connection.autocommit = True
    events = Events(chain, open_square)

    @cache
    def usual_cents() -> UsualCents:
        return store.usual_cents(connection, datetime.now(UTC))

    def handle(connection: psycopg.Connection, rows: Sequence[Row]) -> None:
        orders = events.orders(connection, rows)
        assess_orders(connection, chain, orders, usual_cents, datetime.now(UTC))

    tally = _work(connection, handle)
    Reconciliation(connection, chain, usual_cents).run(datetime.now(UTC))
    with connection.transaction():
        dead_letters.announce(connection, WEBHOOK_EVENTS, chain.operations_recipients)
    delivered = deliver(connection, server)
    counts = {"handled": tally.handled, "put_back": tally.put_back, "dead": tally.dead, "sent": delivered.sent}
    log.info("%(handled)d events handled, %(put_back)d put back, %(dead)d dead; %(sent)d mails sent", counts)
    return counts


def _work(connection: psycopg.Connection, handle: Handler) -> Tally:
    while True:
        try:
            return claims.work(connection, WEBHOOK_EVENTS, handle)
        except UnavailableError as error:
            # What was given back is not due for a while, so that this ends when all else is handled.
            log.warning("%s: its events wait, the others are worked on", error)
