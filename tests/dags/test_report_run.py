"""report_run, report_dispatch and housekeeping as whole DAGs."""

from collections.abc import Iterator

import psycopg
import pytest
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from sqlalchemy import select

from include.report_runs import file_path, files_of, find_run, list_runs
from include.sql_reports.definitions.store import create_report, list_reports
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.sql_reports.reports import definition


@pytest.fixture
def db(airflow: Airflow, database: Database) -> Iterator[psycopg.Connection]:
    assert airflow, "its connections lead to this database"
    with database.connect() as connection:
        connection.autocommit = True
        yield connection


def test_a_report_becomes_a_file_and_a_mail_and_the_file_goes_when_its_time_is_over(
    airflow: Airflow, db: psycopg.Connection
) -> None:
    create_report(db, definition(recipients=["ana@example.com"]), "ana")
    run = airflow.run("report_run", report="numbers", formats=["json"])
    assert run.state == DagRunState.SUCCESS
    record = find_run(db, "report_run", run.run_id)
    assert record is not None
    assert (record.state, record.row_count) == ("success", 3)
    [file] = files_of(db, record.run_id)
    path = file_path(file)
    assert path.name == file.filename
    [(subject,)] = db.execute("SELECT subject FROM outbox.message").fetchall()
    assert subject.startswith("Numbers, ")
    [task] = run.get_task_instances()
    assert task.xcom_pull(task_ids="make_report") == {"run_id": record.run_id, "rows": 3, "note": None}

    db.execute("UPDATE reports.report_file SET created_at = now() - interval '91 days'")
    assert airflow.run("housekeeping").state == DagRunState.SUCCESS
    assert not path.exists()


def test_what_is_due_is_started_and_the_library_taken_over(airflow: Airflow, db: psycopg.Connection) -> None:
    report = create_report(db, definition(cron="0 0 1 1 *"), "ana")
    # Airflow knows a DAG once it has run.
    airflow.run("report_run", report="Numbers", mail=False)
    db.execute("UPDATE reports.report SET next_run_at = now() - interval '1 second'")
    [(due_at,)] = db.execute("SELECT next_run_at FROM reports.report").fetchall()

    run = airflow.run("report_dispatch")

    states = {(task.task_id, task.map_index): task.state for task in run.get_task_instances()}
    assert states == {("claim", -1): "success", ("start", 0): "success", ("look_after", -1): "success"}
    record = list_runs(db, report_id=report.report_id)[0][0]
    assert (record.state, record.asked_by, record.due_at) == ("queued", "schedule", due_at)
    with create_session() as session:
        started = session.scalars(select(DagRun).where(DagRun.run_id == record.dag_run_id)).one()
        assert (started.dag_id, started.conf) == ("report_run", {"report": str(report.report_id)})
        assert started.run_after == due_at
    assert list_reports(db)[1] > 10, "the demo chain's library"

    # What Airflow has not begun is started again, unless it knows of it.
    db.execute("UPDATE reports.report_run SET queued_at = now() - interval '3 minutes' WHERE state = 'queued'")
    again = airflow.run("report_dispatch")
    assert {task.task_id: task.state for task in again.get_task_instances()} == {
        "claim": "success",
        "start": "skipped",
        "look_after": "success",
    }
