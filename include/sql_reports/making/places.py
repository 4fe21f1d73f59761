"""Who hears of each location, by the name that reports have for it."""

from collections.abc import Mapping, Sequence

from include.config import Chain
from include.warehouse.connection import connect


def recipients_by_location(chain: Chain) -> Mapping[str, Sequence[str]]:
    """The recipients of locations.yaml, by the names of the chain and by those of Square, where they differ; locations
    without any are left out."""
    with connect() as connection:
        known = connection.execute("SELECT location_id, name FROM gold.dim_location").fetchall()
    locations = {location.name: location for location in chain.locations}
    for location_id, name in known:
        if location := chain.location_of_square(location_id, name):
            locations[name] = location
    return {name: location.recipients for name, location in locations.items() if location.recipients}
