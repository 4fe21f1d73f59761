import json

import psycopg
import pytest
from airflow.utils.state import DagRunState

from include.config import load_chain
from include.mail.outbox import enqueue
from tests.dags.conftest import Airflow
from tests.sandbox_process import Sandbox


def write(connection: psycopg.Connection, key: str, subject: str) -> None:
    enqueue(connection, dedupe_key=key, recipients=["ana@example.com"], subject=subject, html="<p>", text="")
    connection.commit()


def test_a_run_sends_what_is_due_and_counts_what_it_could_not(
    airflow: Airflow, connection: psycopg.Connection, sandbox: Sandbox
) -> None:
    write(connection, "good", "Good")
    write(connection, "bad", "Bad\nsubject")

    run = airflow.run("mail_delivery")

    assert run.state == DagRunState.SUCCESS
    (sender,) = run.get_task_instances()
    assert sender.xcom_pull(task_ids="send_due") == {"sent": 1, "put_off": 0, "dead": 1}
    assert [mail["subject"] for mail in sandbox.request("GET", "/sandbox/mails").json()] == ["Good"]


def test_a_task_that_fails_is_told_to_operations(
    airflow: Airflow, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps({"conn_type": "smtp", "host": "127.0.0.1"}))

    run = airflow.run("mail_delivery")

    assert run.state == DagRunState.FAILED
    row = connection.execute("SELECT recipients, subject, text_body FROM outbox.message").fetchone()
    assert row is not None
    recipients, subject, text = row
    assert tuple(recipients) == load_chain().operations_recipients
    assert subject == "Failed: mail_delivery, send_due"
    assert "ValueError: Connection smtp_default needs a host, and from_email" in text
    assert "Mails that cannot be sent do not fail the task" in text
    assert "/dags/mail_delivery/runs/" in text
