"""The year of year.py off the shelves: every line and modifier by its recipe into the ledger, and then asked."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import psycopg

from benchmarks import year
from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from benchmarks.year import QUERY_RUNS, REACH_BYTES, copy_seconds, simulate
from include.config import load_chain
from include.config.inventory import load_inventory
from include.inventory.ledger import Entry, book, deduct_all, queue_days
from include.inventory.recipes import load_recipes
from include.warehouse import gold
from include.warehouse.dimensions import load_locations

INGREDIENTS = 500
LOCATIONS = 3
# As inventory_deduction has it done, in a process of its own so that its memory can be told.
DEDUCTION = """
import sys
import psycopg
from include.inventory.ledger import deduct_all
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    deduct_all(connection, [])
"""


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server:
        url = server.url("storekeeper", "storekeeper_app")
        simulate(url)
        inventory = load_inventory()
        with psycopg.connect(url) as connection:
            load_recipes(connection, inventory, datetime.now(UTC).date())
        seconds, peak_bytes = deduct(url)
        # As the owner, who may make the bare table.
        with psycopg.connect(server.url("storekeeper", "storekeeper_owner"), autocommit=True) as connection:
            orders, lines, movements, unmapped = connection.execute(
                """
                SELECT
                    (SELECT count(*) FROM silver.orders),
                    (SELECT count(*) FROM silver.order_lines),
                    (SELECT count(*) FROM inventory.movement),
                    (SELECT count(*) FROM (SELECT FROM inventory.unmapped LIMIT 1) AS one)
                """
            ).fetchone() or (0, 0, 0, 0)
            assert unmapped == 0, "the demo chain's recipes hold all that it sells"
            assert_sums(connection)
            bare_seconds = copy_seconds(connection, "SELECT * FROM inventory.movement", home / "movements")
        yield Figure(
            f"{orders:,} orders / {lines:,} lines: deducted, {movements:,} movements",
            seconds,
            reach=10,
            floor="COPY of the same movements into a bare table",
            floor_seconds=bare_seconds,
        )
        yield Figure("peak resident memory of the same", peak_bytes / 1e9, reach=REACH_BYTES / 1e9, unit="GB")
        with psycopg.connect(url, autocommit=True) as connection:
            again_seconds = deduct_day_again(connection)
            yield Figure(
                f"{INGREDIENTS * LOCATIONS:,} counts booked at once, on that year",
                count_everything(connection),
                reach=5,
                notes=f"a day's orders held against the ledger again: {again_seconds:.2f} s",
            )
            half_way_at = datetime.now(UTC) - timedelta(days=year.DAYS / 2)
            past_seconds = median_seconds(connection, "SELECT * FROM inventory.stock_at(%s)", half_way_at)
            yield Figure(
                f"stock of {INGREDIENTS} ingredients at {LOCATIONS} locations, on that year",
                median_seconds(connection, "SELECT * FROM inventory.stock"),
                reach=0.050,
                notes=f"half a year ago: {past_seconds:.3f} s",
            )


def deduct(url: str) -> tuple[float, int]:
    """Seconds and peak bytes of the deduction of all that waits."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", DEDUCTION, url], cwd=Path(__file__).parents[1])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    assert status == 0, f"the deduction failed with status {status}"
    return seconds, usage.ru_maxrss * 1024


def assert_sums(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        """
        SELECT
            (SELECT sum(quantity) FROM inventory.sale_use),
            (SELECT -sum(quantity) FROM inventory.daily_movement),
            (SELECT -sum(quantity) FROM inventory.stock_level)
        """
    ).fetchall()
    assert len(set(rows[0])) == 1, f"what the recipes say, and the ledger's sums: {rows[0]}"


def deduct_day_again(connection: psycopg.Connection) -> float:
    """Seconds for the orders of the newest business day; none of them has changed."""
    row = connection.execute("SELECT max(business_date) FROM gold.fact_sales").fetchone()
    assert row is not None, "something was sold"
    started = time.perf_counter()
    queue_days(connection, row[0], row[0])
    deducted = deduct_all(connection, [])
    seconds = time.perf_counter() - started
    assert deducted.order_count > 0
    assert deducted.movement_count == 0
    return seconds


def count_everything(connection: psycopg.Connection) -> float:
    """Seconds for a count of every ingredient at every location, in one go."""
    chain = load_chain()
    with connection.transaction():
        for number in range(1, LOCATIONS):
            body = b'{"id": "L%d", "name": "Another", "currency": "USD", "status": "ACTIVE"}' % number
            described = chain.locations[0].model_copy(update={"name": f"Another {number}"})
            load_locations(connection, [body], partial(lambda location, *_: location, described))
        gold.prepare(connection)
        connection.execute(
            """
            INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, is_active)
            SELECT 'Another ' || number, 'g', 'another:' || number, false, true
            FROM generate_series((SELECT count(*) FROM inventory.ingredient) + 1, %s) AS number
            """,
            [INGREDIENTS],
        )
    pairs = connection.execute(
        "SELECT location_key, ingredient_key FROM gold.dim_location CROSS JOIN inventory.ingredient"
    ).fetchall()
    assert len(pairs) == INGREDIENTS * LOCATIONS
    at = datetime.now(UTC)
    entries = [
        Entry(f"{location}:{ingredient}", "count", location, ingredient, Decimal(1000), at, "", "benchmark")
        for location, ingredient in pairs
    ]
    started = time.perf_counter()
    with connection.transaction():
        assert book(connection, entries) == len(pairs)
    return time.perf_counter() - started


def median_seconds(connection: psycopg.Connection, query: str, *parameters: object) -> float:
    """As a client sees it, with every location and ingredient in the answer."""
    seconds = []
    for _ in range(QUERY_RUNS):
        started = time.perf_counter()
        rows = connection.execute(query.encode(), parameters).fetchall()
        seconds.append(time.perf_counter() - started)
    assert rows
    return statistics.median(seconds)
