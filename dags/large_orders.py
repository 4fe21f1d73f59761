"""
### What it does
Tells the right people about a large online order seconds after it was placed, and again when its amount or due time
changes by more than is allowed, or when it is cancelled. `large_orders.yaml` says what is large, and who hears of it.

Starts when the listener has written a webhook event (the doorbell), every minute in any case, and after each
`square_sync`: what Square changed without an event reaching us is found in the warehouse and assessed the same way, so
that an order is told of 15 minutes late at the worst. Events of Square only name an order: it is fetched.

An order's version is assessed once. Running it again sends nothing again.

### Reads and writes
Claims `inbox.webhook_event`; reads Square (`square_default`), `bronze.square_orders`, `gold.daily_sales_summary` and
`large_orders.yaml`. Writes `online_orders.*` and the outbox, and sends the outbox's mails (`smtp_default`).

### When it fails
- *its events wait* in the log: Square is away, or refuses the token of `square_default` (then `square_sync` fails and
  says so). Nothing is lost, and other platforms' orders are told of meanwhile.
- The task itself fails only when the storekeeper database is away, or a connection is missing. Nothing is lost then.
- *rows of inbox.webhook_event could not be worked on* (a mail, not a failure): `last_error` says why. When the cause is
  mended, give them back with the statement in the mail.
- *CurrencyError* in `last_error`: an order in another currency than its location's. Correct `locations.yaml`, or the
  provider's mapping in the listener.
- *Orders of … for an unknown location* (a mail): add what the provider calls it to `known_as` in `large_orders.yaml`.
- No mail about an order: `SELECT * FROM online_orders.online_order WHERE order_id = '…'` shows what was seen of it, and
  `online_orders.alert` what was told. In neither: Square's order has no fulfillment, and its source is not listed.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS, SALES
from include.inbox.doorbell import Doorbell

WEBHOOK_EVENTS = Asset(
    "inbox_webhook_event",
    uri="storekeeper://inbox/webhook_event",
    watchers=[AssetWatcher(name="inbox_webhook_event", trigger=Doorbell("webhook_event"))],
)


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("* * * * *", timezone="UTC"), assets=WEBHOOK_EVENTS | SALES
    ),
    default_args=DEFAULT_ARGS,
    max_active_runs=1,
    # Airflow attaches watchers when it parses the file of a DAG that is on, not when one is switched on.
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=1),
    catchup=False,
    tags=["square", "alerts"],
    doc_md=__doc__,
)
def large_orders() -> None:
    @task
    def watch() -> dict[str, int]:
        from functools import partial

        from include.config import load_chain
        from include.mail.smtp import smtp_server
        from include.online_orders.watch import SQUARE_TIMEOUT_SECONDS, watch
        from include.square.client import square_client
        from include.warehouse.connection import connect

        open_square = partial(square_client, timeout_seconds=SQUARE_TIMEOUT_SECONDS)
        with connect() as connection:
            return watch(connection, load_chain(), open_square, smtp_server())

    watch()


large_orders()
