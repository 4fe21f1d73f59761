from datetime import UTC, datetime
from typing import Any

import pytest
from airflow.utils.state import DagRunState

from tests.dags.conftest import Airflow
from tests.sandbox_process import Sandbox


def orders(sandbox: Sandbox) -> list[dict[str, Any]]:
    ids = [each["id"] for each in sandbox.request("GET", "/square/v2/locations").json()["locations"]]
    answer = sandbox.request("POST", "/square/v2/orders/search", json={"location_ids": ids, "limit": 1000}).json()
    return [order for order in answer.get("orders", []) if not order.get("returns")]


@pytest.fixture
def shop(airflow: Airflow) -> Airflow:
    assert airflow.run("square_setup").state == DagRunState.SUCCESS
    return airflow


def test_a_run_sells_the_day_that_is_asked_for(shop: Airflow, sandbox: Sandbox) -> None:
    for _ in range(2):
        run = shop.run("business_day_simulator", day="2026-11-19", orders_per_location=5, seed=3)
        assert run.state == DagRunState.SUCCESS
        made = orders(sandbox)
        assert len(made) == 20
    assert {order["created_at"][:10] for order in made} <= {"2026-11-19", "2026-11-20"}


def test_without_a_day_the_logical_date_names_it(shop: Airflow, sandbox: Sandbox) -> None:
    # In one process dag.test() keeps the params of the run before: hence day=None.
    june = datetime(2026, 6, 10, 18, tzinfo=UTC)
    run = shop.run("business_day_simulator", logical_date=june, day=None, orders_per_location=2)
    assert run.state == DagRunState.SUCCESS
    assert {order["created_at"][:10] for order in orders(sandbox)} <= {"2026-06-09", "2026-06-10"}


def test_a_real_sellers_account_is_refused(shop: Airflow, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    production = '{"conn_type": "http", "host": "https://connect.squareup.com", "password": "real"}'
    monkeypatch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", production)
    assert shop.run("business_day_simulator", orders_per_location=1).state == DagRunState.FAILED
    assert orders(sandbox) == []
