import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from include.config import load_chain
from include.mail.failure import describe, mail_failure, runbook
from tests.conftest import Database

DOC = """
### What it does
Syncs.

### When it fails
- *Square says 401*: set the token.

### See also
Nothing.
"""


@pytest.fixture
def context(database: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Airflow hands to a failure callback, as far as it is read here."""
    conn = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))
    ti = SimpleNamespace(
        dag_id="square_sync",
        task_id="load",
        run_id="scheduled__1",
        map_index=2,
        try_number=4,
        log_url="http://127.0.0.1:8080/dags/square_sync/runs/scheduled__1/tasks/load/mapped/2?try_number=4",
    )
    return {
        "ti": ti,
        "dag": SimpleNamespace(doc_md=DOC),
        "exception": ValueError("no such location\nDETAIL: Key (email)=(ana@example.com)"),
        "logical_date": datetime(2026, 11, 20, tzinfo=UTC),
    }


def test_operations_hear_what_failed_and_what_to_do(context: dict[str, Any], connection: psycopg.Connection) -> None:
    mail_failure(context)

    row = connection.execute("SELECT recipients, subject, text_body, html_body FROM outbox.message").fetchone()
    assert row is not None
    recipients, subject, text, html = row
    assert tuple(recipients) == load_chain().operations_recipients
    assert subject == "Failed: square_sync, load [2]"
    for part in (text, html):
        assert "ValueError: no such location" in part
        assert "scheduled__1" in part
        assert "set the token" in part
        assert "mapped/2" in part
        assert "ana@example.com" not in part


def test_the_same_error_is_told_once_an_hour(context: dict[str, Any], connection: psycopg.Connection) -> None:
    mail_failure(context)
    context["ti"].run_id = "scheduled__2"
    mail_failure(context)
    context["exception"] = ValueError("another error")
    mail_failure(context)

    keys = [key for (key,) in connection.execute("SELECT dedupe_key FROM outbox.message")]
    # Both of the first may lie in two hours, if the clock strikes between them.
    assert len(keys) in (2, 3)
    assert len({key.rpartition("/")[0] for key in keys}) == 2


def test_a_process_that_was_killed_is_told_without_an_exception(
    context: dict[str, Any], connection: psycopg.Connection
) -> None:
    del context["exception"]
    del context["logical_date"]
    mail_failure(context)

    row = connection.execute("SELECT text_body FROM outbox.message").fetchone()
    assert row is not None
    assert "killed" in row[0]


def test_a_long_error_is_shortened() -> None:
    assert len(describe(ValueError("x" * 5000))) < 350


@pytest.mark.parametrize(
    ("doc", "text"),
    [
        (DOC, "- *Square says 401*: set the token."),
        ("Syncs.\n\n**When it fails:** run it again.\n\n**Owner** me", "run it again."),
        ("When it fails: run it again.", "run it again."),
        ("It never fails.", ""),
        (None, ""),
    ],
)
def test_the_runbook_is_what_stands_under_when_it_fails(doc: str | None, text: str) -> None:
    assert runbook(doc) == text


def test_dag_files_can_import_it_without_a_heavy_library() -> None:
    script = "import sys, include.mail.failure; print([m for m in ('psycopg', 'jinja2', 'babel') if m in sys.modules])"
    done = run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
