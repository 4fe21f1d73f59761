"""Makes in Square what the chain's files describe; running it twice changes nothing."""

import logging

from square import Square

from include.config import Chain, Inventory
from include.square.catalog import read_catalog
from include.square.setup.catalog import set_up_catalog
from include.square.setup.locations import set_up_locations
from include.square.setup.stock import set_up_stock

log = logging.getLogger(__name__)

NO_STOCK = Inventory()


def set_up(client: Square, chain: Chain, inventory: Inventory = NO_STOCK) -> list[str]:
    """Makes locations, catalog (what is sold, and the ingredients that are counted) and first stock counts.

    Reads what is there before each step and writes differences only, so it can be stopped anywhere and run again.

    :returns: what was made or changed, one line each.
    """
    location_ids, changes = set_up_locations(client, chain)
    changes += set_up_catalog(client, chain.products, inventory, location_ids)
    changes += set_up_stock(client, chain.products, inventory, read_catalog(client), location_ids)
    for change in changes:
        log.info(change)
    log.info("%d changes in Square", len(changes))
    return changes
