"""What square_sync does: fetch from Square, load, take over into gold. Owns the transactions, and times itself."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from html import escape

import psycopg

from include.config import Chain
from include.mail.outbox import enqueue
from include.square import bulk
from include.square.client import Square
from include.warehouse import gold, watermark
from include.warehouse.ahead import ahead
from include.warehouse.dimensions import load_catalog, load_customers, load_locations
from include.warehouse.order_versions import type_orders
from include.warehouse.orders import CHUNK_ORDERS, Loaded, location_currencies, write_orders
from include.warehouse.rejections import announce_rejections
from include.warehouse.tie_out import tie_out
from include.warehouse.window import Incremental, Window

log = logging.getLogger(__name__)

# What a task leaves in XCom.
Counts = dict[str, int | float]
PAGES_AHEAD = 2 * CHUNK_ORDERS // bulk.ORDERS_A_PAGE
# Above so many new rows the planner's statistics are brought up to date at once.
MANY_ROWS = 200_000


def sync_dimensions(connection: psycopg.Connection, client: Square, chain: Chain) -> list[list[str]]:
    """Brings locations, catalog and customers up to date.

    :returns: Square's location ids in batches for SearchOrders, those together that were read equally far.
    """
    started = time.perf_counter()
    location_bodies = bulk.locations(client)
    with connection.transaction():
        locations = load_locations(connection, location_bodies, chain.location_of_square)
        for location_id, name in locations.unknown.items():
            _tell_unknown(connection, chain, location_id, name)
    with connection.transaction():
        asked_at = datetime.now(UTC)
        since = watermark.read_from(connection, "catalog")
        objects = [body for page in bulk.catalog_pages(client, since) for body in page]
        object_count = load_catalog(connection, objects)
        watermark.move(connection, "catalog", asked_at)
    with connection.transaction():
        asked_at = datetime.now(UTC)
        since = watermark.read_from(connection, "customers")
        customers = [body for page in bulk.customer_pages(client, since) for body in page]
        customer_count = load_customers(connection, customers)
        watermark.move(connection, "customers", asked_at)
    log.info(
        "%d locations, %d of %d catalog objects and %d of %d customers changed, in %.2f s",
        len(location_bodies),
        object_count,
        len(objects),
        customer_count,
        len(customers),
        time.perf_counter() - started,
    )
    return _batches(connection, locations.ids)


def sync_orders(connection: psycopg.Connection, client: Square, location_ids: Sequence[str], window: Window) -> Counts:
    """Brings the orders of up to ten locations into bronze and silver, committing chunk by chunk."""
    started = time.perf_counter()
    if isinstance(window, Incremental):
        start_at = watermark.read_from(connection, "orders", location_ids)
        pages = bulk.order_pages(client, location_ids, start_at=start_at)
    else:
        pages = bulk.order_pages(client, location_ids, start_at=window.start_at, end_at=window.end_at, by="closed_at")
    currencies = location_currencies(connection)
    connection.commit()
    loaded = Loaded()
    # Square answers, Python types and Postgres writes, each one step ahead of the next.
    chunks = _chunks(ahead(pages, PAGES_AHEAD))
    waited_seconds = 0.0
    with closing(ahead((type_orders(chunk, currencies) for chunk in chunks), 1)) as typed:
        while True:
            asked = time.perf_counter()
            versions = next(typed, None)
            waited_seconds += time.perf_counter() - asked
            if versions is None:
                break
            with connection.transaction():
                loaded += write_orders(connection, versions)
                if isinstance(window, Incremental) and versions.updated_at:
                    # The pages are sorted by it: whatever changed before the last of them has come.
                    reached_at = min(max(versions.updated_at.values()), window.until_at)
                    watermark.move(connection, "orders", reached_at, location_ids)
            log.info("%d orders after %.1f s", loaded.seen_count, time.perf_counter() - started)
    if isinstance(window, Incremental):
        with connection.transaction():
            watermark.move(connection, "orders", window.until_at, location_ids)
    seconds = time.perf_counter() - started
    log.info(
        "%d orders: %d changed, %d rejected; %.2f s waiting for Square and types, %.2f s writing bronze and silver",
        loaded.seen_count,
        loaded.changed_count,
        loaded.rejected_count,
        waited_seconds,
        seconds - waited_seconds,
    )
    if loaded.unknown_location_ids:
        log.warning(
            "Orders of locations that the configuration does not know wait in bronze: %s. Add them to locations.yaml.",
            ", ".join(sorted(loaded.unknown_location_ids)),
        )
    return {
        "orders": loaded.seen_count,
        "changed": loaded.changed_count,
        "rejected": loaded.rejected_count,
        "seconds": round(seconds, 2),
    }


def sync_gold(connections: Sequence[psycopg.Connection], chain: Chain | None = None) -> Counts:
    """Takes over all that waits, refreshes the views, ties the touched days out.

    :param connections: in autocommit mode; with two of them a large load uses two cores.
    :param chain: whose operations hear of rejected objects; nobody does without one.
    :raises TieOutError: when gold does not say what the orders say. Later runs check the same days again.
    """
    first = connections[0]
    lap = _Lap()
    rejected_count = 0
    if chain is not None:
        with first.transaction():
            rejected_count = announce_rejections(first, chain.operations_recipients)
        if rejected_count:
            log.warning("%d objects were rejected: see bronze.rejected, and the mail", rejected_count)
    # A run beside this one (a backfill, a simulation) would refresh and tie out while rows are being written.
    first.execute("SELECT pg_advisory_lock(hashtext('gold'))")
    try:
        with first.transaction():
            gold.prepare(first)
        lap("dimensions")
        taken = gold.take_over_all(connections)
        lap("facts")
        if taken.row_count > MANY_ROWS:
            first.execute("ANALYZE silver.orders, silver.order_lines, gold.fact_sales")
            lap("statistics")
        days = [day for (day,) in first.execute("SELECT business_date FROM gold.touched_date")]
        if days:
            gold.refresh(connections)
            lap("views")
            tie_out(first, min(days), max(days))
            first.execute("DELETE FROM gold.touched_date WHERE business_date = ANY(%s)", [days])
            lap("tie-out")
    finally:
        first.execute("SELECT pg_advisory_unlock(hashtext('gold'))")
    log.info("%d orders, %d rows, %d business days: %s", taken.order_count, taken.row_count, len(days), lap)
    return {
        "orders": taken.order_count,
        "rows": taken.row_count,
        "business_days": len(days),
        "rejected": rejected_count,
        "seconds": round(lap.total, 2),
    }


class _Lap:
    """Seconds of one step after the other."""

    def __init__(self) -> None:
        self._since = time.perf_counter()
        self._steps: dict[str, float] = {}

    def __call__(self, step: str) -> None:
        now = time.perf_counter()
        self._steps[step] = now - self._since
        self._since = now

    @property
    def total(self) -> float:
        return sum(self._steps.values())

    def __str__(self) -> str:
        return ", ".join(f"{step} {seconds:.2f} s" for step, seconds in self._steps.items())


def _chunks(pages: Iterator[bulk.Page]) -> Iterator[list[bytes]]:
    """Pages put together that hold as many orders as are loaded at once."""
    chunk: list[bytes] = []
    for page in pages:
        chunk += page
        if len(chunk) >= CHUNK_ORDERS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _batches(connection: psycopg.Connection, location_ids: Sequence[str]) -> list[list[str]]:
    rows = connection.execute(
        """
        SELECT id
        FROM unnest(%s::text[]) AS id
        LEFT JOIN bronze.watermark ON source = 'orders' AND scope = id
        ORDER BY updated_at NULLS FIRST, id
        """,
        [list(location_ids)],
    ).fetchall()
    connection.commit()
    ids = [location_id for (location_id,) in rows]
    return [ids[at : at + bulk.MOST_LOCATIONS] for at in range(0, len(ids), bulk.MOST_LOCATIONS)]


def _tell_unknown(connection: psycopg.Connection, chain: Chain, location_id: str, name: str) -> None:
    advice = (
        f"Square has a location {name!r} ({location_id}) that locations.yaml does not describe. Its orders wait in "
        "bronze: add the location (docs/locations.md), and the next square_sync brings them into the figures."
    )
    log.warning(advice)
    enqueue(
        connection,
        dedupe_key=f"unknown-location:{location_id}",
        recipients=chain.operations_recipients,
        subject=f"Square's location {name} is not in locations.yaml",
        text=advice,
        html=f"<p>{escape(advice)}</p>",
    )
