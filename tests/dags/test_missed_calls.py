from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from airflow.utils.state import DagRunState

from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.calls.phone import Phone
from tests.sandbox_process import Sandbox

CALLER = "+16465550100"


@pytest.fixture
def phone(database: Database) -> Iterator[Phone]:
    with database.connect("storekeeper_listener") as connection:
        yield Phone(connection)


def ring(phone: Phone, count: int = 5, before: timedelta = timedelta()) -> None:
    """Calls of now that nobody answered. Manhattan's front desk is always open."""
    now = datetime.now(UTC) - before
    for number in range(count):
        phone.rings(now - timedelta(seconds=count - number), caller_number=CALLER, caller_name="Ana Rossi")


def subjects(sandbox: Sandbox) -> list[str]:
    return [mail["subject"] for mail in sandbox.request("GET", "/sandbox/mails").json()]


def test_five_calls_that_nobody_answered_are_one_mail(
    airflow: Airflow, phone: Phone, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    ring(phone)

    run = airflow.run("missed_calls")
    assert run.state == DagRunState.SUCCESS
    (watch,) = run.get_task_instances()
    result = watch.xcom_pull(task_ids="watch")
    assert (result["placed"], result["alerts"]) == (5, 1)

    assert airflow.run("missed_calls").state == DagRunState.SUCCESS
    (subject,) = subjects(sandbox)
    assert subject.startswith("Manhattan, Front desk: 5 missed calls since ")
    out, err = capfd.readouterr()
    for log in (out, err):
        assert CALLER.removeprefix("+") not in log
        assert "Ana" not in log


def test_a_mail_server_that_is_away_loses_no_alert(
    airflow: Airflow, phone: Phone, sandbox: Sandbox, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring(phone)
    with monkeypatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", '{"conn_type": "smtp", "host": "127.0.0.1"}')
        assert airflow.run("missed_calls").state == DagRunState.FAILED
    assert subjects(sandbox) == []

    assert airflow.run("mail_delivery").state == DagRunState.SUCCESS
    assert len([subject for subject in subjects(sandbox) if "5 missed calls" in subject]) == 1
    assert connection.execute("SELECT count(*) FROM calls.alert").fetchall() == [(1,)]


def test_a_muted_department_is_left_in_peace(
    airflow: Airflow, phone: Phone, sandbox: Sandbox, connection: psycopg.Connection
) -> None:
    run = airflow.run("missed_calls_mute", location="Manhattan", department="Front desk", hours=1, reason="painters")
    assert run.state == DagRunState.SUCCESS
    rows = connection.execute("SELECT muted_by, reason, until_at - begin_at FROM calls.mute").fetchall()
    assert rows == [("dag_test", "painters", timedelta(hours=1))]

    ring(phone)
    assert airflow.run("missed_calls").state == DagRunState.SUCCESS
    assert subjects(sandbox) == []


def test_a_department_that_is_not_there_fails_at_once(airflow: Airflow, connection: psycopg.Connection) -> None:
    run = airflow.run("missed_calls_mute", location="Manhattan", department="Catering", hours=0)
    assert run.state == DagRunState.SUCCESS
    with pytest.raises(ValueError, match="Kitchen"):
        airflow.run("missed_calls_mute", location="Manhattan", department="Kitchen")
    assert connection.execute("SELECT count(*) FROM calls.mute").fetchall() == [(1,)]


def test_a_days_summary_is_written_by_the_interval_that_names_it(
    airflow: Airflow, phone: Phone, connection: psycopg.Connection
) -> None:
    # 18:00 in Manhattan on the 19th; 05:00 in Santa Monica on the 20th is when the run for it is due.
    phone.rings(datetime(2026, 11, 19, 23, tzinfo=UTC))
    assert airflow.run("missed_calls").state == DagRunState.SUCCESS

    due_at = datetime(2026, 11, 20, 13, tzinfo=UTC)
    assert airflow.run("calls_summary", logical_date=due_at).state == DagRunState.SUCCESS
    assert airflow.run("calls_summary", date=str(date(2026, 11, 19))).state == DagRunState.SUCCESS

    rows = connection.execute("SELECT subject FROM outbox.message").fetchall()
    assert rows == [("Manhattan, Thu, Nov 19: 0% of calls answered, 1 missed",)]


def test_a_day_that_is_not_over_cannot_be_summed_up(airflow: Airflow) -> None:
    today = datetime.now(UTC).date()
    assert airflow.run("calls_summary", date=str(today)).state == DagRunState.FAILED
