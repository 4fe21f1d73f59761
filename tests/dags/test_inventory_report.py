"""inventory_report as a whole DAG: every location's logs and mail, and the chain's."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from airflow.utils.state import DagRunState, TaskInstanceState

from include.config import load_chain
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.inventory.reports.conftest import open_chain

LOCATIONS = len(load_chain().locations)
# 05:00 in Santa Monica on the day after: where the data interval that a run gets then ends.
DUE = datetime(2026, 3, 3, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def stocked_chain(database: Database) -> None:
    with database.connect() as connection:
        open_chain(connection)


def mailed(connection: psycopg.Connection) -> list[str]:
    return [subject for (subject,) in connection.execute("SELECT subject FROM outbox.message ORDER BY subject")]


def test_a_run_reports_each_location_and_the_chain(
    airflow: Airflow, connection: psycopg.Connection, tmp_path: Path
) -> None:
    assert airflow.run("inventory_report", logical_date=DUE).state == DagRunState.SUCCESS
    assert [subject.split(",")[1] for subject in mailed(connection)] == [
        " Chicago Loop", " Denver Union Station", " Manhattan", " Santa Monica", " Storekeeper Pizza",
    ]  # fmt: skip
    assert all("Mon, Mar 2: " in subject for subject in mailed(connection))
    for log in ("deduction_log", "restock_log"):
        names = {file.name.rpartition("_")[0] for file in (tmp_path / "outputs").glob(f"{log}_*.csv")}
        assert len(names) == LOCATIONS


def test_one_location_alone(airflow: Airflow, connection: psycopg.Connection) -> None:
    run = airflow.run("inventory_report", date="2026-03-02", locations=["Manhattan"])
    assert run.state == DagRunState.SUCCESS
    assert [subject.split(",")[1] for subject in mailed(connection)] == [" Manhattan"]
    states = {instance.task_id: instance.state for instance in run.get_task_instances()}
    assert states["chain_report"] == TaskInstanceState.SKIPPED


def test_a_day_that_is_not_synced_fails_and_mails_no_report(airflow: Airflow, connection: psycopg.Connection) -> None:
    assert airflow.run("inventory_report", date="2026-05-02").state == DagRunState.FAILED
    assert all(subject.startswith("Failed: inventory_report") for subject in mailed(connection))
