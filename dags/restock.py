"""
### What it does
Looks at the shelves whenever stock has changed, and every hour. What falls below its reorder point, or runs out, is
told to the location by mail: once per shortage, and again when it runs out. What is to be ordered becomes a proposal
for each supplier and location, which somebody decides on here, under *Required Actions* (the mail links there): change
the packs, approve, and the supplier gets the order by mail; 0 packs leave a line out. Rejected, or not answered in time
(`approval_hours` in `suppliers.yaml`), nothing is ordered.

A run waits for its own answers only, so that many may wait at once; one that has nothing to propose ends at once. What
is asked about is not proposed again; what was turned down is not until the supplier's deadline has passed that it was
proposed for, or it has run out; what nobody has answered is, with the next look. Late deliveries are asked after once a
day. What has come is told to `inventory_receipt`. docs/restock.md has the formulas.

### Reads and writes
Reads `inventory.stock`, `inventory.daily_movement`, today's recipes, `ingredients.yaml` and `suppliers.yaml`. Writes
`inventory.shortage`, `inventory.purchase_order` with its lines, and the outbox.

### When it fails
- *ConfigError*: a file of the configuration; file, line and field are named. Nothing is told or ordered meanwhile.
- *there is no supplier …*: it was taken out of `suppliers.yaml` while an order was waiting for an answer. Put it back
  and clear the task, or leave it: unanswered proposals end by themselves.
- *… is no number of packs*: an answer through the API that the form would have refused. Clear the task `approve`: it
  asks again.
- A task `order` that failed: nothing was ordered. Clear it; the answer is kept, and is carried out once.
- A run that was deleted, or failed, while it waited: its proposals end with the time for the answer, and what is still
  short is proposed anew.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task, task_group

from include.dag_defaults import DEFAULT_ARGS, OUTBOX, STOCK
from include.inventory.restock.operator import PurchaseApproval


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("5 * * * *", timezone="UTC"), assets=[STOCK]),
    catchup=False,
    # One that waits for an answer takes no slot, and must hold up nobody else's.
    max_active_runs=200,
    # More than suppliers.yaml may allow for an answer.
    dagrun_timeout=timedelta(days=15),
    default_args=DEFAULT_ARGS,
    tags=["inventory", "alerts"],
    doc_md=__doc__,
)
def restock() -> None:
    @task
    def look(**context: Any) -> list[dict[str, str]]:
        """What is short?"""
        from include.inventory.restock.run import look_around

        return look_around(context["dag_run"])

    @task_group
    def purchase(number: str, title: str) -> None:
        """One supplier's order for one location."""
        approve = PurchaseApproval(task_id="approve", number=number, title=title, map_index_template="{{ task.title }}")

        @task(outlets=[OUTBOX], map_index_template="{{ task.op_kwargs['number'] }}")
        def order(number: str, answer: Any) -> str:
            """The supplier's mail, or a no."""
            from airflow.sdk.exceptions import AirflowFailException

            from include.inventory.restock.run import settle_answer

            try:
                return settle_answer(number, answer)
            except ValueError as error:
                # Trying again changes no answer.
                raise AirflowFailException(str(error)) from error

        order(number=number, answer=approve.output)

    purchase.expand_kwargs(look())


restock()
