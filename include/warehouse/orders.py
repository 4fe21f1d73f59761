"""Orders into bronze and silver: Square's JSON in, the same rows out however late, often or reordered it comes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import attrgetter

import psycopg

from include.warehouse.copying import copy_rows
from include.warehouse.order_versions import Keyed, Versions, type_orders
from include.warehouse.rejections import write_rejections
from include.warehouse.statements import statement
from include.warehouse.typed_order import Row, TypedOrder

# Keeps a chunk's typed rows, and what Postgres sorts and hashes of them, in some 50 MB.
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


def load_orders(connection: psycopg.Connection, bodies: Iterable[bytes]) -> Loaded:
    """Loads orders into bronze and silver, in chunks, within the caller's transaction, and queues them for gold.

    Only a later version than bronze holds changes anything. What cannot be typed goes to ``bronze.rejected``.
    Who loads much types a chunk ahead in a thread, with ``type_orders``, while ``write_orders`` waits for Postgres.

    :param bodies: one order of Square's a piece, as JSON. The shorter the text, the faster.
    """
    currencies = location_currencies(connection)
    loaded = Loaded()
    for chunk in _chunks(bodies):
        loaded += write_orders(connection, type_orders(chunk, currencies))
    return loaded


def location_currencies(connection: psycopg.Connection) -> Mapping[str, str]:
    """Currencies of the locations that the configuration knows, by location id: what ``type_orders`` has to be told."""
    return dict(connection.execute("SELECT location_id, currency FROM silver.locations").fetchall())


def write_orders(connection: psycopg.Connection, versions: Versions) -> Loaded:
    """The second half of ``load_orders``, for one chunk."""
    _prepare(connection)
    _lock(connection, versions.updated_at)
    news = _news(connection, versions.latest)
    _write_bronze(connection, [keyed for keyed, _ in news])
    _write_silver(connection, [typed for _, typed in news if typed is not None])
    write_rejections(connection, "order", versions.rejections)
    return Loaded(
        seen_count=versions.seen_count,
        changed_count=len(news),
        rejected_count=len(versions.rejections),
        unknown_location_ids={keyed.key.location_id for keyed, typed in versions.latest if typed is None},
        updated_at=versions.updated_at,
    )


def reload_orders(connection: psycopg.Connection, location_ids: Collection[str]) -> int:
    """Types again what bronze holds of these locations: after the configuration has come to know them.

    :returns: how many orders silver has of them now.
    """
    _lock(connection, location_ids)
    currencies = location_currencies(connection)
    order_count = 0
    with connection.cursor("bronze_orders") as cursor:
        cursor.itersize = CHUNK_ORDERS
        cursor.execute(
            "SELECT body FROM bronze.square_orders WHERE location_id = ANY(%s) ORDER BY order_id", [list(location_ids)]
        )
        for chunk in _chunks(body.encode() for (body,) in cursor):
            _prepare(connection)
            versions = type_orders(chunk, currencies)
            typed = [typed for _, typed in versions.latest if typed is not None]
            _write_silver(connection, typed)
            rejected_ids = [each.object_id for each in versions.rejections]
            connection.execute("DELETE FROM bronze.square_orders WHERE order_id = ANY(%s)", [rejected_ids])
            write_rejections(connection, "order", versions.rejections)
            order_count += len(typed)
    return order_count


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


def _news(
    connection: psycopg.Connection, latest: Sequence[tuple[Keyed, TypedOrder | None]]
) -> list[tuple[Keyed, TypedOrder | None]]:
    """The orders of which bronze holds no version as late."""
    rows = connection.execute(
        "SELECT order_id, version, updated_at FROM bronze.square_orders WHERE order_id = ANY(%s)",
        [[keyed.key.id for keyed, _ in latest]],
    )
    known = {order_id: (version, updated_at) for order_id, version, updated_at in rows}
    return [each for each in latest if each[0].key.id not in known or each[0].version > known[each[0].key.id]]


def _write_bronze(connection: psycopg.Connection, orders: Sequence[Keyed]) -> None:
    connection.execute("DELETE FROM bronze.square_orders WHERE order_id = ANY(%s)", [[each.key.id for each in orders]])
    copy_rows(
        connection,
        "bronze.square_orders",
        (
            (each.key.id, each.key.version, each.key.location_id, each.key.updated_at, each.body.decode())
            for each in orders
        ),
        ("order_id", "version", "location_id", "updated_at", "body"),
    )


def _write_silver(connection: psycopg.Connection, orders: Sequence[TypedOrder]) -> None:
    copy_rows(connection, "incoming_order", ((number, *each.order) for number, each in enumerate(orders)))
    connection.execute(statement("silver/orders"))
    connection.execute("ANALYZE written_order")
    connection.execute(statement("silver/replaced"))
    for name, incoming, rows_of in CHILDREN:
        rows = ((number, *row) for number, each in enumerate(orders) for row in rows_of(each))
        copy_rows(connection, incoming, rows)
        connection.execute(statement(name))
    connection.execute(statement("gold/pending_order"))
