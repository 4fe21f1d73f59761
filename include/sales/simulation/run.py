"""What the DAG business_day_simulator does in its one task."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from include.config import load_chain
from include.sales.simulation.business_day import last_full_day, simulate_business_day
from include.square.client import async_square_client, square_client
from include.square.raw import closing


def simulate_run(context: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Sells the day that the params name, else the one that had ended when the run was due.

    :returns: what each location sold, by its name.
    """
    chain, params, run = load_chain(), context["params"], context["dag_run"]
    due_at = run.logical_date or run.run_after
    day = date.fromisoformat(params["day"]) if params["day"] else last_full_day(chain, due_at)
    with closing(square_client()) as client:
        sold = simulate_business_day(
            client, async_square_client, chain, day, params["orders_per_location"], params["seed"]
        )
    return {name: asdict(each) for name, each in sold.items()}
