"""products_sold_report as a whole DAG: a request, a sheet, a file, a mail, a record."""

from typing import Any

import httpx
import psycopg
import pytest
from airflow.utils.state import DagRunState

from include.config import load_chain
from include.products.report.request import PLACES
from include.report_runs import files_of, list_runs
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.sales.report.shop import FRIDAY, Shop
from tests.sandbox_process import Sandbox

FRIDAYS_WEEK: dict[str, Any] = {"period": "week", "date": str(FRIDAY)}


@pytest.fixture(autouse=True)
def friday(database: Database) -> None:
    """One order at each location of the demo chain."""
    with database.connect() as connection:
        shop = Shop(connection)
        pizza = shop.offers("Hawaiian", "L")
        for location in load_chain().locations:
            shop.sells(shop.opens(location), FRIDAY, {"product": pizza, "gross": 1500})
        shop.closes_the_books()


def test_a_request_is_a_sheet_a_file_a_mail_and_a_record(
    airflow: Airflow, sandbox: Sandbox, connection: psycopg.Connection
) -> None:
    wish = FRIDAYS_WEEK | {"markets": ["Northeast", "Pacific"], "recipients": ["ana@example.com"]}
    assert airflow.run("products_sold_report", **wish).state == DagRunState.SUCCESS

    [(recipients, subject)] = connection.execute("SELECT recipients, subject FROM outbox.message").fetchall()
    assert recipients == ["ana@example.com"]
    assert subject.startswith("Products sold, Northeast, Pacific, week 47")
    (book,) = httpx.get(f"{sandbox.url}/sandbox/sheets").json()
    assert [tab["title"] for tab in book["tabs"]] == [
        "Summary",
        "Northeast",
        "Pacific",
        "All products",
        "Menu engineering",
    ]
    ((run,), _) = list_runs(connection, dag_id="products_sold_report")
    assert (run.state, run.parameters["markets"]) == ("success", ["Northeast", "Pacific"])
    assert [file.format for file in files_of(connection, run.run_id)] == ["xlsx"]


def test_a_param_that_cannot_be_fails_and_is_on_record(airflow: Airflow, connection: psycopg.Connection) -> None:
    assert airflow.run("products_sold_report", markets=["Atlantis"]).state == DagRunState.FAILED
    ((run,), _) = list_runs(connection, dag_id="products_sold_report")
    assert "markets: the chain has no Atlantis" in (run.error or "")


def test_the_form_offers_what_the_store_directory_holds(airflow: Airflow) -> None:
    params = airflow.dag_bag.dags["products_sold_report"].params
    for name, attribute in PLACES.items():
        offered = params.get_param(name).schema["examples"]
        assert set(offered) == {getattr(location, attribute) for location in load_chain().locations}
