"""Which location of the chain an order is of."""

from collections.abc import Mapping

import psycopg

from include.config import Chain


def location_of_provider(chain: Chain, provider_location: str) -> str | None:
    """The chain's name of what an order provider calls a location: the same, or one that large_orders.yaml knows."""
    if any(location.name == provider_location for location in chain.locations):
        return provider_location
    known = (terms.location for terms in chain.large_orders.locations if provider_location in terms.known_as)
    return next(known, None)


def location_of_square(chain: Chain, names: Mapping[str, str], square_location_id: str) -> str | None:
    """:param names: Square's location ids → its names of them."""
    location = chain.location_of_square(square_location_id, names.get(square_location_id, ""))
    return location.name if location else None


def square_location_names(connection: psycopg.Connection) -> dict[str, str]:
    """Square's location ids → its names, as the last square_sync saw them."""
    return dict(connection.execute("SELECT location_id, body ->> 'name' FROM bronze.square_locations").fetchall())
