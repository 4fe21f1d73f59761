"""
### What it does
Takes the ingredients of what was sold off the shelves, by the recipes of the business day, and brings Square's counts
of them up to date. Runs after every `square_sync`, for the orders that are new or have changed, and every hour for what
Square could not be told before.

An order is booked once, however often it comes: a rerun adds nothing, and of a changed or voided order the difference
is booked. `recipes.yaml`, `ingredients.yaml` and `suppliers.yaml` are read first. A corrected recipe counts for what is
sold from then on; for past days trigger the DAG with the params `start` and `end` (both included): their orders are
held against the ledger again, and only what has changed since is booked.

### Reads and writes
Reads `gold.fact_sales`, `silver.order_return_lines` and `silver.refunds` of the orders in `inventory.pending_order`.
Writes `inventory.*`, and Square's counts (`square_default`).

### When it fails
- *ConfigError*: a file of the configuration; file, line and field are named. Nothing was booked.
- *Sold without a recipe* is a warning: nothing was booked for these products. Write their recipes, then trigger the DAG
  with the days on which they were sold; `SELECT * FROM inventory.unmapped` lists these.
- *Square cannot be reached*, *Square answers …* is a warning: the ledger is right, and the next run tells Square.
- Anything else in `deduct`: the orders stay in `inventory.pending_order` and the next run books them. `square` does not
  touch the ledger; docs/stock.md says how to look at what it sends.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS, SALES, STOCK, date_param

PARAMS = {
    "start": date_param(
        "Hold the orders of these business days against the ledger again. Empty: what is new.", "First business day"
    ),
    "end": date_param(
        "The last of these business days, itself included. Empty with an empty first day.", "Last business day"
    ),
}


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("50 * * * *", timezone="UTC"), assets=[SALES]),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULT_ARGS,
    params=PARAMS,
    tags=["inventory"],
    doc_md=__doc__,
)
def inventory_deduction() -> None:
    @task(outlets=[STOCK])
    def deduct(**context: Any) -> dict[str, int]:
        """Recipes and ledger."""
        from airflow.sdk.exceptions import AirflowFailException

        from include.inventory.keeping import keep_ledger

        try:
            return keep_ledger(context["params"], context["dag_run"])
        except ValueError as error:
            # Trying again changes neither params nor files.
            raise AirflowFailException(str(error)) from error

    @task(pool="square")
    def square() -> dict[str, int]:
        """Square's counts."""
        from include.inventory.keeping import tell_square

        return tell_square()

    deduct() >> square()


inventory_deduction()
