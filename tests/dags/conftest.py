"""Runs whole DAGs in this process through ``dag.test()``, against a real Postgres and the stand-ins."""

import json
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import Database

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.dagrun import DagRun


class Airflow:
    """Runs DAGs by name. A failing task fails at once: retries are for the scheduler to make."""

    def __init__(self, dag_bag: "DagBag") -> None:
        self.dag_bag = dag_bag

    def run(self, dag_id: str, *, logical_date: datetime | None = None, **params: Any) -> "DagRun":
        dag = self.dag_bag.dags[dag_id]
        # A mapped task reads its retries out of what it passes on.
        settings = [getattr(task, "partial_kwargs", None) or vars(task) for task in dag.tasks]
        retries = [setting["retries"] for setting in settings]
        # A run in this process writes its params into the tasks' own.
        declared = [deepcopy(task.params) for task in dag.tasks]
        try:
            for setting in settings:
                setting["retries"] = 0
            run: DagRun = dag.test(logical_date=logical_date, run_conf=params)
        finally:
            for setting, before in zip(settings, retries, strict=True):
                setting["retries"] = before
            for task, params_before in zip(dag.tasks, declared, strict=True):
                task.params.update(params_before)
        return run


@pytest.fixture
def airflow(
    dag_bag: "DagBag", database: Database, sandbox: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Airflow:
    """Connections point at this test's database and at the stand-ins, as the demo's do."""
    postgres = {"conn_type": "postgres", "host": str(database.server.socket), "schema": database.name}
    connections = {
        "storekeeper_db": postgres | {"login": "storekeeper_app"},
        "storekeeper_report_db": postgres | {"login": "storekeeper_report"},
        "square_default": {"conn_type": "http", "host": sandbox.square_url, "password": sandbox.token},
        "google_default": {
            "conn_type": "google_cloud_platform",
            "extra": {"keyfile_dict": sandbox.google_keyfile, "api_root": sandbox.google_url},
        },
        "smtp_default": {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": sandbox.smtp_port,
            "extra": {"from_email": "storekeeper@example.com", "disable_ssl": True, "disable_tls": True},
        },
    }
    for conn_id, connection in connections.items():
        monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(connection))
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path / "outputs"))
    return Airflow(dag_bag)
