from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from airflow.utils.state import DagRunState, TaskInstanceState

from include.config import load_chain
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.sales.report.shop import FRIDAY, Shop

LOCATIONS = len(load_chain().locations)


@pytest.fixture
def friday(database: Database) -> Shop:
    """One order at each location of the demo chain."""
    with database.connect() as connection:
        shop = Shop(connection)
        pizza = shop.offers("Hawaiian", "L")
        for location in load_chain().locations:
            shop.sells(shop.opens(location), FRIDAY, {"product": pizza, "gross": 1500})
        shop.closes_the_books()
    return shop


def mailed(connection: psycopg.Connection) -> list[str]:
    return [subject for (subject,) in connection.execute("SELECT subject FROM outbox.message ORDER BY subject")]


def states(run: Any) -> dict[tuple[str, int], str]:
    return {(instance.task_id, instance.map_index): instance.state for instance in run.get_task_instances()}


@pytest.mark.usefixtures("friday")
def test_a_run_reports_each_location_and_the_chain(
    airflow: Airflow, connection: psycopg.Connection, tmp_path: Path
) -> None:
    run = airflow.run("sales_report", date="2026-11-20")
    assert run.state == DagRunState.SUCCESS
    assert mailed(connection) == [
        "Chicago Loop, Fri, Nov 20: $15.00",
        "Denver Union Station, Fri, Nov 20: $15.00",
        "Manhattan, Fri, Nov 20: $15.00",
        "Santa Monica, Fri, Nov 20: $15.00",
        "Storekeeper Pizza, Fri, Nov 20: $60.00",
    ]
    assert len(list((tmp_path / "outputs").glob("sales_report_*_2026-11-20_*.csv"))) == LOCATIONS + 1


@pytest.mark.usefixtures("friday")
def test_the_data_interval_names_the_day(airflow: Airflow, connection: psycopg.Connection) -> None:
    # 05:00 in Santa Monica on the day after: where the data interval that a run gets then ends.
    run = airflow.run("sales_report", logical_date=datetime(2026, 11, 21, 13, tzinfo=UTC))
    assert run.state == DagRunState.SUCCESS
    assert all("Fri, Nov 20" in subject for subject in mailed(connection))
    assert len(mailed(connection)) == LOCATIONS + 1


@pytest.mark.usefixtures("friday")
def test_one_location_alone(airflow: Airflow, connection: psycopg.Connection) -> None:
    run = airflow.run("sales_report", date="2026-11-20", locations=["Manhattan"])
    assert run.state == DagRunState.SUCCESS
    assert mailed(connection) == ["Manhattan, Fri, Nov 20: $15.00"]
    assert sorted(set(states(run).values())) == [TaskInstanceState.SKIPPED, TaskInstanceState.SUCCESS]


def test_a_day_that_is_not_synced_fails_and_mails_no_report(airflow: Airflow, connection: psycopg.Connection) -> None:
    run = airflow.run("sales_report", date="2026-11-20")
    assert run.state == DagRunState.FAILED
    assert all(subject.startswith("Failed: sales_report") for subject in mailed(connection))
