import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from include.report_runs import Run, find_run, list_runs
from include.sql_reports.definitions.store import Report, create_report
from include.sql_reports.making.run import run_report
from tests.conftest import Database
from tests.include.sql_reports.reports import definition

# A Saturday morning in New York.
AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


@pytest.fixture
def db(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """Both roles' connections lead to this test's database, and files to its folder.

    It commits at once: what is tested has connections of its own.
    """
    postgres = {"conn_type": "postgres", "host": str(database.server.socket), "schema": database.name}
    for conn_id, role in (("storekeeper_db", "storekeeper_app"), ("storekeeper_report_db", "storekeeper_report")):
        monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(postgres | {"login": role}))
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path / "outputs"))

    with database.connect() as connection:
        connection.autocommit = True
        yield connection


class Desk:
    """Makes reports, and runs them as Airflow's task does."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def report(self, **wish: Any) -> Report:
        return create_report(self.connection, definition(**wish), "ana")

    def context(self, run_id: str = "one", *, attempt: int = 1, **params: Any) -> dict[str, Any]:
        """Of the task's attempt, five retries being what the DAG allows."""
        dag_run = SimpleNamespace(
            dag_id="report_run",
            run_id=run_id,
            run_type="manual",
            triggering_user_name="ana",
            run_after=AT,
            conf=params,
        )
        ti = SimpleNamespace(
            dag_id="report_run",
            task_id="make_report",
            run_id=run_id,
            map_index=-1,
            try_number=attempt,
            max_tries=5,
            task=SimpleNamespace(retries=5),
            log_url="http://localhost/log",
        )
        return {"dag_run": dag_run, "ti": ti, "params": params, "dag": SimpleNamespace(doc_md=""), "logical_date": None}

    def run(self, run_id: str = "one", **params: Any) -> Run:
        run_report(self.context(run_id, **params))
        return self.record(run_id)

    def record(self, run_id: str = "one") -> Run:
        run = find_run(self.connection, "report_run", run_id)
        assert run is not None
        return run

    def runs(self) -> list[Run]:
        return list_runs(self.connection)[0]

    def mails(self) -> Sequence[Mapping[str, Any]]:
        """The oldest first."""
        with self.connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute("SELECT * FROM outbox.message ORDER BY created_at, subject").fetchall()

    def subjects(self) -> list[str]:
        return [mail["subject"] for mail in self.mails()]

    def an_hour_later(self) -> None:
        self.connection.execute("UPDATE reports.notification_log SET decided_at = decided_at - interval '1 hour'")


@pytest.fixture
def desk(db: psycopg.Connection) -> Desk:
    return Desk(db)
