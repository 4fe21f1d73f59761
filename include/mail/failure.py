"""The mail to operations when a task has failed for good.

Every DAG file imports this module at parse time, so what it needs beyond the standard library is imported in the call.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

LONGEST_ERROR = 300
RUNBOOK = re.compile(
    r"^[#*_\s]*when it fails[*_:.\s]*(?P<text>.*?)(?=^#|^\*\*|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


def mail_failure(context: Mapping[str, Any]) -> None:
    """``on_failure_callback`` of every task: one mail to the chain's ``operations_recipients``.

    A task that meets the same error again within the hour is told of once: what runs every minute would bury the rest.

    What goes wrong in here is raised: Airflow logs it beside the task's own error, which stays the task's outcome. A
    callback has no outlets, so the mail leaves with the next look that mail_delivery takes by itself.
    """
    from include.config import load_chain
    from include.mail.outbox import enqueue
    from include.mail.render import render
    from include.warehouse.connection import connect

    ti = context["ti"]
    failure = {
        "dag_id": ti.dag_id,
        "task_id": ti.task_id if ti.map_index < 0 else f"{ti.task_id} [{ti.map_index}]",
        "run_id": ti.run_id,
        "logical_date": context.get("logical_date"),
        "try_number": ti.try_number,
        "error": describe(context.get("exception")),
        "log_url": ti.log_url,
        "runbook": runbook(context["dag"].doc_md),
    }
    mail = render("failure", **failure)
    hour = datetime.now(UTC)
    with connect() as connection:
        enqueue(
            connection,
            dedupe_key=f"failure/{ti.dag_id}/{ti.task_id}/{ti.map_index}/{digest(failure['error'])}/{hour:%Y-%m-%dT%H}",
            recipients=load_chain().operations_recipients,
            subject=f"Failed: {ti.dag_id}, {failure['task_id']}",
            html=mail.html,
            text=mail.text,
        )


def digest(error: str) -> str:
    return sha256(error.encode()).hexdigest()[:16]


def describe(exception: BaseException | str | None) -> str:
    """The class and the first line of the message: later lines are where databases repeat the row they refused."""
    from airflow.sdk.log import redact  # type: ignore[attr-defined]

    if exception is None:
        return "No exception: the task's process ended without one (killed, out of memory, or timed out)."
    message = str(exception).strip().split("\n", 1)[0]
    shortened = message if len(message) <= LONGEST_ERROR else message[: LONGEST_ERROR - 1] + "…"
    if isinstance(exception, BaseException):
        shortened = f"{type(exception).__name__}: {shortened}"
    return str(redact(shortened))


def runbook(doc_md: str | None) -> str:
    """What the DAG's documentation says under "When it fails"; empty if it says nothing."""
    found = RUNBOOK.search(doc_md or "")
    return found["text"].strip() if found else ""
