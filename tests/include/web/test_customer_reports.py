"""Deciding on a day's report and having it, through the API; the run that waits is Airflow's own."""

from datetime import timedelta
from typing import Any

import pytest
from airflow.utils.state import DagRunState

from include.customers.editions import get_edition
from tests.include.web.conftest import Web
from tests.include.web.partner import WORKBOOK, answer, ask, asked_about, made, newest_day, report_run
from tests.include.web.test_reports import dag_runs

DAY = newest_day()


@pytest.fixture
def web(emptied_web: Web) -> Web:
    return emptied_web


def deeds(web: Web) -> list[tuple[Any, ...]]:
    with web.database.connect() as connection:
        return connection.execute("SELECT done_by, action FROM partner.deed ORDER BY deed_id").fetchall()


def state(web: Web, edition_id: int) -> str:
    with web.database.connect() as connection:
        return get_edition(connection, edition_id).state


@pytest.mark.parametrize(("verb", "option"), [("approve", "Approve"), ("reject", "Reject")])
def test_a_decision_is_written_down_and_the_run_goes_on_with_it(web: Web, verb: str, option: str) -> None:
    edition = asked_about(web, DAY)
    user = web.login("user")

    decided = user.post(f"/customer-reports/{edition.edition_id}/{verb}", json={"note": "As last week."}).json()

    assert (decided["decided_by"], decided["decision_note"]) == ("user", "As last week.")
    assert answer(edition.dag_run_id) == ("user", [option], "scheduled")
    assert deeds(web) == [("user", decided["state"])]
    assert user.get("/customer-reports", params={"date": str(DAY), "state": decided["state"]}).json()["items"] == [
        decided
    ]


def test_nobody_decides_twice(web: Web) -> None:
    edition = asked_about(web, DAY)
    path = f"/customer-reports/{edition.edition_id}"
    web.login("user").post(f"{path}/approve")

    again = web.login("op").post(f"{path}/reject")

    assert again.status_code == 409
    assert "user has approved it" in again.json()["detail"]
    assert answer(edition.dag_run_id)[:2] == ("user", ["Approve"])
    assert deeds(web) == [("user", "approved")]


def test_nothing_is_decided_for_a_run_that_has_ended(web: Web) -> None:
    edition = made(web, DAY, report_run(DagRunState.FAILED))

    refused = web.login("user").post(f"/customer-reports/{edition.edition_id}/approve")

    assert refused.status_code == 409
    assert "ask for the day's report again" in refused.json()["detail"]
    assert (state(web, edition.edition_id), deeds(web)) == ("pending", [])


def test_a_decision_before_the_question_holds(web: Web) -> None:
    """The task looks for it before it waits."""
    edition = made(web, DAY)

    assert web.login("user").post(f"/customer-reports/{edition.edition_id}/approve").status_code == 200
    assert state(web, edition.edition_id) == "approved"


def test_an_answer_given_in_airflow_does_not_stand_in_the_way(web: Web) -> None:
    run_id = report_run()
    edition = made(web, DAY, run_id)
    ask(run_id, answered_by="op")

    assert web.login("user").post(f"/customer-reports/{edition.edition_id}/reject").status_code == 200
    assert state(web, edition.edition_id) == "rejected"
    assert answer(run_id)[:2] == ("op", ["Approve"])


def test_only_what_is_approved_can_be_had_and_who_has_it_is_written_down(web: Web) -> None:
    edition = asked_about(web, DAY)
    path, user = f"/customer-reports/{edition.edition_id}", web.login("user")

    refused = user.get(f"{path}/file")
    user.post(f"{path}/approve")
    file = user.get(f"{path}/file")

    assert refused.status_code == 409
    assert file.content == WORKBOOK
    assert file.headers["Content-Disposition"].startswith(f'attachment; filename="Daily_Report_{DAY:%Y%m%d}.xlsx"')
    assert file.headers["Cache-Control"] == "no-store"
    assert deeds(web) == [("user", "approved"), ("user", "downloaded")]


def test_a_workbook_that_is_gone_is_nobodys_deed(web: Web) -> None:
    edition = asked_about(web, DAY)
    path, user = f"/customer-reports/{edition.edition_id}", web.login("user")
    user.post(f"{path}/approve")
    (web.partner_files / edition.path).unlink()

    assert user.get(f"{path}/file").status_code == 410
    assert deeds(web) == [("user", "approved")]


def test_a_newer_edition_takes_the_older_ones_place(web: Web) -> None:
    older, newer = asked_about(web, DAY), asked_about(web, DAY)
    user = web.login("user")

    refused = user.post(f"/customer-reports/{older.edition_id}/approve")

    assert "A newer edition" in refused.json()["detail"]
    found = user.get("/customer-reports", params={"date": str(DAY)}).json()["items"]
    assert [(each["edition_id"], each["state"]) for each in found] == [
        (newer.edition_id, "pending"),
        (older.edition_id, "superseded"),
    ]


def test_a_report_of_a_day_is_asked_for(web: Web) -> None:
    wish = {"date": str(DAY), "source": "square"}

    asked = web.login("user").post("/customer-reports", json=wish)

    assert asked.status_code == 202, asked.text
    run = asked.json()
    assert (run["dag_id"], run["state"], run["asked_by"]) == ("customer_orders_report", "queued", "user")
    assert run["dag_run_id"] in dag_runs("customer_orders_report")
    pages = web.browser_login("user")
    assert f'href="/storekeeper/partner/{DAY}"' in pages.get(f"/runs/{run['run_id']}").text
    assert f'value="{DAY}"' in pages.get(f"/requests/customer-orders?again={run['run_id']}").text
    assert f'value="{DAY}"' in pages.get(f"/requests/customer-orders?day={DAY}").text
    refused = web.login("viewer").post("/customer-reports", json=wish)
    assert "triggering customer_orders_report" in refused.json()["detail"]


def test_what_is_not_there_is_told(web: Web) -> None:
    user = web.login("user")
    assert user.get("/customer-reports/999").status_code == 404
    assert user.post("/customer-reports/999/approve").status_code == 404
    assert user.get("/customer-reports/999/file").status_code == 404


def test_a_day_that_has_not_begun_is_told_where_it_is_asked_for(web: Web) -> None:
    coming = DAY + timedelta(days=2)
    form = {"date": str(coming), "source": "partner", "output": "xlsx", "mail": "yes"}

    answer = web.browser_login("user").post("/requests/customer-orders", data=form)

    assert answer.status_code == 422
    assert f"{coming} has not begun" in answer.text


def test_a_run_without_a_day_of_its_own_leads_to_all_days(web: Web) -> None:
    run = web.login("user").post("/customer-reports", json={"date": str(DAY)}).json()
    with web.database.connect() as connection:
        connection.execute("UPDATE reports.report_run SET parameters = '{}'")

    assert 'href="/storekeeper/partner">Its day' in web.browser_login("user").get(f"/runs/{run['run_id']}").text
