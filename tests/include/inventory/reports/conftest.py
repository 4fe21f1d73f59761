"""A kitchen in New York, Los Angeles and Berlin: recipes with costs, sales that go the whole way, and what is asked."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from include.config import load_chain
from include.warehouse import gold
from tests.conftest import Database
from tests.include.inventory.ledger.conftest import Store
from tests.include.warehouse.conftest import LOCATIONS, location
from tests.include.warehouse.square_json import line, order
from tests.sandbox_process import Sandbox

DAY = date(2026, 3, 2)
LONG_AFTER = datetime(2026, 4, 1, tzinfo=UTC)
FOREVER = date(2020, 1, 1)


class Kitchen(Store):
    """Cents are per unit of the ingredient."""

    def costs(
        self, ingredient: str, cents: str, *, since: date = FOREVER, until: date = date.max, currency: str = "USD"
    ) -> None:
        self.connection.execute(
            "INSERT INTO inventory.ingredient_cost VALUES (%s, %s, %s, %s, %s)",
            [self.ingredient(ingredient), since, until, Decimal(cents), currency],
        )

    def sold(self, *orders: Any) -> None:
        """The orders come in, gold takes them over, the ledger books them, the views show them."""
        self.load(*orders)
        self.take()
        self.refresh()

    def refresh(self) -> None:
        for view in gold.VIEWS:
            self.connection.execute(f"REFRESH MATERIALIZED VIEW {view}".encode())

    def totals(self, view: str, *columns: str, day: date | None = None) -> tuple[Any, ...]:
        """Sums of the columns, trailing zeros cut."""
        sums = ", ".join(f"trim_scale(sum({column}))" for column in columns)
        where = "WHERE business_date = %s" if day else ""
        return tuple(
            self.connection.execute(
                f"SELECT {sums} FROM reporting.{view} {where}".encode(),  # noqa: S608
                [day] if day else [],
            ).fetchone()
            or ()
        )


@pytest.fixture
def kitchen(database: Database) -> Iterator[Kitchen]:
    with database.connect() as connection:
        kitchen = Kitchen(connection)
        for location_id, described in LOCATIONS.items():
            kitchen.add_location(location_id, location(*described))
        yield kitchen


@pytest.fixture
def pizzeria(kitchen: Kitchen) -> Kitchen:
    return stocked(kitchen)


def stocked(kitchen: Kitchen) -> Kitchen:
    """A Margherita costs 0.25 kg x 120 + 0.1 kg x 900 = 120 cents; olives on it 0.03 x 1500 - 0.05 x 900 = 0."""
    kitchen.recipe("margherita-m", {"dough": "0.25", "cheese": "0.1"})
    kitchen.recipe("margherita-m", {"olives": "0.03", "cheese": "-0.05"}, modifier="olives")
    kitchen.costs("dough", "120")
    kitchen.costs("cheese", "900")
    kitchen.costs("olives", "1500")
    return kitchen


def open_chain(connection: psycopg.Connection, synced_until_at: datetime = LONG_AFTER) -> Kitchen:
    """The demo chain's locations with a small kitchen: an order at each on `DAY`, 10 kg of dough at Manhattan."""
    kitchen = Kitchen(connection)
    for described in load_chain().locations:
        kitchen.add_location(f"L-{described.name}", described)
        connection.execute(
            "INSERT INTO bronze.watermark (source, scope, updated_at) VALUES ('orders', %s, %s)",
            [f"L-{described.name}", synced_until_at],
        )
    stocked(kitchen)
    kitchen.tell("opening", "dough", "10", location_id="L-Manhattan")
    kitchen.sold(
        *(
            order(
                f"at {described.name}", line(quantity=2, modifiers={"olives": 150}), location_id=f"L-{described.name}"
            )
            for described in load_chain().locations
        )
    )
    connection.commit()
    return kitchen


@pytest.fixture
def chain_kitchen(kitchen_connection: psycopg.Connection) -> Kitchen:
    return open_chain(kitchen_connection)


@pytest.fixture
def kitchen_connection(database: Database) -> Iterator[psycopg.Connection]:
    with database.connect() as connection:
        yield connection


@pytest.fixture
def outputs(database: Database, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points the connections at this test's database and stand-ins; the folder that files go to."""
    storekeeper_db = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    google = {
        "conn_type": "google_cloud_platform",
        "extra": {"keyfile_dict": sandbox.google_keyfile, "api_root": sandbox.google_url},
    }
    square = {"conn_type": "http", "host": sandbox.square_url, "password": sandbox.token}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(storekeeper_db))
    monkeypatch.setenv("AIRFLOW_CONN_GOOGLE_DEFAULT", json.dumps(google))
    monkeypatch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", json.dumps(square))
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path / "outputs"))
    return tmp_path / "outputs"


def context(run_after: datetime = LONG_AFTER, **params: Any) -> dict[str, Any]:
    """As much of a task's context as a report reads."""
    run = SimpleNamespace(data_interval_end=None, run_after=run_after, start_date=run_after, run_id="manual")
    defaults: dict[str, Any] = {"date": str(DAY), "locations": [], "mail": True}
    return {"params": defaults | params, "dag_run": run}
