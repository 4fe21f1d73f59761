"""Deliveries that are late are asked after."""

from datetime import datetime, timedelta

import psycopg

from include.config import Chain
from include.config.inventory import Inventory
from include.inventory.restock.orders import PurchaseOrder, read_orders
from include.inventory.restock.places import read_locations, recipients_at
from include.inventory.restock.words import WORDS
from include.mail.outbox import enqueue
from include.mail.render import render


def chase(connection: psycopg.Connection, chain: Chain, inventory: Inventory, at: datetime) -> list[PurchaseOrder]:
    """Asks suppliers after what should have come, once a day; returns the orders."""
    locations = read_locations(connection, chain)
    rows = connection.execute(
        "SELECT purchase_order_key FROM inventory.purchase_order WHERE state IN ('ordered', 'partly_received')"
    ).fetchall()
    patience = timedelta(days=inventory.restock.chase_after_days)
    chased = []
    for order in read_orders(connection, [key for (key,) in rows]):
        location = locations.get(order.location_key)
        if location is None:
            continue
        today = at.astimezone(location.zone).date()
        is_late = today >= order.expected_date + max(patience, timedelta(days=1))
        if not is_late or (order.chased_date is not None and order.chased_date >= today):
            continue
        connection.execute(
            "UPDATE inventory.purchase_order SET chased_date = %s WHERE purchase_order_key = %s",
            [today, order.purchase_order_key],
        )
        contacts = recipients_at(chain, inventory, location)
        suppliers = {supplier.name: supplier for supplier in inventory.suppliers}
        supplier = suppliers.get(order.supplier_name)
        headline = f"Late: order {order.number} from {chain.name}, {location.name}"
        mail = render(
            "restock_late",
            subject=headline,
            chain=chain,
            location=location,
            order=order,
            late_days=(today - order.expected_date).days,
            contacts=contacts,
            **WORDS,
        )
        enqueue(
            connection,
            dedupe_key=f"purchase_order_late/{order.number}/{today}",
            recipients=[*(supplier.recipients if supplier else ()), *contacts],
            subject=headline,
            html=mail.html,
            text=mail.text,
        )
        chased.append(order)
    return chased
