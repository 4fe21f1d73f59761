"""
### What it does
Makes in Square what the chain's files describe (`locations.yaml`, `products.yaml`, `ingredients.yaml` in
`STOREKEEPER_CONFIG`): locations, the category tree, taxes, discounts, modifier lists, items with their variations, an
item for each ingredient (counted in its unit, not for sale), and the first count of what a stock is kept of. Run it
after the files have changed; it has no schedule.

It reads what is there and writes differences only: a second run changes nothing, and after a new price just that
variation. A variation is found by its SKU, everything else by its name. What Square has and the files do not name is
left alone, and so is what the files say nothing of, as pictures.

### Reads and writes
Reads and writes Square through `square_default`. The task's log and its result list what was made or changed.

### When it fails
- *locations.yaml:14: …*: the file is wrong at that line; all problems are listed.
- *Square has no location …*: `square_location_id` names none of the account's locations, which the message lists.
- *VERSION_MISMATCH* or *CONFLICT*: somebody changed the same object meanwhile. Run it again: it reads anew.
- It can be stopped at any point and run again; what was made before is found.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from include.dag_defaults import DEFAULT_ARGS


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    default_args=DEFAULT_ARGS,
    tags=["square", "setup"],
    doc_md=__doc__,
)
def square_setup() -> None:
    @task
    def make_what_is_missing() -> list[str]:
        from include.config import load_chain, load_inventory
        from include.square.client import square_client
        from include.square.raw import closing
        from include.square.setup import set_up

        with closing(square_client()) as client:
            return set_up(client, load_chain(), load_inventory())

    make_what_is_missing()


square_setup()
