"""inventory_analysis as a whole DAG: a question, a file, a sheet with a chart, a mail."""

import csv
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from airflow.utils.state import DagRunState

from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.inventory.reports.conftest import open_chain
from tests.sandbox_process import Sandbox

MARCH: dict[str, Any] = {"start": "2026-03-01", "end": "2026-03-29"}


@pytest.fixture(autouse=True)
def stocked_chain(database: Database) -> None:
    with database.connect() as connection:
        open_chain(connection)


def test_an_analysis_is_a_file_a_chart_and_a_mail(
    airflow: Airflow, sandbox: Sandbox, connection: psycopg.Connection, tmp_path: Path
) -> None:
    wish = MARCH | {"grain": "week", "group_by": "ingredient and location", "mail": True}
    assert airflow.run("inventory_analysis", **wish).state == DagRunState.SUCCESS

    (file,) = (tmp_path / "outputs").glob("inventory_analysis_week_by-ingredient-and-location_2026-03-01_2026-03-29_*")
    headings, *rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert headings[:5] == ["Period", "At location", "Ingredient", "Unit", "Used"]
    assert len(rows) == 4 * 3
    assert sum(float(row[headings.index("Revenue")]) for row in rows) == pytest.approx(4 * 23)

    (book,) = httpx.get(f"{sandbox.url}/sandbox/sheets").json()
    assert book["name"] == "Stock analysis, Storekeeper Pizza"
    charted, table = book["tabs"]
    assert len(table["rows"]) == 1 + len(rows)
    (chart,) = charted["charts"]
    assert chart["spec"]["title"] == "Cost by ingredient and location, 2026-03-01 to 2026-03-29"
    assert "<svg" in httpx.get(f"{sandbox.url}/sheets/{book['id']}").text
    [(subject, text)] = connection.execute("SELECT subject, text_body FROM outbox.message").fetchall()
    assert subject == "Cost by ingredient and location, 2026-03-01 to 2026-03-29"
    assert "dough, Manhattan: $0.60" in text


def test_it_is_mailed_only_where_asked_for(airflow: Airflow, connection: psycopg.Connection) -> None:
    assert airflow.run("inventory_analysis", **MARCH).state == DagRunState.SUCCESS
    assert connection.execute("SELECT FROM outbox.message").fetchall() == []


def test_a_param_that_cannot_be_fails(airflow: Airflow) -> None:
    assert airflow.run("inventory_analysis", start="2026-03-02", end="2026-03-01").state == DagRunState.FAILED
