"""Where Square counts what: its names for our locations and ingredients."""

import psycopg

from include.square.client import Square
from include.square.stock import Count, Place, read_counts


def square_counts(connection: psycopg.Connection, client: Square) -> dict[Place, Count]:
    """What Square says of everything that it can count of ours, in a call for each thousand."""
    places = connection.execute("SELECT variation_id, location_id FROM inventory.square_place").fetchall()
    variation_ids = sorted({variation_id for variation_id, _ in places})
    location_ids = sorted({location_id for _, location_id in places})
    return read_counts(client, variation_ids, location_ids)
