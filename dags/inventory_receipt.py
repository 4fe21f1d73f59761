"""
### What it does
Books what a supplier has brought, then brings Square's counts up to date.

With the number of a purchase order (it stands in the mails, *PO-12*) everything comes as ordered unless the lines say
otherwise. What has not come stays on order, and is asked after, unless the rest is closed; too much, or what nobody
ordered, is booked as it came. An order that comes no more: *did not come*, no lines, *is closed*. Without an order: the
location, and lines. The first line names the columns:

    ingredient,quantity
    Mozzarella,2 packs
    Basil,0 g

Telling one delivery twice books nothing twice: a whole order has nothing left to come, clearing a run books nothing
again, and a delivery note's number is one delivery however often it is told. Unless every line is right, nothing is
booked. The runs are the record of who told what.

### Reads and writes
Reads `inventory.ingredient`. Writes `inventory.entry`, `inventory.movement`, `inventory.purchase_receipt`, the state of
`inventory.purchase_order`, and Square's counts (`square_default`).

### When it fails
- *purchase_order: …*: there is no such order, or it was not ordered, or nothing is to come of it. Trigger it again with
  the right number, or without one.
- *line 7: there is no ingredient …*: every wrong line is named. Nothing was booked: trigger it again, put right.
- *Square cannot be reached* is a warning: it is booked, and `inventory_deduction` tells Square within the hour.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from include.config import load_chain
from include.dag_defaults import DEFAULT_ARGS, STOCK

LOCATIONS = [location.name for location in load_chain().locations]
TEXT = ["null", "string"]

PARAMS = {
    "purchase_order": Param(
        None, type=TEXT, title="Purchase order", description='Its number: "PO-12". Empty: nobody ordered it here.'
    ),
    "unlisted": Param(
        "came as ordered",
        type="string",
        enum=["came as ordered", "did not come"],
        title="What the lines do not name",
        description="Of a purchase order: whether what the lines leave out came as ordered, or not at all.",
    ),
    "lines": Param(
        None,
        type=TEXT,
        format="multiline",
        title="Lines",
        description='What has come, where it is not as ordered: "ingredient,quantity" first, then a line each. '
        "Comma, semicolon or tab.",
    ),
    "remainder": Param(
        "stays on order",
        type="string",
        enum=["stays on order", "is closed"],
        title="The rest",
        description="Whether what has not come is still to come.",
    ),
    "location": Param(
        None,
        type=TEXT,
        enum=[None, *LOCATIONS],
        title="Location",
        description="Without a purchase order: where it has come.",
    ),
    "delivery_note": Param(
        None,
        type=TEXT,
        maxLength=100,
        title="Delivery note",
        description="Its number, if there is one: told twice, it is booked once.",
    ),
    "time": Param(
        None, type=TEXT, title="Time", description='When, by the location\'s clock: "2026-11-21 14:30". Empty: now.'
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
def inventory_receipt() -> None:
    @task(outlets=[STOCK])
    def book(**context: Any) -> dict[str, Any]:
        """The ledger and the order."""
        from airflow.sdk.exceptions import AirflowFailException

        from include.inventory.ledger.lines import TellingError
        from include.inventory.restock.run import receive_delivery

        try:
            return receive_delivery(context["params"], context["dag_run"])
        except TellingError as error:
            # Trying again changes no param.
            raise AirflowFailException(str(error)) from error

    @task(pool="square")
    def square() -> dict[str, int]:
        """Square's counts."""
        from include.inventory.keeping import tell_square

        return tell_square()

    book() >> square()


inventory_receipt()
