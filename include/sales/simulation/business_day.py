"""A simulated business day, sold through Square's API."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from include.config import Chain, Location
from include.sales.simulation.menu import Menu
from include.sales.simulation.orders import random_order
from include.sales.simulation.regulars import regulars
from include.sales.simulation.tickets import square_order
from include.square.catalog import Catalog, read_catalog
from include.square.checkout import Receipt, Sale, ring_up
from include.square.client import AsyncSquare, Square
from include.square.raw import Json, base_url, call, close

log = logging.getLogger(__name__)

# More of them make no till faster that answers one call after the other, and each costs the client time.
CONCURRENT_SALES = 6
PRODUCTION_HOST = "connect.squareup.com"


class ProductionRefusedError(RuntimeError):
    """Simulated orders would have been sold at a real seller's till."""


@dataclass(frozen=True)
class DaySold:
    order_count: int
    paid_cents: int
    refunded_cents: int


def simulate_business_day(
    client: Square,
    async_client: Callable[[], AsyncSquare],
    chain: Chain,
    day: date,
    orders_per_location: int,
    seed: int,
) -> dict[str, DaySold]:
    """Sells so many random orders at each location that is open on the day; the same again sells nothing more.

    :returns: what was sold, by location name.
    :raises ProductionRefusedError: when the client speaks to Square's production host.
    :raises NotInCatalogError: when Square lacks something that the chain sells.
    """
    refuse_production(base_url(client))
    catalog, customer_ids = read_catalog(client), regulars(client)
    square_locations = call(client, "GET", "v2/locations")["locations"]
    sales = {
        location.name: list(_sales(chain, location, location_id, catalog, customer_ids, day, orders_per_location, seed))
        for location, location_id in _locations(chain, square_locations)
    }
    receipts = asyncio.run(_ring_up_all(async_client, [sale for each in sales.values() for sale in each]))
    sold: dict[str, DaySold] = {}
    for name, location_sales in sales.items():
        mine = [receipts[sale.key] for sale in location_sales]
        sold[name] = DaySold(
            len(mine), sum(each.paid_cents for each in mine), sum(each.refunded_cents for each in mine)
        )
        log.info("%s: %d orders on %s", name, len(mine), day)
    return sold


def last_full_day(chain: Chain, at: datetime) -> date:
    """The newest business day that had ended everywhere at an instant."""
    return min(location.business_date(at) for location in chain.locations) - timedelta(days=1)


def refuse_production(url: str) -> None:
    """:raises ProductionRefusedError: when the URL is that of Square's production host."""
    if (urlsplit(url).hostname or "").rstrip(".") == PRODUCTION_HOST:
        raise ProductionRefusedError(
            f"The connection square_default points to {PRODUCTION_HOST}, a real seller's account. Simulated orders are "
            "sold in Square's sandbox (https://connect.squareupsandbox.com) or in the stand-in only."
        )


def _locations(chain: Chain, square_locations: list[Json]) -> Iterator[tuple[Location, str]]:
    for found in square_locations:
        location = chain.location_of_square(found["id"], found["name"])
        if location is not None:
            yield location, found["id"]


def _sales(
    chain: Chain,
    location: Location,
    location_id: str,
    catalog: Catalog,
    customer_ids: list[str],
    day: date,
    count: int,
    seed: int,
) -> Iterator[Sale]:
    menu = Menu.of(chain.products, location, seed)
    for number in range(count):
        order = random_order(location, menu, day, seed, number)
        if order is not None:
            yield Sale(
                key=f"simulated/{day}/{location_id}/{seed}/{number}",
                order=square_order(order, menu, location_id, catalog, customer_ids),
                placed_at=order.placed_at,
                paid_at=order.paid_at,
                tender=order.tender,
                tip_percent=order.tip_percent,
                refund=order.refund,
                refunded_at=order.refunded_at,
            )


async def _ring_up_all(async_client: Callable[[], AsyncSquare], sales: list[Sale]) -> dict[str, Receipt]:
    """At most so many sales at once; the first that fails ends the others."""
    client = async_client()
    till = asyncio.Semaphore(CONCURRENT_SALES)
    receipts: dict[str, Receipt] = {}

    async def one(sale: Sale) -> None:
        async with till:
            receipts[sale.key] = await ring_up(client, sale)

    try:
        async with asyncio.TaskGroup() as group:
            for sale in sales:
                group.create_task(one(sale))
    finally:
        await close(client)
    return receipts
