"""One look at the shelves: what has changed is written down and told, what is to be ordered is proposed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import psycopg

from include.config import Chain
from include.config.inventory import Inventory
from include.inventory.restock.chasing import chase
from include.inventory.restock.location_mail import tell_location
from include.inventory.restock.ordering import expire_overdue
from include.inventory.restock.orders import PurchaseOrder, read_orders
from include.inventory.restock.places import recipients_at
from include.inventory.restock.proposing import propose, read_held
from include.inventory.restock.reading import Item, read_items
from include.inventory.restock.recording import record
from include.inventory.restock.shortages import Change
from include.inventory.restock.unneeded import tell_unneeded


@dataclass(frozen=True)
class Run:
    """The run of restock that looks. `at`: its instant."""

    run_id: str
    at: datetime
    # Of Airflow's UI.
    base_url: str


def look(connection: psycopg.Connection, chain: Chain, inventory: Inventory, run: Run) -> list[PurchaseOrder]:
    """Looks in the caller's transaction; another try of the same run finds what the first has proposed.

    :returns: what the run has proposed, in the order of its tasks that ask for the answers.
    """
    # Two looks at once would both find a shortage new.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('inventory.restock'))")
    rows = connection.execute(
        "SELECT purchase_order_key FROM inventory.purchase_order WHERE run_id = %s", [run.run_id]
    ).fetchall()
    if rows:
        return read_orders(connection, [key for (key,) in rows])
    expire_overdue(connection, chain, inventory, run.at)
    items = read_items(connection, chain, inventory, run.at)
    news = {
        (changed.item.location_key, changed.item.ingredient_key): changed.change
        for changed in record(connection, items, run.at)
        if changed.change.is_news
    }
    held = read_held(connection, run.at)
    ran_out = {pair for pair, change in news.items() if change is Change.RUNS_OUT}
    proposals = propose(connection, inventory, items, held, ran_out, run_id=run.run_id, at=run.at)
    short: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.outlook.level:
            short[item.location_key].append(item)
    for location_key in sorted({key for key, _ in news} | {order.location_key for order in proposals}):
        location = short[location_key][0].location
        tell_location(
            connection,
            location,
            short[location_key],
            news=news,
            proposals=[order for order in proposals if order.location_key == location_key],
            held=held,
            recipients=recipients_at(chain, inventory, location),
            base_url=run.base_url,
            run_id=run.run_id,
            at=run.at,
        )
    tell_unneeded(connection, chain, inventory, items, run.at, run.base_url)
    chase(connection, chain, inventory, run.at)
    return proposals
