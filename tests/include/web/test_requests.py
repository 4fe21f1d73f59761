"""One-off requests and standing orders: Airflow runs of the reports that are DAGs of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from airflow.models import DagModel
from airflow.utils.session import create_session
from sqlalchemy import update

from tests.include.web.conftest import Web
from tests.include.web.test_reports import dag_runs

ORDER = {
    "name": "Sales on Mondays",
    "dag_id": "sales_report",
    "params": {},
    "cron": "0 7 * * 1",
    "timezone": "Europe/Berlin",
}


@pytest.fixture
def web(emptied_web: Web) -> Web:
    return emptied_web


def test_a_request_starts_a_run(web: Web) -> None:
    user = web.login("user")

    for name, dag_id in (("sales", "sales_report"), ("products-sold", "products_sold_report")):
        answer = user.post(f"/requests/{name}", json={})

        assert answer.status_code == 202, answer.text
        run = user.get(web.url + answer.headers["Location"]).json()
        assert (run["dag_id"], run["state"], run["asked_by"]) == (dag_id, "queued", "user")
        assert run["dag_run_id"] in dag_runs(dag_id)


def test_a_value_that_the_params_do_not_take_is_refused(web: Web) -> None:
    user = web.login("user")

    answer = user.post("/requests/sales", json={"date": "someday", "colour": "red"})

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"date", "colour"}
    assert user.get("/runs").json()["total"] == 0


@contextmanager
def dag_with(**state: bool) -> Iterator[None]:
    def set_to(values: dict[str, bool]) -> None:
        with create_session() as session:
            session.execute(update(DagModel).where(DagModel.dag_id == "sales_report").values(**values))

    set_to(state)
    try:
        yield
    finally:
        set_to({name: not value for name, value in state.items()})


def test_a_dag_that_cannot_run_is_told_and_leaves_no_record(web: Web) -> None:
    user = web.login("user")
    before = set(dag_runs("sales_report"))

    with dag_with(is_paused=True):
        paused = user.post("/requests/sales", json={})
    with dag_with(is_stale=True):
        stale = user.post("/requests/sales", json={})

    assert (paused.status_code, stale.status_code) == (409, 503)
    assert "sales_report" in paused.json()["detail"]
    assert stale.headers["Retry-After"]
    assert user.get("/runs").json()["total"] == 0
    assert set(dag_runs("sales_report")) == before


def test_a_standing_order_is_kept_and_run(web: Web) -> None:
    op, user = web.login("op"), web.login("user")

    made = op.post("/standing-orders", json=ORDER)

    assert made.status_code == 201, made.text
    path = web.url + made.headers["Location"]
    assert user.get(path).json() == made.json()
    assert ORDER.items() <= made.json().items()
    assert user.get("/standing-orders", params={"dag_id": "products_sold_report"}).json()["total"] == 0
    assert user.get("/standing-orders", params={"search": "mondays"}).json()["items"] == [made.json()]
    assert op.post("/standing-orders", json=ORDER).status_code == 409
    assert op.post("/standing-orders", json=ORDER | {"cron": "x", "name": "y"}).status_code == 422
    assert user.put(path, json=ORDER).status_code == 403
    assert op.patch(path, json={"is_active": False}).status_code == 428
    off = op.patch(path, json={"is_active": False}, headers={"If-Match": made.headers["ETag"]})
    assert (off.json()["is_active"], off.json()["next_run_at"]) == (False, None)
    assert op.put(path, json=ORDER, headers={"If-Match": made.headers["ETag"]}).status_code == 412
    run = user.post(f"{path}/run")
    assert run.status_code == 202
    assert run.json()["standing_order_id"] == made.json()["standing_order_id"]
    assert user.get(path).json()["last_run"]["run_id"] == run.json()["run_id"]
    assert op.delete(path, headers={"If-Match": off.headers["ETag"]}).status_code == 204
    assert user.get(path).status_code == 404
    assert [change["action"] for change in user.get(f"{path}/changes").json()] == ["deleted", "updated", "created"]
