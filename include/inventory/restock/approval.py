"""What somebody is asked about a proposal, in Airflow's UI, and where."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import psycopg

from include.config import Chain
from include.config.inventory import Inventory
from include.inventory.restock.orders import OrderLine, PurchaseOrder, read_order
from include.inventory.restock.places import read_locations
from include.inventory.restock.words import about, counted, local_time, packs, weekday
from include.mail.render import money

TASK_ID = "purchase.approve"
# More than any location has room for.
MOST_PACKS = 10_000


@dataclass(frozen=True)
class Field:
    """A field of the form: how many packs of one ingredient."""

    name: str
    pack_count: int
    description: str


@dataclass(frozen=True)
class Form:
    subject: str
    # Markdown.
    body: str
    fields: tuple[Field, ...]
    most_packs: int
    response_timeout: timedelta


def approval_url(base_url: str, order: PurchaseOrder) -> str:
    """The page on which a proposal is answered.

    :param base_url: of Airflow's UI.
    """
    path = (
        f"/dags/restock/runs/{quote(order.run_id, safe='')}/tasks/{TASK_ID}/mapped/{order.map_index}/required_actions"
    )
    return f"{base_url.rstrip('/')}{path}"


def approval_form(connection: psycopg.Connection, chain: Chain, inventory: Inventory, number: str) -> Form | None:
    """:returns: None when it has been decided on: nobody is asked twice."""
    order = read_order(connection, number)
    if order.state != "proposed":
        return None
    location = read_locations(connection, chain)[order.location_key]
    supplier = inventory.supplier(order.supplier_name)
    total = None if order.total_cents is None else money(order.total_cents, order.currency)
    minimum = supplier.minimum_order_cents
    terms = [
        f"Ordered by **{local_time(order.order_by_at, location.zone)}**, it comes on "
        f"**{weekday(order.expected_date)}**; later, with the delivery after that.",
        f"Without an answer by {local_time(order.answer_by_at, location.zone)} nothing is ordered.",
        "Change the packs below as you see fit; 0 leaves a line out.",
    ]
    if total:
        terms.append(f"As proposed it costs {total}.")
    if minimum is not None and order.total_cents is not None and order.total_cents < minimum:
        terms.append(f"**{order.supplier_name} delivers from {money(minimum, order.currency)} on.**")
    if supplier.note:
        terms.append(supplier.note)
    return Form(
        subject=f"{order.number}: {order.supplier_name} for {order.location_name}, "
        f"{counted(len(order.lines), 'ingredient')}{f', {total}' if total else ''}",
        body="\n\n".join([_table(order), *terms]),
        fields=tuple(_field(line) for line in order.lines),
        most_packs=MOST_PACKS,
        response_timeout=order.answer_by_at - order.proposed_at,
    )


def _table(order: PurchaseOrder) -> str:
    rows = [
        "| Ingredient | On hand | On order | Reorder point | Runs out | Proposed |",
        "|---|---:|---:|---:|---|---|",
    ]
    for line in order.lines:
        cells = [
            line.ingredient_name.replace("|", "\\|"),
            about(line.on_hand, line.unit),
            about(line.on_order, line.unit),
            about(line.reorder_point, line.unit),
            "not known" if line.runs_out_date is None else weekday(line.runs_out_date),
            f"{packs(line.proposed_pack_count, line.pack_name)} = {about(line.quantity, line.unit)}".replace(
                "|", "\\|"
            ),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _field(line: OrderLine) -> Field:
    use = "" if line.daily_use is None else f" About {about(line.daily_use, line.unit)} are used a day."
    return Field(
        name=line.ingredient_name,
        pack_count=line.proposed_pack_count,
        description=f"Packs: {line.pack_name}, {about(line.pack_quantity, line.unit)} each.{use}",
    )
