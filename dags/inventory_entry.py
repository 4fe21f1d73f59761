"""
### What it does
Books what people tell of the shelves: what was thrown away (waste), what was counted, what was sent to another location
(transfer). What a supplier has brought is told to `inventory_receipt`.

A count says what there was at that time: the difference to the ledger is booked, and whatever comes in later but
happened before the count (a late order) changes nothing after it. Then Square's counts are brought up to date.

Trigger it in the UI for one thing, or paste many as lines; the first line names the columns, and what a line leaves out
is taken from the form:

    location,kind,ingredient,quantity,to_location,reason,time
    Manhattan,count,Mozzarella,12.5 kg,,,2026-11-21 23:10
    Manhattan,waste,Basil,3 packs,,wilted,

Units are those of `ingredients.yaml` and what converts to them (g, kg, oz, lb, ml, l, fl oz, cup …), `each`, and
`packs`. Times are by the location's clock; empty: now. Unless every line is right, nothing is booked. The runs are the
record of who told what; clearing one books nothing twice.

### Reads and writes
Reads `inventory.ingredient`. Writes `inventory.entry`, `inventory.movement`, and Square's counts (`square_default`).

### When it fails
- *line 7: ingredient: there is no …*: every wrong line is named, with what it may have meant. Nothing was booked:
  trigger it again with the lines put right.
- *Square cannot be reached* is a warning: the entry is booked, and `inventory_deduction` tells Square within the hour.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.config import load_chain
from include.dag_defaults import DEFAULT_ARGS, STOCK

LOCATIONS = [location.name for location in load_chain().locations]
TEXT = ["null", "string"]

PARAMS = {
    "location": Param(
        LOCATIONS[0] if LOCATIONS else "",
        type="string",
        enum=LOCATIONS or [""],
        title="Location",
        description="Where it was thrown away or counted, or was sent from.",
    ),
    "kind": Param(
        "waste",
        type="string",
        enum=["waste", "count", "transfer"],
        title="What happened",
        description="Thrown away, counted, or sent to another location.",
    ),
    "ingredient": Param(None, type=TEXT, title="Ingredient", description="Its name, as in ingredients.yaml."),
    "quantity": Param(
        None, type=TEXT, title="Quantity", description='With its unit: "2.5 kg", "3 packs", "40 each". Of a count: all.'
    ),
    "to_location": Param(
        None,
        type=TEXT,
        enum=[None, *LOCATIONS],
        title="To location",
        description="Of a transfer: where it was sent.",
    ),
    "reason": Param(None, type=TEXT, maxLength=200, title="Reason", description="Why, for those who read the log."),
    "time": Param(
        None,
        type=TEXT,
        title="Time",
        description='When, by the location\'s clock: "2026-11-21 14:30". Empty: now.',
    ),
    "lines": Param(
        None,
        type=TEXT,
        format="multiline",
        title="Lines",
        description="Many at once, instead of ingredient and quantity: the first line names the columns "
        "(kind, location, ingredient, quantity, to_location, reason, time), separated by commas, semicolons or tabs.",
    ),
}


@dag(
    schedule=None,
    default_args=DEFAULT_ARGS,
    max_active_runs=4,
    # Nothing happens until somebody tells something, and that is to be booked.
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=30),
    catchup=False,
    params=PARAMS,
    tags=["inventory"],
    doc_md=__doc__,
)
def inventory_entry() -> None:
    @task(outlets=[STOCK])
    def book(**context: Any) -> int:
        """The ledger."""
        from airflow.sdk.exceptions import AirflowFailException

        from include.inventory.keeping import tell_ledger
        from include.inventory.ledger.lines import TellingError

        try:
            return tell_ledger(context["params"], context["dag_run"])
        except TellingError as error:
            # Trying again changes no param.
            raise AirflowFailException(str(error)) from error

    @task(pool="square")
    def square() -> dict[str, int]:
        """Square's counts."""
        from include.inventory.keeping import tell_square

        return tell_square()

    book() >> square()


inventory_entry()
