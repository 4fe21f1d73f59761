"""Simulated years into the warehouse, and out of it again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import psycopg

from include.sales.simulation.surroundings import (
    catalog_bodies,
    customer_bodies,
    described,
    location_body,
    location_id,
)
from include.sales.simulation.years import Simulation, order_bodies
from include.warehouse.ahead import ahead
from include.warehouse.delete_location import delete_location
from include.warehouse.dimensions import load_catalog, load_customers, load_locations
from include.warehouse.order_versions import type_orders
from include.warehouse.orders import CHUNK_ORDERS, location_currencies, write_orders
from include.warehouse.sync import sync_gold

_DELETIONS = Path(__file__).parent / "deletions.sql"


class AlreadySimulatedError(Exception):
    """The location holds a simulation; the message says how to be rid of it."""


def load_simulation(
    connections: Sequence[psycopg.Connection],
    simulation: Simulation,
    name: str,
    *,
    into_gold: bool,
    progress: Callable[[str], None],
) -> int:
    """Loads a simulation under a location of its own, committing chunk by chunk.

    :param connections: in autocommit mode; gold uses all of them.
    :param name: the simulated location's.
    :returns: how many orders were loaded, refunds among them.
    :raises AlreadySimulatedError: when a location of that name has orders.
    """
    connection = connections[0]
    known = connection.execute(
        "SELECT 1 FROM bronze.square_orders WHERE location_id = %s LIMIT 1", [simulation.location_id]
    ).fetchone()
    if known:
        raise AlreadySimulatedError(
            f"the location {name!r} has orders: --delete them first, or give another --location"
        )
    with connection.transaction():
        load_locations(connection, [location_body(simulation, name)], lambda _id, _name: described(simulation, name))
        load_catalog(connection, catalog_bodies(simulation))
        load_customers(connection, customer_bodies(simulation))
    loaded = 0
    currencies = location_currencies(connection)
    # The next orders are made and typed while Postgres writes these.
    made = (type_orders(chunk, currencies) for chunk in _chunks(order_bodies(simulation)))
    with closing(ahead(made, 1)) as typed:
        for versions in typed:
            with connection.transaction():
                part = write_orders(connection, versions)
            if part.rejected_count:
                raise RuntimeError(f"{part.rejected_count} simulated orders were rejected: see bronze.rejected")
            loaded += part.seen_count
            progress(f"{loaded:,} orders in bronze and silver")
    if into_gold:
        progress("gold takes them over")
        sync_gold(connections)
    return loaded


def delete_simulation(connections: Sequence[psycopg.Connection], name: str, *, progress: Callable[[str], None]) -> int:
    """Deletes the simulated location of that name and all that belongs to it, from every layer, in one transaction.

    :returns: how many orders are gone.
    """
    connection = connections[0]
    progress("the orders are deleted")
    with connection.transaction():
        deleted = delete_location(connection, location_id(name))
        connection.execute(_DELETIONS.read_bytes(), {"prefix": f"{location_id(name)}-"})
    progress("the views are refreshed")
    sync_gold(connections)
    return deleted


def _chunks(bodies: Iterator[bytes]) -> Iterator[list[bytes]]:
    while chunk := list(islice(bodies, CHUNK_ORDERS)):
        yield chunk
