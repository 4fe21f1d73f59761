"""inventory_entry as a whole DAG: what the form or its lines say is in the ledger, once, or nothing is."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest
from airflow.utils.state import DagRunState

from include.config import load_chain
from include.warehouse import gold
from include.warehouse.dimensions import load_locations
from tests.dags.conftest import Airflow
from tests.include.warehouse.square_json import encode


@pytest.fixture
def shelves(connection: psycopg.Connection) -> psycopg.Connection:
    """The demo chain's locations, with mozzarella in bags of 5 kg."""
    chain = load_chain()
    bodies = [
        encode({"id": f"L{number}", "name": location.name, "currency": "USD", "status": "ACTIVE"})
        for number, location in enumerate(chain.locations)
    ]
    load_locations(connection, bodies, chain.location_of_square)
    gold.prepare(connection)
    connection.execute(
        "INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, pack_quantity, is_active)"
        " VALUES ('Mozzarella', 'kg', 'mozzarella', false, 5, true)"
    )
    connection.commit()
    return connection


def stock(connection: psycopg.Connection) -> dict[str, Any]:
    rows = connection.execute("SELECT location_name, on_hand FROM inventory.stock").fetchall()
    connection.commit()
    return dict(rows)


def test_a_form_and_lines_are_booked(airflow: Airflow, shelves: psycopg.Connection) -> None:
    run = airflow.run("inventory_entry", kind="count", ingredient="mozzarella", quantity="3 packs")
    assert run.state == DagRunState.SUCCESS
    assert stock(shelves) == {"Manhattan": 15}

    lines = "ingredient;quantity;kind;to_location\nMozzarella;500 g;waste;\nMozzarella;2 kg;transfer;Santa Monica"
    run = airflow.run("inventory_entry", lines=lines, reason="Saturday")
    assert run.state == DagRunState.SUCCESS
    assert stock(shelves) == {"Manhattan": Decimal("12.5"), "Santa Monica": 2}
    assert shelves.execute(
        "SELECT kind, reason, entered_by FROM inventory.entry ORDER BY entry_id OFFSET 1"
    ).fetchall() == [("waste", "Saturday", "dag_test"), ("transfer", "Saturday", "dag_test")]


def test_one_wrong_line_books_nothing_and_is_named(
    airflow: Airflow, shelves: psycopg.Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = "ingredient,quantity\nMozzarella,1 kg\nMozarella,1 kg\nMozzarella,1 l"
    assert airflow.run("inventory_entry", lines=lines).state == DagRunState.FAILED
    assert stock(shelves) == {}
    out, err = capfd.readouterr()
    assert "line 3: ingredient: there is no ingredient 'Mozarella'; did you mean Mozzarella?" in out + err
    assert "line 4: quantity: '1 l' cannot be told in kg" in out + err
