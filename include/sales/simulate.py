"""`python -m include.sales.simulate`: years of random orders for analysis, straight into the warehouse, without Square.

They stand at a location of their own, so that `--delete` takes them out of every layer again. The database is named by
STOREKEEPER_DB_URL.
"""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import psycopg

from include.config import load_chain
from include.sales.simulation.surroundings import location_id
from include.sales.simulation.warehouse import AlreadySimulatedError, delete_simulation, load_simulation
from include.sales.simulation.years import Simulation

# As many as gold has use for on a small machine.
CONNECTIONS = 2
ORDERS_PER_CUSTOMER = 40


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m include.sales.simulate", description=__doc__)
    parser.add_argument("--days", type=_positive, default=365, help="how many business days (365)")
    parser.add_argument("--orders", type=_positive, default=1000, help="orders a day (1000)")
    parser.add_argument("--until", type=date.fromisoformat, help="the last day (yesterday)")
    parser.add_argument("--location", default="Simulation", help="the simulated location's name (Simulation)")
    parser.add_argument("--like", help="the chain's location whose hours, zone and taxes it has (the first)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other orders (1)")
    parser.add_argument("--no-gold", action="store_true", help="stop at silver; the next square_sync takes them over")
    parser.add_argument("--delete", action="store_true", help="delete the location and all its orders instead")
    options = parser.parse_args()
    url = os.environ.get("STOREKEEPER_DB_URL")
    if not url:
        parser.error(
            "STOREKEEPER_DB_URL is not set: it names the warehouse, as postgresql://storekeeper_app@…/storekeeper"
        )
    chain = load_chain()
    if any(location.name == options.location for location in chain.locations):
        parser.error(f"{options.location} is a location of the chain: simulated orders go to a location of their own")
    started_at = time.monotonic()
    with ExitStack() as stack:
        connections = [stack.enter_context(psycopg.connect(url, autocommit=True)) for _ in range(CONNECTIONS)]
        if options.delete:
            count = delete_simulation(connections, options.location, progress=_progress)
            _progress(f"{count:,} orders deleted in {time.monotonic() - started_at:.1f} s", end="\n")
            return
        simulation = Simulation(
            products=chain.products,
            location=chain.location(options.like) if options.like else chain.locations[0],
            location_id=location_id(options.location),
            last_day=options.until or datetime.now(UTC).date() - timedelta(days=1),
            days=options.days,
            orders_per_day=options.orders,
            customers=max(100, options.days * options.orders // ORDERS_PER_CUSTOMER),
            seed=options.seed,
        )
        try:
            count = load_simulation(
                connections, simulation, options.location, into_gold=not options.no_gold, progress=_progress
            )
        except AlreadySimulatedError as error:
            sys.exit(f"include.sales.simulate: {error}")
        days = f"{simulation.first_day} to {simulation.last_day}"
        seconds = time.monotonic() - started_at
        _progress(f"{count:,} orders at {options.location}, {days}, in {seconds:.1f} s", end="\n")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _progress(text: str, end: str = "") -> None:
    """Writes over the line before."""
    sys.stdout.write(f"\r{text:<78}{end}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
