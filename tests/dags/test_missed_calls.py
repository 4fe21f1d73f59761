from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from airflow.utils.state import DagRunState

from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.calls.phone import Phone
from tests.sandbox_process import Sandbox


@pytest.fixture
def phone(database: Database) -> Iterator[Phone]:
    with database.connect("storekeeper_listener") as connection:
        yield Phone(connection)


def subjects(sandbox: Sandbox) -> list[str]:
    return [mail["subject"] for mail in sandbox.request("GET", "/sandbox/mails").json()]


def test_five_calls_that_nobody_answered_are_one_mail(airflow: Airflow, phone: Phone, sandbox: Sandbox) -> None:
    now = datetime.now(UTC)
    for seconds in range(5):
        phone.rings(now - timedelta(seconds=10 - seconds), caller_number="+16465550100")

    first, second = airflow.run("missed_calls"), airflow.run("missed_calls")

    assert (first.state, second.state) == (DagRunState.SUCCESS, DagRunState.SUCCESS)
    (subject,) = subjects(sandbox)
    assert subject.startswith("Manhattan, Front desk: 5 missed calls since ")
