"""What the DAGs of stock do: owns the transactions, and says in the log what came of it."""

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from include.config import load_chain
from include.config.inventory import load_inventory
from include.inventory.at_square import sync_stock
from include.inventory.ledger import book, deduct_all, queue_days
from include.inventory.ledger.names import read_names
from include.inventory.ledger.telling import Telling, read_entries
from include.inventory.recipes import load_recipes
from include.square.away import SquareAwayError
from include.square.client import square_client
from include.square.raw import closing
from include.warehouse.connection import connect

log = logging.getLogger(__name__)

# Above so many new rows the planner's statistics are brought up to date at once.
MANY_MOVEMENTS = 200_000


def keep_ledger(params: Mapping[str, Any], run: Any) -> dict[str, int]:
    """Brings recipes up to date, then takes what was sold off the shelves.

    :param params: ``start`` and ``end``: business days, both included, whose orders are held against the ledger again.
    :param run: the DAG run; it says what day it is.
    :raises ValueError: when only one day is given, or they are in the wrong order.
    """
    days = _days(params.get("start"), params.get("end"))
    inventory = load_inventory()
    today = max(location.business_date(run.run_after) for location in load_chain().locations)
    started = time.perf_counter()
    with connect() as connection:
        load_recipes(connection, inventory, today)
    with connect() as connection:
        connection.autocommit = True
        queued_count = queue_days(connection, *days) if days else 0
        deducted = deduct_all(connection, inventory.returns.restocking_reasons)
        if deducted.movement_count > MANY_MOVEMENTS:
            connection.execute("ANALYZE inventory.movement, inventory.daily_movement, inventory.stock_level")
    log.info(
        "%d orders (%d of them asked for again): %d movements in %.2f s",
        deducted.order_count,
        queued_count,
        deducted.movement_count,
        time.perf_counter() - started,
    )
    if inventory.ingredients and deducted.unmapped:
        log.warning("Sold without a recipe: %s. See recipes.yaml.", "; ".join(sorted(deducted.unmapped)))
    return {
        "orders": deducted.order_count,
        "movements": deducted.movement_count,
        "unmapped": len(deducted.unmapped),
    }


def tell_ledger(params: Mapping[str, Any], run: Any) -> int:
    """Books what a form or its lines say, all or nothing; the run is told again without booking again.

    :returns: how many entries were new.
    :raises TellingError: with every line's problems.
    """
    telling = Telling(f"{run.dag_id}:{run.run_id}", run.run_after, run.triggering_user_name or "unknown")
    with connect() as connection:
        entries = read_entries(read_names(connection), params, telling)
        booked_count = book(connection, entries)
    log.info("%d entries told by %s: %d booked", len(entries), telling.by, booked_count)
    return booked_count


def tell_square() -> dict[str, int]:
    """Brings Square's counts up to date. While Square is away they wait for the next run; that it is, square_sync
    tells."""
    with closing(square_client()) as client, connect() as connection:
        try:
            return asdict(sync_stock(connection, client))
        except SquareAwayError as error:
            log.warning("%s. The ledger is right; the next run brings Square's counts up to date.", error)
            return {}


def _days(start: str | None, end: str | None) -> tuple[date, date] | None:
    if not (start or end):
        return None
    if not (start and end):
        raise ValueError("start and end belong together: give both, or neither for what is new")
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if last < first:
        raise ValueError(f"end {end} lies before start {start}")
    return first, last
