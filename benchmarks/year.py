"""A year for analysis: 365,000 orders simulated, loaded through bronze and silver into gold, and then asked."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure

DAYS = 365
ORDERS = 1000
QUERY_RUNS = 15
REACH_BYTES = 600 * 2**20

ITEM_BY_DAY = """
    SELECT performance.business_date, product.item_name, sum(performance.sold_quantity), sum(performance.net_cents)
    FROM gold.product_performance AS performance
    JOIN gold.dim_product AS product USING (product_key)
    WHERE performance.location_key = %(location_key)s
        AND performance.business_date BETWEEN %(last_date)s::date - 29 AND %(last_date)s
        AND product.kind = 'variation'
    GROUP BY performance.business_date, product.item_name
    ORDER BY performance.business_date, product.item_name
"""


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server:
        seconds, peak_bytes = simulate(server.url("storekeeper", "storekeeper_app"))
        # As the owner, who may make the bare table.
        with psycopg.connect(server.url("storekeeper", "storekeeper_owner"), autocommit=True) as connection:
            orders, lines = connection.execute(
                "SELECT (SELECT count(*) FROM silver.orders), (SELECT count(*) FROM silver.order_lines)"
            ).fetchone() or (0, 0)
            json_seconds = copy_seconds(
                connection,
                "SELECT order_id, line_number, version, body::text FROM bronze.square_line_items",
                home / "json",
            )
            typed_seconds = copy_seconds(connection, "SELECT * FROM silver.order_lines", home / "typed")
            yield Figure(
                f"{orders:,} orders / {lines:,} lines: simulate to refreshed gold",
                seconds,
                reach=15,
                floor="COPY of the same lines, as Square writes them, into a bare table",
                floor_seconds=json_seconds,
                notes=f"against COPY of the typed lines ({typed_seconds:.2f} s): {seconds / typed_seconds:.1f}",
            )
            yield Figure(
                "peak resident memory of the same",
                peak_bytes / 1e9,
                reach=REACH_BYTES / 1e9,
                unit="GB",
            )
            yield Figure(
                "gold query: item by day for 30 days, one location, on that year",
                *ask(connection),
            )


def simulate(url: str) -> tuple[float, int]:
    """Seconds and peak bytes of the command as a user would give it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "include.sales.simulate", "--days", str(DAYS), "--orders", str(ORDERS)],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"STOREKEEPER_DB_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    assert status == 0, f"the simulation failed with status {status}"
    return seconds, usage.ru_maxrss * 1024


def copy_seconds(connection: psycopg.Connection, query: str, file: Path) -> float:
    """Writes the query's rows to a file, and measures COPY of the file into a bare table, committed."""
    with file.open("wb") as output, connection.cursor().copy(f"COPY ({query}) TO STDOUT") as rows:
        for block in rows:
            output.write(block)
    connection.execute(f"CREATE TABLE bare AS {query} LIMIT 0")
    started = time.perf_counter()
    with file.open("rb") as source, connection.cursor().copy("COPY bare FROM STDIN") as table:
        while block := source.read(1 << 20):
            table.write(block)
    seconds = time.perf_counter() - started
    connection.execute("DROP TABLE bare")
    return seconds


def ask(connection: psycopg.Connection) -> tuple[float, float]:
    """Median seconds of the query as a client sees it, and the seconds to stay under."""
    row = connection.execute(
        "SELECT location_key, max(business_date) FROM gold.daily_sales_summary GROUP BY 1 ORDER BY count(*) DESC"
    ).fetchone()
    assert row is not None, "the year has no rows in gold"
    parameters = {"location_key": row[0], "last_date": row[1]}
    seconds = []
    for _ in range(QUERY_RUNS):
        started = time.perf_counter()
        rows = connection.execute(ITEM_BY_DAY, parameters).fetchall()
        seconds.append(time.perf_counter() - started)
    assert len({row[0] for row in rows}) == 30, "thirty days were asked for"
    return statistics.median(seconds), 0.020
