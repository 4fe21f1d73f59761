"""What every DAG shares: who owns it, how it retries, how long it may take, and who hears of a failure."""

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset

from include.mail.failure import mail_failure

# Wakes mail_delivery: every task that writes to the outbox names it in `outlets`.
OUTBOX = Asset("outbox", uri="storekeeper://outbox")

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "storekeeper",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": mail_failure,
}
