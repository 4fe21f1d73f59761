"""Takes a location out of the warehouse again: one that was simulated, or that the chain has sold."""

import psycopg

from include.warehouse.orders import lock_orders
from include.warehouse.statements import statement


def delete_location(connection: psycopg.Connection, location_id: str) -> int:
    """Deletes the location and all orders of it, in the caller's transaction. Without it, nothing happens.

    The materialized views follow with the next ``sync_gold``. Customers and products stay.

    :returns: how many orders are gone.
    """
    # A run of sync_gold beside it would hold the orders against views that still have them.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('gold'))")
    lock_orders(connection, [location_id])
    connection.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
    order_keys = [
        key
        for (key,) in connection.execute("SELECT order_key FROM silver.orders WHERE location_id = %s", [location_id])
    ]
    location_keys = connection.execute(
        "SELECT location_key FROM gold.dim_location WHERE location_id = %s", [location_id]
    ).fetchall()
    connection.execute(statement("silver/deleted_orders"), {"order_keys": order_keys})
    connection.execute(statement("silver/deleted_location"), {"location_id": location_id, "order_keys": order_keys})
    for (location_key,) in location_keys:
        connection.execute("SELECT inventory.forget_location(%s)", [location_key])
    return len(order_keys)
