"""Takes a location out of the warehouse again: one that was simulated, or that the chain has sold."""

import psycopg

from include.warehouse.statements import statement


def delete_location(connection: psycopg.Connection, location_id: str) -> None:
    """Deletes the location and all orders of it, in the caller's transaction. Without it, nothing happens.

    The materialized views follow with the next ``sync_gold``. Customers and products stay.
    """
    connection.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('square_orders'), hashtext(%s))", [location_id])
    connection.execute(statement("silver/deleted_location"), {"location_id": location_id})
