"""What the tasks of restock and inventory_receipt do: owns the transactions, and says in the log what came of it."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from airflow.sdk.configuration import conf

from include.config import load_chain
from include.config.inventory import load_inventory
from include.inventory.ledger.telling import Telling
from include.inventory.restock.approval import Form, approval_form
from include.inventory.restock.looking import Run, look
from include.inventory.restock.ordering import Answer, settle
from include.inventory.restock.receiving import receive
from include.warehouse.connection import connect

log = logging.getLogger(__name__)


def look_around(run: Any) -> list[dict[str, str]]:
    """:returns: the number of each proposal that the run asks about, and what it is called in the UI."""
    base_url = conf.get("api", "base_url", fallback="http://localhost:8080")
    with connect() as connection:
        orders = look(
            connection, load_chain(), load_inventory(), Run(run_id=run.run_id, at=run.run_after, base_url=base_url)
        )
    for order in orders:
        log.info("%s proposed: %s for %s", order.number, order.supplier_name, order.location_name)
    return [
        {"number": order.number, "title": f"{order.number} {order.supplier_name}, {order.location_name}"}
        for order in orders
    ]


def form_of(number: str) -> Form | None:
    """What is asked about a proposal; None when it has been decided on."""
    with connect() as connection:
        return approval_form(connection, load_chain(), load_inventory(), number)


def receive_delivery(params: Mapping[str, Any], run: Any) -> dict[str, Any]:
    """:raises TellingError: with every problem of what was told."""
    telling = Telling(f"{run.dag_id}:{run.run_id}", run.run_after, run.triggering_user_name or "unknown")
    with connect() as connection:
        received = receive(connection, params, telling)
    log.info("%d ingredients booked; the order is %s", received.booked_count, received.state or "none")
    return asdict(received)


def settle_answer(number: str, answer: Mapping[str, Any] | None) -> str:
    """
    :param answer: what the task that asked has returned: option, fields, when and by whom; None: it did not ask.
    :returns: the state of the order.
    :raises ValueError: when a number of packs cannot be.
    """
    if answer is None:
        log.info("%s had been decided on before it was asked about", number)
        return "settled before"
    user = answer["responded_by_user"]
    given = Answer(
        is_approved=answer["chosen_options"] == ["Approve"] and user is not None,
        answered_by=user["name"] if user else None,
        answered_at=answer["responded_at"],
        pack_counts=answer["params_input"],
    )
    with connect() as connection:
        state = settle(connection, load_chain(), load_inventory(), number, given)
    log.info("%s: %s by %s", number, state, given.answered_by or "nobody")
    return state
