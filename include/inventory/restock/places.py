"""Which of the chain's locations a key of the warehouse means, and who hears of it there."""

from collections.abc import Sequence

import psycopg

from include.config import Chain, Location
from include.config.inventory import Inventory


def read_locations(connection: psycopg.Connection, chain: Chain) -> dict[int, Location]:
    """The chain's locations by `location_key`; those that it does not describe are not there."""
    rows = connection.execute("SELECT location_key, location_id, name FROM gold.dim_location").fetchall()
    found = {key: chain.location_of_square(location_id, name) for key, location_id, name in rows}
    return {key: location for key, location in found.items() if location}


def recipients_at(chain: Chain, inventory: Inventory, location: Location) -> Sequence[str]:
    """Who decides on orders for a location: those that suppliers.yaml names, else the location's, else the chain's."""
    return inventory.restock.recipients or location.recipients or chain.report_recipients
