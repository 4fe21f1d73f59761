"""A business day of 100 orders off Square's shelves: our calls against one call for each order, both really made."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import uuid4

import httpx
import psycopg
from square import AsyncSquare, Square

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from include.config import Chain, Inventory, load_chain, load_inventory
from include.inventory.at_square import sync_stock
from include.inventory.ledger import deduct_all
from include.inventory.recipes import load_recipes
from include.sales.simulation.business_day import last_full_day, simulate_business_day
from include.square.checkout import NOW_HEADER
from include.square.retry import AsyncRetryingClient, RetryingClient
from include.square.setup import set_up
from include.square.stock import Place, adjustment, change_stock, read_counts
from include.warehouse.sync import sync_dimensions, sync_gold, sync_orders
from include.warehouse.window import Incremental
from tests.sandbox_process import Sandbox, running_sandbox

ORDERS = 100
REACH = 1 / 20

Counts = dict[Place, Decimal]


def run() -> Iterator[Figure]:
    chain, inventory = load_chain(), load_inventory()
    with ExitStack() as stack:
        home = stack.enter_context(folder())
        server = stack.enter_context(warehouse(home))
        sandbox = stack.enter_context(running_sandbox(home / "sandbox"))
        http = stack.enter_context(RetryingClient(timeout=60))
        client = Square(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http)
        set_up(client, chain, inventory)
        url = server.url("storekeeper", "storekeeper_app")
        connection = stack.enter_context(psycopg.connect(url, autocommit=True))
        keep(connection, client, chain, inventory)
        sync_stock(connection, client)
        calls: Counter[str] = Counter()
        http.event_hooks = {"request": [lambda request: calls.update([request.url.path])]}

        def counted(work: Callable[[], object]) -> tuple[int, float]:
            """How many calls it makes, and in how many seconds."""
            calls.clear()
            started = time.perf_counter()
            work()
            return calls.total(), time.perf_counter() - started

        sell(client, sandbox, chain, of_today=True)
        keep(connection, client, chain, inventory)
        before = at_square(connection, client)
        our_count, our_seconds = counted(lambda: sync_stock(connection, client))
        after = at_square(connection, client)
        assert_told(connection, after)
        orders = takings(connection)
        sell(client, sandbox, chain, of_today=False)
        keep(connection, client, chain, inventory)
        late_count, _ = counted(lambda: sync_stock(connection, client))
        late_after = at_square(connection, client)
        assert_told(connection, late_after)
        floor_count, floor_seconds = counted(lambda: one_by_one(client, orders))
        assert at_square(connection, client) == {
            place: there - (before[place] - after[place]) for place, there in late_after.items()
        }
    changed_count = sum(there != before[place] for place, there in after.items())
    yield Figure(
        f"{ORDERS} orders taken off at Square, {changed_count} ingredients and locations",
        our_count,
        reach=REACH,
        floor="one call for each of these orders, with what its recipes take",
        floor_seconds=floor_count,
        unit="calls",
        notes=f"{our_seconds:.2f} s and {floor_seconds:.2f} s; {late_count} calls for orders of the day before",
    )


def keep(connection: psycopg.Connection, client: Square, chain: Chain, inventory: Inventory) -> None:
    """What square_sync and inventory_deduction do, but for Square's counts."""
    for batch in sync_dimensions(connection, client, chain):
        sync_orders(connection, client, batch, Incremental(datetime.now(UTC)))
    sync_gold([connection])
    with connection.transaction():
        load_recipes(connection, inventory, datetime.now(UTC).date())
    deduct_all(connection, inventory.returns.restocking_reasons)


def sell(client: Square, sandbox: Sandbox, chain: Chain, *, of_today: bool) -> None:
    """The newest business day that is over; `of_today`: as if all of it happened now."""

    async def as_of_now(request: httpx.Request) -> None:
        request.headers.pop(NOW_HEADER, None)

    def async_client() -> AsyncSquare:
        http = AsyncRetryingClient(timeout=60)
        http.event_hooks = {"request": [as_of_now]} if of_today else {}
        return AsyncSquare(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http)

    day = last_full_day(chain, datetime.now(UTC)) - timedelta(days=1)
    sold = simulate_business_day(client, async_client, chain, day, ORDERS // len(chain.locations), seed=1 + of_today)
    assert sum(each.order_count for each in sold.values()) == ORDERS


def at_square(connection: psycopg.Connection, client: Square) -> Counts:
    """Of what Square does not sell itself."""
    places = connection.execute(
        "SELECT variation_id, location_id FROM inventory.square_place JOIN inventory.ingredient USING (ingredient_key)"
        " WHERE NOT is_sold_by_square"
    ).fetchall()
    counts = read_counts(client, sorted({one for one, _ in places}), sorted({location for _, location in places}))
    return {place: count.quantity for place, count in counts.items()}


def assert_told(connection: psycopg.Connection, counts: Counts) -> None:
    ledger = connection.execute(
        "SELECT variation_id, location_id, quantity FROM inventory.square_place"
        " JOIN inventory.stock_level USING (location_key, ingredient_key)"
    )
    quantities = {(variation_id, location_id): quantity for variation_id, location_id, quantity in ledger}
    assert counts == {place: quantities[place] for place in counts}


def takings(connection: psycopg.Connection) -> list[list[tuple[Place, Decimal]]]:
    """For each order what it takes off the shelves of what Square does not sell itself."""
    rows = connection.execute(
        """
        SELECT order_key, variation_id, location_id, -sum(quantity)
        FROM inventory.movement
        JOIN inventory.square_place USING (location_key, ingredient_key)
        JOIN inventory.ingredient USING (ingredient_key)
        WHERE kind = 'sale' AND NOT is_sold_by_square
        GROUP BY order_key, variation_id, location_id
        HAVING sum(quantity) < 0
        ORDER BY order_key
        """
    ).fetchall()
    return [
        [((variation_id, location_id), quantity) for _, variation_id, location_id, quantity in order]
        for _, order in groupby(rows, key=lambda row: row[0])
    ]


def one_by_one(client: Square, orders: Sequence[Sequence[tuple[Place, Decimal]]]) -> None:
    """The usual design: each order in a call of its own, as soon as it is known."""
    for order in orders:
        now = datetime.now(UTC)
        changes = [adjustment(place, "IN_STOCK", "SOLD", quantity, now) for place, quantity in order]
        change_stock(client, str(uuid4()), changes)
