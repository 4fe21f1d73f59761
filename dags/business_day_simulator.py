"""
### What it does
Sells a business day of random orders through Square's API, at every location of the chain that is open on that day:
lines with modifiers, discounts, taxes, tips, card and cash, regular customers, a few refunds. For trying things out.

The same day, seed and number sell the same orders, and selling them again sells nothing more: Square answers a known
idempotency key with what it did before. A larger number adds orders; another seed sells another set.

The orders are dated on the day in the stand-in. **Square itself, its sandbox too, dates an order when it arrives**:
there the orders stand on the day of the run, whatever `day` says.

### Reads and writes
Reads the catalog that `square_setup` made, writes orders, payments, refunds and customers through `square_default`.
`square_sync` brings them into the warehouse.

### When it fails
- *connect.squareup.com, a real seller's account*: simulated orders are sold in Square's sandbox or the stand-in only;
  correct the connection `square_default`.
- *Square's catalog has no …*: run `square_setup` first.
- Anything else: run or clear it again; it goes on where it stopped.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.dag_defaults import DEFAULT_ARGS

PARAMS = {
    "day": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Day",
        description="The business day to sell. Empty: the newest that had ended everywhere when the run was due.",
    ),
    "orders_per_location": Param(
        100,
        type="integer",
        minimum=1,
        maximum=10_000,
        title="Orders per location",
        description="How many orders each location sells.",
    ),
    "seed": Param(1, type="integer", title="Seed", description="Another seed sells another set of orders."),
}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    tags=["sales", "simulation"],
    doc_md=__doc__,
)
def business_day_simulator() -> None:
    @task
    def sell(**context: Any) -> dict[str, dict[str, int]]:
        from include.sales.simulation.run import simulate_run

        return simulate_run(context)

    sell()


business_day_simulator()
