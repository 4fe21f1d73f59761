"""Stock through the running stack: a day's sales, a shortage, an approval with a changed quantity, an order, a receipt.

Told by test_make_run.
"""

import csv
import io
import re
import subprocess
import time
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx

from stack.environment import ADMIN

if TYPE_CHECKING:
    from tests.stack.test_make_run import Stack

LOCATION = "Manhattan"
WAIT_SECONDS = 60
PACKS = 3

# Square's variation and location.
Place = tuple[str, str]


def open_the_ledger(stack: "Stack") -> dict[Place, Decimal]:
    """Takes Square's first counts over; returns them."""
    stack.do("square_sync")
    stack.do("inventory_deduction")
    return counts(stack)


def sales_have_lowered_square_s_counts_by_their_recipes(stack: "Stack", before: dict[Place, Decimal]) -> None:
    stack.do("inventory_deduction")
    rows = query(
        stack,
        """
        SELECT place.variation_id, place.location_id, sum(fact.quantity * used.quantity) AS quantity
        FROM gold.fact_sales AS fact
        JOIN inventory.recipe
            ON recipe.product_key = fact.line_product_key
            AND recipe.modifier_key = CASE fact.kind WHEN 'modifier' THEN fact.product_key ELSE 0 END
        JOIN inventory.recipe_ingredient AS used USING (recipe_key)
        JOIN inventory.square_place AS place USING (location_key, ingredient_key)
        WHERE fact.kind IN ('line', 'modifier')
        GROUP BY place.variation_id, place.location_id
        """,
    )
    wanted = {(row["variation_id"], row["location_id"]): Decimal(row["quantity"]) for row in rows}
    after = counts(stack)
    assert after.keys() == before.keys()
    assert len(wanted) > 50
    assert {place: before[place] - after[place] for place in before} == {
        place: wanted.get(place, Decimal()) for place in before
    }


def a_shortage_is_told_approved_ordered_and_received(stack: "Stack") -> None:
    stack.airflow.wait_for_dag("restock")
    stack.airflow.unpause("restock")
    stack.airflow.wait_for_dag("inventory_receipt")
    # The one that most is used of, so that there is something to reckon with.
    [short, *_] = query(
        stack,
        f"""
        SELECT ingredient.name, ingredient.pack_quantity, place.variation_id, place.location_id
        FROM inventory.daily_movement AS daily
        JOIN inventory.ingredient USING (ingredient_key)
        JOIN inventory.square_place AS place USING (location_key, ingredient_key)
        JOIN gold.dim_location AS location USING (location_key)
        WHERE location.name = '{LOCATION}' AND daily.kind = 'sale' AND NOT ingredient.is_sold_by_square
            AND ingredient.supplier_key IS NOT NULL AND ingredient.pack_quantity IS NOT NULL
        ORDER BY daily.quantity / ingredient.pack_quantity
        """,  # noqa: S608
    )
    ingredient, place = short["name"], (short["variation_id"], short["location_id"])
    stack.do("inventory_entry", location=LOCATION, kind="count", ingredient=ingredient, quantity="0 packs")
    assert counts(stack)[place] == 0

    alert = mail(stack, lambda each: LOCATION in each["subject"] and ingredient in each["text"], "no alert came")
    assert "on hand" in alert["text"]

    question = wait_for(lambda: proposal(stack, ingredient), "nobody was asked to approve")
    instance = question["task_instance"]
    wait_until_settled(stack, instance)
    answer = {
        "chosen_options": ["Approve"],
        "params_input": {name: PACKS if name == ingredient else 0 for name in question["params"]},
    }
    stack.airflow.http.patch(
        f"/api/v2/dags/restock/dagRuns/{instance['dag_run_id']}/taskInstances/{instance['task_id']}/"
        f"{instance['map_index']}/hitlDetails",
        json=answer,
    ).raise_for_status()

    order = mail(stack, lambda each: each["subject"].startswith("Order PO-"), "the supplier got no order")
    [placed] = query(stack, "SELECT number, decided_by FROM inventory.purchase_order WHERE state = 'ordered'")
    assert placed["decided_by"] == ADMIN
    assert [each["filename"] for each in order["attachments"]] == [f"{placed['number']}.csv"]
    assert re.search(rf"^{PACKS} .*{re.escape(ingredient)}", order["text"], re.MULTILINE)

    stack.do("inventory_receipt", purchase_order=placed["number"])
    assert counts(stack)[place] == PACKS * Decimal(short["pack_quantity"])
    assert query(stack, "SELECT state FROM inventory.purchase_order WHERE state = 'received'")


def counts(stack: "Stack") -> dict[Place, Decimal]:
    """What Square says is in stock."""
    found: dict[Place, Decimal] = {}
    body: dict[str, Any] = {"states": ["IN_STOCK"]}
    headers = {"Authorization": f"Bearer {stack.home.secrets()['square_token']}"}
    url = f"{stack.ports.sandbox_url}/square/v2/inventory/counts/batch-retrieve"
    while True:
        page = httpx.post(url, json=body, headers=headers).raise_for_status().json()
        for count in page.get("counts", ()):
            found[count["catalog_object_id"], count["location_id"]] = Decimal(count["quantity"])
        if not page.get("cursor"):
            return found
        body["cursor"] = page["cursor"]


def query(stack: "Stack", sql: str) -> list[dict[str, str]]:
    """As a user's second terminal would."""
    script = f'. {stack.home.env_file} && psql "$STOREKEEPER_DB_URL" --csv -q -f -'
    done = subprocess.run(["sh", "-c", script], input=sql, capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def proposal(stack: "Stack", ingredient: str) -> dict[str, Any] | None:
    found = stack.airflow.http.get("/api/v2/dags/restock/dagRuns/~/hitlDetails").raise_for_status().json()
    # Airflow shows the question a moment before the task waits for the answer, and one that comes then it loses.
    waiting = [each for each in found["hitl_details"] if each["task_instance"]["state"] == "awaiting_input"]
    return next((each for each in waiting if ingredient in each["params"]), None)


def wait_until_settled(stack: "Stack", asking: dict[str, Any]) -> None:
    """Airflow loses an answer that comes before its scheduler has heard that the asking process has ended."""
    log = stack.home.logs / "scheduler.log"
    heard = "TaskInstance Finished: dag_id={dag_id}, task_id={task_id}, run_id={dag_run_id}, map_index={map_index},"
    wait_for(lambda: asking if heard.format_map(asking) in log.read_text() else None, "the question is not settled")


def mail(stack: "Stack", is_it: Callable[[dict[str, Any]], bool], otherwise: str) -> dict[str, Any]:
    return wait_for(lambda: next((each for each in stack.outside_world("mails") if is_it(each)), None), otherwise)


def wait_for(look: Callable[[], dict[str, Any] | None], otherwise: str) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.25)
    return found
