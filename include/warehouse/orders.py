"""Orders into bronze and silver: Square's JSON in, the same rows out however late, often or reordered it comes."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

import msgspec
import psycopg

from include.warehouse.copying import copy_rows
from include.warehouse.rejections import MalformedError, Rejection, check_text, illegible, write_rejections
from include.warehouse.square_order import Key, key_decoder
from include.warehouse.statements import statement
from include.warehouse.typed_order import Row, TypedOrder, type_order

# Keeps a chunk's typed rows, and what Postgres sorts and hashes of them, in some 100 MB.
CHUNK_ORDERS = 5_000
# What stands below an order: its statement, where its rows wait, and where the typed order has them.
CHILDREN: tuple[tuple[str, str, Callable[[TypedOrder], list[Row]]], ...] = (
    ("silver/order_lines", "incoming_line", attrgetter("lines")),
    ("silver/order_line_modifiers", "incoming_modifier", attrgetter("modifiers")),
    ("silver/order_adjustments", "incoming_adjustment", attrgetter("adjustments")),
    ("silver/order_tenders", "incoming_tender", attrgetter("tenders")),
    ("silver/order_return_lines", "incoming_return_line", attrgetter("return_lines")),
    ("silver/refunds", "incoming_refund", attrgetter("refunds")),
)


@dataclass
class Loaded:
    """What a load did; orders of a location that the configuration does not know wait in bronze."""

    seen_count: int = 0
    changed_count: int = 0
    rejected_count: int = 0
    unknown_location_ids: set[str] = field(default_factory=set)
    # The latest change that was seen, per location: how far the watermark may move.
    updated_at: dict[str, datetime] = field(default_factory=dict)

    def __iadd__(self, other: "Loaded") -> "Loaded":
        self.seen_count += other.seen_count
        self.changed_count += other.changed_count
        self.rejected_count += other.rejected_count
        self.unknown_location_ids |= other.unknown_location_ids
        for location_id, at in other.updated_at.items():
            self.updated_at[location_id] = max(at, self.updated_at.get(location_id, at))
        return self


class Keyed(NamedTuple):
    """An order whose key could be read."""

    key: Key
    body: bytes

    @property
    def version(self) -> tuple[int, datetime]:
        return self.key.version, self.key.updated_at


def load_orders(connection: psycopg.Connection, bodies: Iterable[bytes]) -> Loaded:
    """Loads orders into bronze and silver, in chunks, within the caller's transaction, and queues them for gold.

    Only a later version than bronze holds changes anything. What cannot be typed goes to ``bronze.rejected``.

    :param bodies: one order of Square's a piece, as JSON. Half of the time goes by the length of the text.
    """
    loaded = Loaded()
    for chunk in _chunks(bodies):
        _prepare(connection)
        keyed, rejections = _read_keys(chunk)
        part = Loaded(seen_count=len(chunk))
        for each in keyed:
            location_id, at = each.key.location_id, each.key.updated_at
            part.updated_at[location_id] = max(at, part.updated_at.get(location_id, at))
        _lock(connection, part.updated_at)
        typing = _type(connection, _news(connection, keyed))
        _write_bronze(connection, typing.kept)
        _write_silver(connection, typing.orders)
        write_rejections(connection, "order", rejections + typing.rejections)
        part.changed_count = len(typing.kept)
        part.rejected_count = len(rejections) + len(typing.rejections)
        part.unknown_location_ids = typing.unknown_location_ids
        loaded += part
    return loaded


def reload_orders(connection: psycopg.Connection, location_ids: Collection[str]) -> Loaded:
    """Types again what bronze holds of these locations: after the configuration has come to know them."""
    loaded = Loaded()
    _lock(connection, location_ids)
    with connection.cursor("bronze_orders") as cursor:
        cursor.itersize = CHUNK_ORDERS
        cursor.execute(
            "SELECT body FROM bronze.square_orders WHERE location_id = ANY(%s) ORDER BY order_id", [list(location_ids)]
        )
        for chunk in _chunks(body.encode() for (body,) in cursor):
            _prepare(connection)
            keyed, _ = _read_keys(chunk)
            typing = _type(connection, keyed)
            _write_silver(connection, typing.orders)
            rejected_ids = [each.object_id for each in typing.rejections]
            connection.execute("DELETE FROM bronze.square_orders WHERE order_id = ANY(%s)", [rejected_ids])
            write_rejections(connection, "order", typing.rejections)
            loaded += Loaded(len(chunk), len(typing.orders), len(typing.rejections), typing.unknown_location_ids)
    return loaded


def _chunks(bodies: Iterable[bytes]) -> Iterator[list[bytes]]:
    iterator = iter(bodies)
    while chunk := list(islice(iterator, CHUNK_ORDERS)):
        yield chunk


def _prepare(connection: psycopg.Connection) -> None:
    connection.execute("SET LOCAL client_min_messages = warning; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
    connection.execute(statement("silver/incoming"))


def _lock(connection: psycopg.Connection, location_ids: Iterable[str]) -> None:
    """Two loads of a location (a backfill beside the schedule) take turns; sorted, so that they cannot deadlock."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtext('square_orders'), hashtext(id)) FROM unnest(%s::text[]) AS id",
        [sorted(location_ids)],
    )


