"""What DAGs share: owner, retries, bounds, who hears of a failure, assets, and the params that many have."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, Param

from include.mail.failure import mail_failure

# Wakes mail_delivery at once: a task that writes mails which people wait for names it in `outlets`. Without it
# mail_delivery notices a mail after some seconds by itself.
OUTBOX = Asset("outbox", uri="storekeeper://outbox")
# square_sync has brought what had changed in Square into gold.
SALES = Asset("sales", uri="storekeeper://gold/fact_sales")
# What is on the shelves has changed: sold, received, counted, thrown away.
STOCK = Asset("stock", uri="storekeeper://inventory/stock_level")

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "storekeeper",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": mail_failure,
}


def date_param(description: str = "The business day. Empty: the run's own.", title: str = "Day") -> Param:
    """A business day; `include.config.request.asked_day` reads one that stands alone."""
    return Param(None, type=["null", "string"], format="date", title=title, description=description)


def choice_param(title: str, names: Iterable[str], description: str = "None chosen: all.") -> Param:
    """Several of these names."""
    return Param(
        [],
        type="array",
        items={"type": "string"},
        examples=list(dict.fromkeys(names)),
        title=title,
        description=description,
    )


def locations_param(names: Sequence[str]) -> Param:
    """Read by `include.config.request.asked_locations`."""
    return choice_param("Locations", names, "Which locations. None chosen: all.")
