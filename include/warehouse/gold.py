"""Gold: takes over the orders that silver has changed, with dimensions, partitions and materialized views."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import psycopg
from psycopg import sql

from include.warehouse.statements import statement

# Keeps what Postgres sorts and hashes of a chunk's rows within its work_mem.
CHUNK_ORDERS = 10_000
DIMENSIONS = ("gold/dim_location", "gold/dim_product", "gold/dim_customer")
VIEWS = ("gold.daily_sales_summary", "gold.product_performance")


@dataclass
class Taken:
    """What gold took over: orders, rows of fact_sales, and the business days that lost or won rows."""

    order_count: int = 0
    row_count: int = 0
    dates: set[date] = field(default_factory=set)

    def __iadd__(self, other: "Taken") -> "Taken":
        self.order_count += other.order_count
        self.row_count += other.row_count
        self.dates |= other.dates
        return self


def prepare(connection: psycopg.Connection) -> None:
    """Dimensions, partitions and calendar for all that waits; before anyone takes orders over."""
    for name in DIMENSIONS:
        connection.execute(statement(name))
    connection.execute(statement("gold/dim_product_unlisted"))
    missing = connection.execute(
        """
        SELECT year::integer
        FROM (
            SELECT extract(year FROM business_date) AS year
            FROM gold.pending_order JOIN silver.orders USING (order_key)
            UNION SELECT extract(year FROM current_date)
            UNION SELECT extract(year FROM current_date) + 1
        ) AS years
        WHERE to_regclass('gold.fact_sales_' || year) IS NULL
        ORDER BY year
        """
    ).fetchall()
    for (year,) in missing:
        connection.execute("SELECT gold.ensure_fact_sales_partition(%s)", [year])
        connection.execute(statement("gold/dim_date"), {"year": year})


def take_over(connection: psycopg.Connection, limit: int = CHUNK_ORDERS) -> Taken:
    """Takes the next waiting orders out of the queue and writes their rows anew, in the caller's transaction.

    Several connections may do so at once: each takes orders that no other does.
    """
    connection.execute("SET LOCAL client_min_messages = warning; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
    connection.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS taken_order (order_key bigint PRIMARY KEY) ON COMMIT DELETE ROWS"
    )
    connection.execute("TRUNCATE taken_order")
    taken = Taken(connection.execute(statement("gold/taken_order"), {"limit": limit}).rowcount)
    if taken.order_count == 0:
        return taken
    connection.execute("ANALYZE taken_order")
    taken.dates.update(day for (day,) in connection.execute(statement("gold/replaced_facts")))
    taken.row_count = connection.execute(statement("gold/fact_sales")).rowcount
    taken.dates.update(
        day
        for (day,) in connection.execute(
            "SELECT DISTINCT business_date FROM silver.orders JOIN taken_order USING (order_key)"
        )
    )
    connection.execute(
        "INSERT INTO gold.touched_date SELECT unnest(%s::date[]) ON CONFLICT DO NOTHING", [sorted(taken.dates)]
    )
    # What was sold takes its ingredients off the shelf: inventory_deduction works through this queue. A row that is
    # there already is locked, so that it is not worked through before these facts are committed.
    connection.execute(
        "INSERT INTO inventory.pending_order SELECT order_key FROM taken_order"
        " ON CONFLICT (order_key) DO UPDATE SET order_key = excluded.order_key"
    )
    return taken


def take_over_all(connections: Sequence[psycopg.Connection]) -> Taken:
    """Takes over all that waits, each chunk in a transaction of its own, the connections side by side."""

    def work(connection: psycopg.Connection) -> Taken:
        total = Taken()
        while True:
            with connection.transaction():
                taken = take_over(connection)
            if taken.order_count == 0:
                return total
            total += taken

    taken = Taken()
    with ThreadPoolExecutor(len(connections)) as pool:
        for part in pool.map(work, connections):
            taken += part
    return taken


def refresh(connections: Sequence[psycopg.Connection]) -> None:
    """Refreshes the materialized views without locking readers out, side by side."""

    def work(connection: psycopg.Connection, views: Sequence[str]) -> None:
        for view in views:
            name = sql.Identifier(*view.split("."))
            with connection.transaction():
                connection.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
                is_filled = connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name)).rowcount
                # Comparing row by row takes at least three times as long, and nobody reads from an empty view.
                way = sql.SQL("CONCURRENTLY" if is_filled else "")
                connection.execute(sql.SQL("REFRESH MATERIALIZED VIEW {} {}").format(way, name))

    with ThreadPoolExecutor(len(connections)) as pool:
        shares = [VIEWS[number :: len(connections)] for number in range(len(connections))]
        list(pool.map(work, connections, shares))
