"""inventory_deduction as a whole DAG: from a sale at the stand-in to the ledger, and to Square's count."""

import json
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from airflow.utils.state import DagRunState

from include.config import load_chain, load_inventory
from include.config.chain import DEMO_FOLDER
from include.square.client import square_client
from include.square.raw import closing
from include.square.setup import set_up
from include.square.stock import read_counts
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.warehouse.square_json import Json, encode, line, order
from tests.sandbox_process import Sandbox

INGREDIENTS = """
ingredients:
  - {name: Flour, unit: kg, opening: 100 kg}
  - {name: Ham, unit: g, waste: "20"}
  - {name: Olives, unit: g}
"""
RECIPES = """
preparations:
  - {name: Dough, makes: 16 kg, yield: "100", ingredients: {Flour: 10 kg}}
recipes:
  - {item: Hawaiian Pizza, ingredients: {Dough: {Large: 400 g, others: 200 g}, Ham: 80 g}}
modifiers:
  - {list: Extra toppings, modifier: Olives, adds: {Olives: 30 g}}
"""
# Of one large Hawaiian pizza with olives: of the dough five eighths are flour, a fifth of the ham is lost.
ONE = {"Flour": Decimal("0.25"), "Ham": Decimal(100), "Olives": Decimal(30)}


class Seller:
    """The demo chain at the stand-in, with orders put there as if they had been sold."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        with closing(square_client()) as client:
            set_up(client, load_chain(), load_inventory())
        self.location_id = sandbox.request("GET", "/square/v2/locations").json()["locations"][0]["id"]
        objects = sandbox.request("GET", "/square/v2/catalog/list?types=ITEM,MODIFIER_LIST").json()["objects"]
        self.variation_ids = {
            variation["item_variation_data"].get("sku"): variation["id"]
            for item in objects
            for variation in item.get("item_data", {}).get("variations", [])
        }
        self.modifier_ids = {
            modifier["modifier_data"]["name"]: modifier["id"]
            for modifier_list in objects
            for modifier in modifier_list.get("modifier_list_data", {}).get("modifiers", [])
        }

    def flour(self) -> Decimal:
        """What Square counts of it, in kg."""
        with closing(square_client()) as client:
            (count,) = read_counts(client, [self.variation_ids["ingredient:flour"]], [self.location_id]).values()
        return count.quantity

    def sell(self, order_id: str, quantity: int, **fields: Any) -> None:
        """Large Hawaiian pizzas with olives."""
        olives = {self.modifier_ids["Olives"]: 95}
        sold = line(variation_id=self.variation_ids["hawaiian_l"], quantity=quantity, modifiers=olives)
        body: Json = order(order_id, sold, location_id=self.location_id, **fields)
        self.sandbox.request("POST", "/sandbox/square/orders", content=encode(body))


@pytest.fixture
def seller(airflow: Airflow, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Seller:
    """The demo chain with a small kitchen."""
    assert airflow, "its connections lead to the stand-in"
    folder = tmp_path / "chain"
    folder.mkdir()
    for name in ("locations.yaml", "products.yaml"):
        copyfile(DEMO_FOLDER / name, folder / name)
    (folder / "ingredients.yaml").write_text(INGREDIENTS)
    (folder / "recipes.yaml").write_text(RECIPES)
    monkeypatch.setenv("STOREKEEPER_CONFIG", str(folder))
    return Seller(sandbox)


def rows(database: Database, query: str) -> list[Any]:
    with database.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def used(database: Database) -> dict[str, Decimal]:
    return dict(
        rows(
            database,
            """
            SELECT ingredient.name, -sum(quantity)
            FROM inventory.movement JOIN inventory.ingredient USING (ingredient_key)
            WHERE kind = 'sale' GROUP BY ingredient.name HAVING sum(quantity) <> 0
            """,
        )
    )


def run(airflow: Airflow, dag_id: str = "inventory_deduction", **params: Any) -> None:
    assert airflow.run(dag_id, **params).state == DagRunState.SUCCESS


def test_a_sale_is_taken_off_once_and_follows_its_changes(
    airflow: Airflow, seller: Seller, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller.sell("a", 2)
    run(airflow, "square_sync")
    run(airflow)
    assert used(database) == {name: 2 * quantity for name, quantity in ONE.items()}
    run(airflow)
    run(airflow, start="2026-03-01", end="2026-03-31")
    assert used(database) == {name: 2 * quantity for name, quantity in ONE.items()}

    seller.sell("a", 3, version=2, updated_at="2026-03-03T18:00:00Z")
    run(airflow, "square_sync", start="2026-03-02", end="2026-03-02")
    with monkeypatch.context() as patch:
        # The ledger does not wait for Square.
        refused = {"conn_type": "http", "host": seller.sandbox.square_url, "password": "refused"}
        patch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", json.dumps(refused))
        run(airflow)
    assert used(database) == {name: 3 * quantity for name, quantity in ONE.items()}
    assert seller.flour() == 100
    run(airflow)
    # Square's count was taken over when two pizzas had been sold.
    assert seller.flour() == Decimal("99.75")
    assert rows(
        database,
        "SELECT on_hand FROM inventory.stock WHERE (location_name, ingredient_name) = ('Manhattan', 'Flour')",
    ) == [(Decimal("99.75"),)]


def test_days_in_the_wrong_order_fail_at_once(airflow: Airflow) -> None:
    assert airflow.run("inventory_deduction", start="2026-03-02", end="2026-03-01").state == DagRunState.FAILED
