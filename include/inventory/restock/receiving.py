"""What a supplier has brought: all as ordered, or as the lines say, or something that nobody ordered here."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import psycopg

from include.config.units import read_quantity, show_quantity
from include.inventory.ledger import Entry, book
from include.inventory.ledger.lines import TellingError, read_lines
from include.inventory.ledger.names import NamedIngredient, Names, read_names
from include.inventory.ledger.telling import Telling, read_time
from include.inventory.restock.orders import PurchaseOrder, read_order

log = logging.getLogger(__name__)
COLUMNS = ("ingredient", "quantity")
OPEN = ("ordered", "partly_received")


@dataclass(frozen=True)
class Received:
    """`state`: of the order, None without one; `booked_count`: ingredients that were booked now."""

    state: str | None
    booked_count: int


def receive(connection: psycopg.Connection, fields: Mapping[str, Any], telling: Telling) -> Received:
    """Books a delivery in the caller's transaction, all or nothing; one that is known is not booked again.

    :param fields: the params of inventory_receipt.
    :raises TellingError: with every line's problems.
    """
    names = read_names(connection)
    told = _read_told(names, fields.get("lines") or "")
    if fields.get("purchase_order"):
        return _receive_order(connection, names, told, fields, telling)
    if not fields.get("location"):
        raise TellingError("purchase_order: is missing; without one say the location, and in lines what has come")
    if not told:
        raise TellingError("lines: what has come? Without a purchase order it has to be said")
    try:
        location_key = names.location(fields["location"]).location_key
    except ValueError as error:
        raise TellingError(f"location: {error}") from error
    booked = _book(connection, names, location_key, told, f"{location_key}", fields, telling)
    return Received(None, booked)


def _receive_order(
    connection: psycopg.Connection,
    names: Names,
    told: Mapping[int, Decimal],
    fields: Mapping[str, Any],
    telling: Telling,
) -> Received:
    try:
        order = read_order(connection, fields["purchase_order"], lock=True)
    except ValueError as error:
        raise TellingError(f"purchase_order: {error}") from error
    if order.state in ("proposed", "rejected", "expired"):
        raise TellingError(f"purchase_order: {order.number} was not ordered: it is {order.state}")
    if _is_known(connection, _key(order.number, fields, telling)):
        log.info("%s: this delivery was told before; nothing is booked again", order.number)
        return Received(order.state, 0)
    if order.state not in OPEN:
        if any(told.values()):
            raise TellingError(
                f"purchase_order: {order.number} is {order.state}, nothing is to come; "
                "what has come besides is a receipt without order: leave the field empty"
            )
        log.info("%s is %s: nothing was to come any more", order.number, order.state)
        return Received(order.state, 0)
    quantities = {**(_remaining(order) if fields["unlisted"] == "came as ordered" else {}), **told}
    booked = _book(connection, names, order.location_key, quantities, order.number, fields, telling)
    connection.execute(
        """
        INSERT INTO inventory.purchase_receipt (entry_id, purchase_order_key, ingredient_key)
        SELECT entry_id, %s, ingredient_key FROM inventory.entry WHERE starts_with(entry_key, %s)
        """,
        [order.purchase_order_key, _key(order.number, fields, telling)],
    )
    state = _move_on(connection, order, is_closing=fields["remainder"] == "is closed", at=telling.at)
    return Received(state, booked)


def _move_on(connection: psycopg.Connection, order: PurchaseOrder, *, is_closing: bool, at: datetime) -> str:
    """What has become of an order by what has come of it."""
    [(missing, received)] = connection.execute(
        """
        SELECT sum(remaining_quantity), sum(received_quantity)
        FROM inventory.purchase_order_progress
        WHERE purchase_order_key = %s
        """,
        [order.purchase_order_key],
    ).fetchall()
    if not missing or is_closing:
        state = "received" if received else "cancelled"
    else:
        state = "partly_received" if received else order.state
    connection.execute(
        "UPDATE inventory.purchase_order SET state = %s, closed_at = %s WHERE purchase_order_key = %s",
        [state, None if state in OPEN else at, order.purchase_order_key],
    )
    return state


def _remaining(order: PurchaseOrder) -> dict[int, Decimal]:
    return {line.ingredient_key: line.remaining_quantity for line in order.lines}


def _read_told(names: Names, text: str) -> dict[int, Decimal]:
    """How much has come by the lines, by ingredient; one that is named twice came twice."""
    told: dict[int, Decimal] = defaultdict(Decimal)
    problems = []
    if text.strip():
        for number, cells in read_lines(text, COLUMNS, COLUMNS):
            try:
                ingredient = names.ingredient(cells.get("ingredient", ""))
                told[ingredient.ingredient_key] += _quantity(cells.get("quantity", ""), ingredient)
            except ValueError as error:
                problems.append(f"line {number}: {error}")
    if problems:
        raise TellingError("\n".join(problems))
    return dict(told)


def _quantity(text: str, ingredient: NamedIngredient) -> Decimal:
    return read_quantity(text.casefold(), ingredient.unit, pack=ingredient.pack_quantity)


def _key(subject: str, fields: Mapping[str, Any], telling: Telling) -> str:
    """What all entries of a delivery begin with: a delivery note is one delivery, whoever tells it how often."""
    note = (fields.get("delivery_note") or "").strip()
    return f"receipt:{subject}:{quote(f'note {note}' if note else telling.key)}:"


def _is_known(connection: psycopg.Connection, key: str) -> bool:
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM inventory.entry WHERE starts_with(entry_key, %s))", [key]
    ).fetchone()
    return bool(row and row[0])


def _book(
    connection: psycopg.Connection,
    names: Names,
    location_key: int,
    quantities: Mapping[int, Decimal],
    subject: str,
    fields: Mapping[str, Any],
    telling: Telling,
) -> int:
    note = (fields.get("delivery_note") or "").strip()
    reason = ", ".join(filter(None, [fields.get("purchase_order") and subject, note and f"delivery note {note}"]))
    location = next(each for each in names.locations.values() if each.location_key == location_key)
    try:
        at = read_time(fields["time"], location, telling.at) if fields.get("time") else telling.at
    except ValueError as error:
        raise TellingError(f"time: {error}") from error
    units = {each.ingredient_key: each for each in names.ingredients.values()}
    for key, quantity in quantities.items():
        if key in units:
            log.info("%s: %s has come", units[key].name, show_quantity(quantity, units[key].unit))
    return book(
        connection,
        [
            Entry(
                entry_key=f"{_key(subject, fields, telling)}{ingredient_key}",
                kind="receipt",
                location_key=location_key,
                ingredient_key=ingredient_key,
                quantity=quantity,
                occurred_at=at,
                reason=reason,
                entered_by=telling.by,
            )
            for ingredient_key, quantity in quantities.items()
            if quantity
        ],
    )
