"""
### What it does
Watches the phones. Calls that the listener wrote into the inbox are placed (whose number was called, was it open, does
it count), and when the missed calls of a department that no mail has told of reach its threshold within its window,
one mail goes to the department: who called, whom to call back first, how the window went. Calls for which no telephone
rang go to IT. When a window has passed without a missed call, departments that want it get an all-clear.

It starts when calls have come in (the asset `inbox_call`), and every minute in any case. What a department wants is in
`phones.yaml`; docs/calls.md explains it. To keep it silent for a while, trigger `missed_calls_mute`.

### Reads and writes
Reads `inbox.call` and `inbox.call_feed_gap`; writes `calls.call`, `calls.alert`, `calls.unconfigured_number`, and the
outbox. Sends the mails by itself; what cannot go at once `mail_delivery` sends.

### When it fails
- Nothing is lost: calls wait in the inbox, and the next run takes up what this one left. A call that cannot be worked
  on stops no other; operations get a mail with its reason after five tries.
- *smtp_default …*: set that connection right. The mails are in the outbox.
- A `ConfigError` names the file, line and field of `phones.yaml` that is wrong.
- No mail came: `SELECT outcome, location, department, is_counted, uncounted_because, missed_alert_id FROM calls.call
  ORDER BY ended_at DESC LIMIT 20` says how each call was taken, and `SELECT * FROM calls.mute WHERE until_at > now()`
  what is muted.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS
from include.inbox.doorbell import Doorbell

INBOX_CALL = Asset(
    "inbox_call",
    uri="storekeeper://inbox/call",
    watchers=[AssetWatcher(name="inbox_call", trigger=Doorbell("call"))],
)
# The next run is at most a minute away and takes up what this one left: a long wait for a retry would only hold it up.
IMPATIENCE = {"retries": 1, "retry_delay": timedelta(seconds=5), "execution_timeout": timedelta(minutes=5)}


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("* * * * *", timezone="UTC"), assets=INBOX_CALL),
    default_args=DEFAULT_ARGS | IMPATIENCE,
    max_active_runs=1,
    # Airflow attaches watchers when it parses the file of a DAG that is on, not when one is switched on.
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=15),
    catchup=False,
    tags=["calls", "mail"],
    doc_md=__doc__,
)
def missed_calls() -> None:
    @task
    def watch(**context: Any) -> dict[str, int]:
        from include.calls.watch import watch

        return watch(context["dag_run"].run_after)

    watch()


missed_calls()
