"""large_orders as a whole DAG: from an event in the inbox, through the stand-in, to a mail in its inbox."""

from collections.abc import Iterator
from typing import Any

import pytest
from airflow.models.dagrun import DagRun

from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.online_orders.seller import Seller, tomorrow
from tests.sandbox_process import Sandbox


@pytest.fixture
def seller(airflow: Airflow, sandbox: Sandbox, database: Database) -> Iterator[Seller]:
    assert airflow, "its connections lead to the stand-in"
    seller = Seller(sandbox, database)
    with seller.listener:
        yield seller


def left_by(run: DagRun) -> Any:
    assert run.state == "success"
    (instance,) = run.get_task_instances()
    return instance.xcom_pull(task_ids="watch")


def rows(database: Database, query: str) -> list[Any]:
    with database.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_large_order_is_one_mail_to_the_right_people(airflow: Airflow, seller: Seller, database: Database) -> None:
    order = seller.order()
    seller.tell(order, "created")
    seller.tell(order)

    assert left_by(airflow.run("large_orders")) == {"handled": 2, "put_back": 0, "dead": 0, "sent": 1}
    assert left_by(airflow.run("large_orders"))["sent"] == 0

    assert seller.subjects() == [f"Large order: $600 for {tomorrow(11, 30):%a, %b %-d}, 11:30, Manhattan"]
    assert rows(database, "SELECT kind, reason, recipients FROM online_orders.alert") == [
        ("placed", "over $500 and due 30 min after opening", ["manhattan@example.com"])
    ]
    assert rows(database, "SELECT DISTINCT state FROM inbox.webhook_event") == [("handled",)]


def test_an_order_whose_event_was_dropped_is_found_after_the_next_sync(airflow: Airflow, seller: Seller) -> None:
    seller.order(90_000)
    assert airflow.run("square_sync").state == "success"
    assert left_by(airflow.run("large_orders"))["sent"] == 1
    assert airflow.run("square_sync").state == "success"
    assert left_by(airflow.run("large_orders"))["sent"] == 0


def test_while_square_is_away_its_events_wait_and_others_are_told_of(
    airflow: Airflow, seller: Seller, database: Database, sandbox: Sandbox
) -> None:
    seller.tell(seller.order(), "created")
    seller.place(location="Chicago Loop")
    sandbox.set_fault(path="/square/v2/orders/batch-retrieve", status=503, retry_after=0)
    assert left_by(airflow.run("large_orders"))["sent"] == 1
    assert rows(database, "SELECT state, attempt_count FROM inbox.webhook_event ORDER BY event_key") == [
        ("new", 0),
        ("handled", 1),
    ]
    (subject,) = seller.subjects()
    assert subject.endswith("Chicago Loop")
