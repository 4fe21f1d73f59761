"""What comes of the answer to a proposal: an order to the supplier, or none."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg

from include.config import Chain, Location
from include.config.inventory import Inventory
from include.inventory.restock.deliveries import next_two
from include.inventory.restock.orders import PurchaseOrder, read_order
from include.inventory.restock.places import read_locations, recipients_at
from include.inventory.restock.words import WORDS, counted, weekday
from include.mail.outbox import Attachment, enqueue
from include.mail.render import render
from include.outputs.csv_file import csv_bytes

log = logging.getLogger(__name__)
HEADINGS = ("order", "deliver_to", "delivery_date", "ingredient", "packs", "pack", "quantity", "unit")


@dataclass(frozen=True)
class Answer:
    """
    :param answered_by: None when nobody has answered in time.
    :param pack_counts: by ingredient; what is left out is as proposed.
    """

    is_approved: bool
    answered_by: str | None
    answered_at: datetime
    pack_counts: Mapping[str, object]


def settle(connection: psycopg.Connection, chain: Chain, inventory: Inventory, number: str, answer: Answer) -> str:
    """Writes down what was decided on a proposal, with the mail that follows, in the caller's transaction.

    Done once: a proposal that is settled stays as it is.

    :returns: the state of the order.
    :raises ValueError: when a number of packs cannot be.
    """
    order = read_order(connection, number, lock=True)
    if order.state != "proposed":
        log.info("%s was settled before: %s by %s", number, order.state, order.decided_by)
        return order.state
    location = read_locations(connection, chain)[order.location_key]
    counts = dict.fromkeys((line.ingredient_name for line in order.lines), 0)
    if answer.is_approved:
        counts = read_pack_counts(order, answer.pack_counts)
    # Every line set to 0 is a no as well.
    refused = "expired" if answer.answered_by is None else "rejected"
    state = "ordered" if any(counts.values()) else refused
    expected_date = order.expected_date
    if state == "ordered":
        delivery, _ = next_two(inventory.supplier(order.supplier_name), location.zone, answer.answered_at)
        expected_date = delivery.date
    connection.execute(
        """
        UPDATE inventory.purchase_order
        SET state = %s, decided_at = %s, decided_by = %s, expected_date = %s
        WHERE purchase_order_key = %s
        """,
        [state, answer.answered_at, answer.answered_by, expected_date, order.purchase_order_key],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE inventory.purchase_order_line SET ordered_pack_count = %s
            WHERE purchase_order_key = %s AND ingredient_key = %s
            """,
            [[counts[line.ingredient_name], order.purchase_order_key, line.ingredient_key] for line in order.lines],
        )
    settled = read_order(connection, number)
    if state == "ordered":
        _send_to_supplier(connection, chain, inventory, location, settled)
    elif state == "expired":
        _tell_expired(connection, chain, inventory, location, settled)
    return state


def read_pack_counts(order: PurchaseOrder, given: Mapping[str, object]) -> dict[str, int]:
    """
    :raises ValueError: names the ingredient and what was given.
    """
    counts = {line.ingredient_name: line.proposed_pack_count for line in order.lines}
    for name, count in given.items():
        if name not in counts:
            raise ValueError(f"{order.number} has no line for {name!r}, only for {', '.join(counts)}")
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise ValueError(f"{order.number}: {count!r} is no number of packs of {name}")
        counts[name] = count
    return counts


def expire_overdue(connection: psycopg.Connection, chain: Chain, inventory: Inventory, at: datetime) -> None:
    """Settles what nobody asks about any more: its run has failed, or was deleted. Airflow ends the others itself, and
    has an hour for it."""
    rows = connection.execute(
        """
        SELECT number FROM inventory.purchase_order
        WHERE state = 'proposed' AND answer_by_at + interval '1 hour' < %s
        """,
        [at],
    ).fetchall()
    for (number,) in rows:
        settle(connection, chain, inventory, number, Answer(False, None, at, {}))


def _send_to_supplier(
    connection: psycopg.Connection, chain: Chain, inventory: Inventory, location: Location, order: PurchaseOrder
) -> None:
    supplier = inventory.supplier(order.supplier_name)
    contacts = recipients_at(chain, inventory, location)
    headline = (
        f"Order {order.number} from {chain.name}, {location.name}: "
        f"{counted(len(order.ordered_lines), 'item')} for {weekday(order.expected_date)}"
    )
    mail = render(
        "restock_order",
        subject=headline,
        chain=chain,
        location=location,
        supplier=supplier,
        order=order,
        contacts=contacts,
        **WORDS,
    )
    enqueue(
        connection,
        dedupe_key=f"purchase_order/{order.number}",
        # The location sees what has gone out in its name, and the supplier whom to answer.
        recipients=[*supplier.recipients, *contacts],
        subject=headline,
        html=mail.html,
        text=mail.text,
        attachments=[Attachment(f"{order.number}.csv", "text/csv", order_csv(order))],
    )


def order_csv(order: PurchaseOrder) -> bytes:
    return csv_bytes(
        HEADINGS,
        [
            (
                order.number,
                order.location_name,
                order.expected_date.isoformat(),
                line.ingredient_name,
                line.pack_count,
                line.pack_name,
                line.quantity.normalize(),
                line.unit,
            )
            for line in order.ordered_lines
        ],
    )


def _tell_expired(
    connection: psycopg.Connection, chain: Chain, inventory: Inventory, location: Location, order: PurchaseOrder
) -> None:
    headline = f"{location.name}: nothing was ordered from {order.supplier_name}, nobody answered {order.number}"
    mail = render("restock_expired", subject=headline, location=location, order=order, **WORDS)
    enqueue(
        connection,
        dedupe_key=f"purchase_order_expired/{order.number}",
        recipients=recipients_at(chain, inventory, location),
        subject=headline,
        html=mail.html,
        text=mail.text,
    )