def _read_keys(bodies: Iterable[bytes]) -> tuple[list[Keyed], list[Rejection]]:
    keyed = []
    rejections = []
    for body in bodies:
        try:
            keyed.append(Keyed(key_decoder.decode(body), body))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            rejections.append(illegible(body, error))
    return keyed, rejections


def _news(connection: psycopg.Connection, keyed: list[Keyed]) -> list[Keyed]:
    """The versions that are later than what bronze holds of their orders."""
    rows = connection.execute(
        "SELECT order_id, version, updated_at FROM bronze.square_orders WHERE order_id = ANY(%s)",
        [[each.key.id for each in keyed]],
    )
    known = {order_id: (version, updated_at) for order_id, version, updated_at in rows}
    return [each for each in keyed if each.key.id not in known or each.version > known[each.key.id]]


@dataclass
class Typing:
    """Of each order its latest version that can be typed, and what is later and cannot.

    Whether an order of an unknown location can, nobody knows yet: it is kept.
    """

    kept: list[Keyed] = field(default_factory=list)
    orders: list[TypedOrder] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    unknown_location_ids: set[str] = field(default_factory=set)


def _type(connection: psycopg.Connection, keyed: Iterable[Keyed]) -> Typing:
    rows = connection.execute("SELECT location_id, currency FROM silver.locations").fetchall()
    currencies: dict[str, str] = dict(rows)
    versions: dict[str, list[Keyed]] = {}
    for each in keyed:
        versions.setdefault(each.key.id, []).append(each)
    typing = Typing()
    for candidates in versions.values():
        candidates.sort(key=attrgetter("version"), reverse=True)
        for each in candidates:
            currency = currencies.get(each.key.location_id)
            try:
                if currency is None:
                    check_text(each.body)
                    typing.unknown_location_ids.add(each.key.location_id)
                else:
                    typing.orders.append(type_order(each.body, currency))
            except MalformedError as error:
                typing.rejections.append(Rejection(each.key.id, each.key.version, str(error), each.body))
            else:
                typing.kept.append(each)
                break
    return typing


def _write_bronze(connection: psycopg.Connection, kept: list[Keyed]) -> None:
    connection.execute("DELETE FROM bronze.square_orders WHERE order_id = ANY(%s)", [[each.key.id for each in kept]])
    copy_rows(
        connection,
        "bronze.square_orders",
        (
            (each.key.id, each.key.version, each.key.location_id, each.key.updated_at, each.body.decode())
            for each in kept
        ),
        ("order_id", "version", "location_id", "updated_at", "body"),
    )


def _write_silver(connection: psycopg.Connection, orders: list[TypedOrder]) -> None:
    copy_rows(connection, "incoming_order", ((number, *each.order) for number, each in enumerate(orders)))
    connection.execute(statement("silver/orders"))
    connection.execute("ANALYZE written_order")
    connection.execute(statement("silver/replaced"))
    for name, incoming, rows_of in CHILDREN:
        rows = ((number, *row) for number, each in enumerate(orders) for row in rows_of(each))
        copy_rows(connection, incoming, rows)
        connection.execute(statement(name))
    connection.execute(statement("gold/pending_order"))
