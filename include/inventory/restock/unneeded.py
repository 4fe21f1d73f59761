"""Proposals that wait for an answer while nothing in them is short any more."""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from include.config import Chain
from include.config.inventory import Inventory
from include.inventory.restock.approval import approval_url
from include.inventory.restock.orders import read_orders
from include.inventory.restock.places import read_locations, recipients_at
from include.inventory.restock.reading import Item
from include.inventory.restock.words import WORDS
from include.mail.outbox import enqueue
from include.mail.render import render


def tell_unneeded(
    connection: psycopg.Connection,
    chain: Chain,
    inventory: Inventory,
    items: Sequence[Item],
    at: datetime,
    base_url: str,
) -> None:
    """Says once of a proposal that waits that nothing in it is short any more: whoever answers it decides."""
    locations = read_locations(connection, chain)
    wanted = {(item.location_key, item.ingredient_key) for item in items if item.pack_count}
    rows = connection.execute(
        """
        SELECT purchase_order_key FROM inventory.purchase_order
        WHERE state = 'proposed' AND unneeded_told_at IS NULL AND proposed_at < %s
        """,
        [at],
    ).fetchall()
    for order in read_orders(connection, [key for (key,) in rows]):
        location = locations.get(order.location_key)
        if location is None or any((order.location_key, line.ingredient_key) in wanted for line in order.lines):
            continue
        connection.execute(
            "UPDATE inventory.purchase_order SET unneeded_told_at = %s WHERE purchase_order_key = %s",
            [at, order.purchase_order_key],
        )
        headline = f"{location.name}: nothing in {order.number} is short any more"
        mail = render(
            "restock_unneeded",
            subject=headline,
            location=location,
            order=order,
            url=approval_url(base_url, order),
            **WORDS,
        )
        enqueue(
            connection,
            dedupe_key=f"purchase_order_unneeded/{order.number}",
            recipients=recipients_at(chain, inventory, location),
            subject=headline,
            html=mail.html,
            text=mail.text,
        )
