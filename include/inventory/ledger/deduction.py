"""Takes the ingredients of sold orders off the shelves, and corrects what turns out otherwise."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import psycopg

from include.inventory.ledger.statements import absorb, last_movement_id, lock_ledger, statement

log = logging.getLogger(__name__)

# Some 120,000 movements: what Postgres sorts and hashes of them stays within its work_mem.
CHUNK_ORDERS = 2_500


@dataclass
class Deducted:
    """What the ledger took over: orders, the movements that made, and the names of what has no recipe."""

    order_count: int = 0
    movement_count: int = 0
    unmapped: set[str] = field(default_factory=set)

    def __iadd__(self, other: "Deducted") -> "Deducted":
        self.order_count += other.order_count
        self.movement_count += other.movement_count
        self.unmapped |= other.unmapped
        return self


def deduct(connection: psycopg.Connection, restocking_reasons: Sequence[str], limit: int = CHUNK_ORDERS) -> Deducted:
    """Books the next waiting orders, in the caller's transaction.

    An order that the ledger knows gets movements for what has changed of it only.

    :param restocking_reasons: reasons of refunds after which what was returned goes back on the shelf.
    """
    lock_ledger(connection)
    connection.execute("SET LOCAL client_min_messages = warning; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
    connection.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS deducted_order (order_key bigint PRIMARY KEY, is_plain boolean NOT NULL)"
        " ON COMMIT DELETE ROWS"
    )
    connection.execute("TRUNCATE deducted_order")
    deducted = Deducted(connection.execute(statement("deducted_order"), {"limit": limit}).rowcount)
    if deducted.order_count == 0:
        return deducted
    connection.execute("ANALYZE deducted_order")
    after_movement_id = last_movement_id(connection)
    reasons = [reason.strip().lower() for reason in restocking_reasons]
    deducted.movement_count += connection.execute(statement("plain_sales")).rowcount
    deducted.movement_count += connection.execute(statement("differences"), {"restocking_reasons": reasons}).rowcount
    deducted.movement_count += absorb(connection, after_movement_id)
    deducted.unmapped.update(name for (name,) in connection.execute(statement("unmapped_products")))
    return deducted


def deduct_all(
    connection: psycopg.Connection, restocking_reasons: Sequence[str], limit: int = CHUNK_ORDERS
) -> Deducted:
    """Books all that waits, each chunk in a transaction of its own.

    :param connection: in autocommit mode.
    """
    total = Deducted()
    while True:
        with connection.transaction():
            deducted = deduct(connection, restocking_reasons, limit)
        if deducted.order_count == 0:
            return total
        total += deducted


def queue_days(connection: psycopg.Connection, first: date, last: date) -> int:
    """Queues the orders of these business days, both included, to be held against the ledger again.

    :returns: how many orders.
    """
    # An order of the ledger that gold has no longer is among them: it is found by its movements.
    return connection.execute(
        """
        INSERT INTO inventory.pending_order (order_key)
        SELECT order_key FROM gold.fact_sales WHERE business_date BETWEEN %(first)s AND %(last)s
        UNION
        SELECT order_key FROM inventory.movement
        WHERE business_date BETWEEN %(first)s AND %(last)s AND order_key IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
        {"first": first, "last": last},
    ).rowcount
