"""large_orders as a whole DAG: from an event in the inbox, through the stand-in, to a mail in its inbox."""

from typing import Any

import pytest
from airflow.models.dagrun import DagRun

from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.online_orders.seller import Seller, tomorrow
from tests.sandbox_process import Sandbox


@pytest.fixture
def seller(airflow: Airflow, sandbox: Sandbox, database: Database) -> Seller:
    assert airflow, "its connections lead to the stand-in"
    return Seller(sandbox, database)


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

    assert left_by(airflow.run("large_orders")) == {"events": 2, "put_back": 0, "dead": 0, "sent": 1}
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


def test_while_square_is_away_the_run_fails_and_the_events_wait(
    airflow: Airflow, seller: Seller, database: Database, sandbox: Sandbox
) -> None:
    seller.tell(seller.order(), "created")
    seller.place(order_id="eats-1", location="Chicago Loop")
    sandbox.set_fault(path="/square/v2/orders/batch-retrieve", status=503, retry_after=0)
    assert airflow.run("large_orders").state == "failed"
    assert rows(database, "SELECT state, attempt_count FROM inbox.webhook_event ORDER BY event_key") == [
        ("new", 0),
        ("handled", 1),
    ]
    (subject,) = seller.subjects()
    assert subject.endswith("Chicago Loop")
