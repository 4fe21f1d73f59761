"""
### What it does
Sends the mails that other DAGs have put into the outbox. It starts when a task has written one (the asset `outbox`),
when the triggerer sees messages overdue (put off, or written by a failure), and every 15 minutes in any case.

A message is sent once, or again if the process or the connection ended between the end of the mail and the note of the
server's answer; then both copies have one Message-ID. A refusal for now (4xx) or a lost connection is tried again after
30 seconds, 90 seconds, 4.5 minutes and so on, eight times in all. A refusal for good (5xx) ends it at once: the message
is *dead*.

### Reads and writes
`outbox.message` and `outbox.attachment`; the mail server of the connection `smtp_default`.

### When it fails
- Mails that cannot be sent do not fail the task: the log counts them, and
  `SELECT message_id, subject, attempt_count, last_error FROM outbox.message WHERE state = 'dead'` says why. To send
  one again: `UPDATE outbox.message SET state = 'new', attempt_count = 0, next_attempt_at = now() WHERE message_id = …`.
- *gives no SMTP connection* or *refuses the login* in the log: set the connection `smtp_default` right. Everything
  stays in the outbox and goes out with the next run.
- The task itself fails only when the storekeeper database is away or `smtp_default` is missing or incomplete.
"""

import logging
from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, dag, task

from include.dag_defaults import DEFAULT_ARGS, OUTBOX
from include.mail.due import OutboxDue

OVERDUE = Asset(
    "outbox_overdue",
    uri="storekeeper://outbox/overdue",
    watchers=[AssetWatcher(name="outbox_due", trigger=OutboxDue())],
)
log = logging.getLogger(__name__)


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/15 * * * *", timezone="UTC"), assets=OUTBOX | OVERDUE
    ),
    default_args=DEFAULT_ARGS,
    max_active_runs=1,
    # Airflow attaches watchers when it parses the file of a DAG that is on, not when one is switched on.
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=1),
    catchup=False,
    tags=["mail"],
    doc_md=__doc__,
)
def mail_delivery() -> None:
    @task
    def send_due() -> dict[str, int]:
        from include.mail.delivery import deliver
        from include.mail.smtp import smtp_server
        from include.warehouse.connection import connect

        with connect() as connection:
            tally = deliver(connection, smtp_server())
        log.info("%d sent, %d put off, %d dead", tally.sent, tally.put_off, tally.dead)
        return {"sent": tally.sent, "put_off": tally.put_off, "dead": tally.dead}

    send_due()


mail_delivery()
