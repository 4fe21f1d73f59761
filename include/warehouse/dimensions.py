"""Catalog, customers and locations into bronze and silver."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import psycopg

from include.config import Location
from include.warehouse.copying import copy_rows
from include.warehouse.orders import lock_orders, reload_orders
from include.warehouse.rejections import MalformedError, Rejection, check_text, illegible, write_rejections
from include.warehouse.square_objects import Key, catalog_decoder, customer_decoder, location_decoder
from include.warehouse.statements import statement


@dataclass
class LocationsLoaded:
    """All locations of Square, and the names of those that the configuration does not know."""

    ids: list[str] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)


def load_locations(
    connection: psycopg.Connection, bodies: Iterable[bytes], describe: Callable[[str, str], Location | None]
) -> LocationsLoaded:
    """
    :param bodies: Square's locations, as JSON.
    :param describe: what the chain says of the location of that Square id and name, e.g. ``Chain.location_of_square``.
    """
    _lock(connection)
    loaded = LocationsLoaded()
    for body in bodies:
        square = location_decoder.decode(body)
        loaded.ids.append(square.id)
        connection.execute(statement("bronze/square_locations"), {"location_id": square.id, "body": body.decode()})
        location = describe(square.id, square.name)
        if location is None:
            loaded.unknown[square.id] = square.name
            continue
        row = connection.execute(
            statement("silver/locations"),
            {
                "location_id": square.id,
                "name": location.name,
                "timezone": location.timezone,
                "cutover_hour": location.cutover_hour,
                # Square's, not the configuration's: its amounts come in it.
                "currency": square.currency,
                "country": location.country,
                "market": location.market,
                "parent_company": location.parent_company,
                "is_active": square.status == "ACTIVE",
            },
        ).fetchone()
        if row is not None and row[0]:
            lock_orders(connection, [square.id])
            connection.execute(statement("silver/shifted_orders"), {"location_id": square.id})
        if _has_waiting_orders(connection, square.id):
            reload_orders(connection, [square.id])
    return loaded


def _lock(connection: psycopg.Connection) -> None:
    """Two loads of dimensions (a backfill beside the schedule) take turns."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('square_dimensions'))")


def _has_waiting_orders(connection: psycopg.Connection, location_id: str) -> bool:
    """Whether bronze holds orders of a location that was unknown until now: silver has none."""
    row = connection.execute(
        """
        SELECT EXISTS (SELECT FROM bronze.square_orders WHERE location_id = %(id)s)
           AND NOT EXISTS (SELECT FROM silver.orders WHERE location_id = %(id)s)
        """,
        {"id": location_id},
    ).fetchone()
    return row is not None and bool(row[0])


def load_catalog(connection: psycopg.Connection, bodies: Iterable[bytes]) -> int:
    """:returns: how many objects changed."""
    _stage(connection, "catalog", bodies, catalog_decoder)
    changed_count = connection.execute(statement("bronze/square_catalog")).rowcount
    if changed_count:
        connection.execute(statement("silver/products"))
    connection.execute(statement("bronze/rejected"))
    return changed_count


def load_customers(connection: psycopg.Connection, bodies: Iterable[bytes]) -> int:
    """:returns: how many customers changed."""
    _stage(connection, "customer", bodies, customer_decoder)
    changed_count = connection.execute(statement("bronze/square_customers")).rowcount
    if changed_count:
        connection.execute("ANALYZE changed_customer")
        connection.execute(statement("silver/customers_closed"))
        connection.execute(statement("silver/customers"))
    connection.execute(statement("bronze/rejected"))
    return changed_count


def _stage(
    connection: psycopg.Connection, object_type: str, bodies: Iterable[bytes], decoder: msgspec.json.Decoder[Any]
) -> None:
    """Puts the latest version of each object into incoming_object, and what has another shape into bronze.rejected."""
    latest: dict[str, tuple[Key, bytes]] = {}
    rejections: list[Rejection] = []
    for body in bodies:
        try:
            check_text(body)
            key: Key = decoder.decode(body)
        except (msgspec.MsgspecError, MalformedError) as error:
            rejections.append(illegible(body, error))
            continue
        known = latest.get(key.id)
        if known is None or (key.version, key.updated_at) > (known[0].version, known[0].updated_at):
            latest[key.id] = key, body
    _lock(connection)
    connection.execute("SET LOCAL client_min_messages = warning")
    connection.execute(statement("bronze/incoming_object"))
    copy_rows(
        connection,
        "incoming_object",
        (
            (key.id, key.type, key.version, key.is_deleted, key.updated_at, body.decode())
            for key, body in latest.values()
        ),
    )
    write_rejections(connection, object_type, rejections)
