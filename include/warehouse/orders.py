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

# Keeps a chunk's typed rows in some 25 MB.
CHUNK_ORDERS = 2_500
# What stands below an order: its table, and where the typed order has its rows.
CHILDREN: tuple[tuple[str, Callable[[TypedOrder], list[Row]]], ...] = (
    ("silver.order_lines", attrgetter("lines")),
    ("silver.order_line_modifiers", attrgetter("modifiers")),
    ("silver.order_adjustments", attrgetter("adjustments")),
    ("silver.order_tenders", attrgetter("tenders")),
    ("silver.order_return_lines", attrgetter("return_lines")),
    ("silver.refunds", attrgetter("refunds")),
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
    lock_orders(connection, versions.updated_at)
    known = _known_versions(connection, versions.latest)
    news = [each for each in versions.latest if each[0].key.id not in known or each[0].version > known[each[0].key.id]]
    _write_bronze(connection, [keyed for keyed, _ in news], known)
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
    lock_orders(connection, location_ids)
    currencies = location_currencies(connection)
    order_count = 0
    with connection.cursor("bronze_orders") as cursor:
        cursor.itersize = CHUNK_ORDERS
        cursor.execute(
            "SELECT body FROM bronze.square_orders WHERE location_id = ANY(%s) ORDER BY order_id", [list(location_ids)]
        )
        for chunk in _chunks(body.encode() for (body,) in cursor):
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


def lock_orders(connection: psycopg.Connection, location_ids: Iterable[str]) -> None:
    """Two loads of a location (a backfill beside the schedule) take turns; sorted, so that they cannot deadlock."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtext('square_orders'), hashtext(id)) FROM unnest(%s::text[]) AS id",
        [sorted(location_ids)],
    )


def _known_versions(
    connection: psycopg.Connection, latest: Sequence[tuple[Keyed, TypedOrder | None]]
) -> dict[str, tuple[int, datetime]]:
    """The versions of these orders that bronze holds, by order id."""
    rows = connection.execute(
        "SELECT order_id, version, updated_at FROM bronze.square_orders WHERE order_id = ANY(%s)",
        [[keyed.key.id for keyed, _ in latest]],
    )
    return {order_id: (version, updated_at) for order_id, version, updated_at in rows}


def _write_bronze(connection: psycopg.Connection, orders: Sequence[Keyed], known: Collection[str]) -> None:
    replaced = [each.key.id for each in orders if each.key.id in known]
    if replaced:
        connection.execute("DELETE FROM bronze.square_orders WHERE order_id = ANY(%s)", [replaced])
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
    """Every row is written once, by COPY: the keys are drawn before."""
    keyed = connection.execute(
        statement("silver/order_keys"),
        {
            "order_ids": [each.order_id for each in orders],
            "location_ids": [each.location_id for each in orders],
            "sold_at": [each.sold_at for each in orders],
        },
    ).fetchall()
    replaced = [key for key, is_replaced, _ in keyed if is_replaced]
    if replaced:
        connection.execute(statement("silver/deleted_orders"), {"order_keys": replaced})
    pairs = list(zip(keyed, orders, strict=True))
    copy_rows(connection, "silver.orders", ((key, day, *each.order) for (key, _, day), each in pairs))
    for table, rows_of in CHILDREN:
        copy_rows(connection, table, ((key, *row) for (key, _, _), each in pairs for row in rows_of(each)))
    connection.execute(statement("gold/pending_order"), {"order_keys": [key for key, _, _ in keyed]})
