"""Reports through the API: defined, changed, deleted, listed, run."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from include.web.api.reports import ReportSummary
from tests.include.web.conftest import Web

REPORT: dict[str, Any] = {
    "name": "Umsätze",
    "description": "Of yesterday",
    "sql": "SELECT day FROM calendar WHERE day = :day",
    "parameters": [{"name": "day", "type": "date", "default": "yesterday"}],
    "cron": "0 6 * * 1",
    "timezone": "Europe/Berlin",
    "formats": ["csv", "xlsx"],
    "recipients": ["shop@example.com"],
    "owner": "owner@example.com",
}


@pytest.fixture
def web(emptied_web: Web) -> Web:
    return emptied_web


def made(client: httpx.Client, **fields: Any) -> httpx.Response:
    answer = client.post("/reports", json=REPORT | fields)
    assert answer.status_code == 201, answer.text
    return answer


def dag_runs(dag_id: str) -> dict[str, Any]:
    """Airflow's runs of a DAG by their id."""
    from airflow.models import DagRun
    from airflow.utils.session import create_session

    with create_session() as session:
        return {run.run_id: run for run in session.scalars(select(DagRun).where(DagRun.dag_id == dag_id))}


def test_a_report_is_made_read_and_found(web: Web) -> None:
    op, viewer = web.login("op"), web.login("viewer")

    answer = made(op)

    report = viewer.get(web.url + answer.headers["Location"])
    assert report.json() == answer.json()
    assert report.headers["ETag"] == answer.headers["ETag"]
    assert REPORT.items() <= {**report.json(), "parameters": REPORT["parameters"]}.items()
    assert (report.json()["version"], report.json()["created_by"]) == (1, "op")
    assert report.json()["schedule"] == "At 06:00 on Monday"
    assert report.json()["next_run_at"].endswith("Z")
    (listed,) = viewer.get("/reports", params={"search": "UMSÄTZE"}).json()["items"]
    assert "sql" not in listed
    assert ReportSummary.model_validate(listed) == ReportSummary.model_validate(report.json())
    assert viewer.get("/reports", params={"search": "nothing"}).json()["total"] == 0
    assert viewer.get("/reports", params={"mine": True}).json()["total"] == 0


def test_what_has_not_changed_is_not_sent_again(web: Web) -> None:
    op = web.login("op")
    answer = made(op)
    path, tag = web.url + answer.headers["Location"], answer.headers["ETag"]

    known = op.get(path, headers={"If-None-Match": f'"other", W/{tag}'})

    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["ETag"] == tag
    assert op.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_wrong_field_is_named(web: Web) -> None:
    op = web.login("op")
    wrong_default = {"name": "day", "type": "date", "default": "someday"}
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"name": ""}, "name", ""),
        ({"cron": "every day"}, "cron", "no schedule"),
        ({"timezone": "Berlin"}, "timezone", "Berlin"),
        ({"formats": []}, "formats", ""),
        ({"recipients": ["nobody"]}, "recipients.0", "no mail address"),
        ({"sqll": "SELECT 1"}, "sqll", ""),
        ({"parameters": [wrong_default]}, "parameters.0", "no day"),
        ({"description": "\0"}, "description", "NUL"),
    ]
    for fields, field, words in wrong:
        answer = op.post("/reports", json=REPORT | fields)

        assert answer.status_code == 422, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert words in answer.json()["detail"]


def test_halves_of_characters_are_refused(web: Web) -> None:
    op = web.login("op")
    for body in ({"sql": "SELECT '\ud800'"}, {"name": "\ud800"}, {"\ud800": 1}):
        # As text: httpx encodes none.
        answer = op.post("/reports", content=json.dumps(REPORT | body), headers={"Content-Type": "application/json"})

        assert answer.status_code == 422, answer.text


def test_a_statement_that_may_not_be_run_is_refused_with_its_place(web: Web) -> None:
    answer = web.login("op").post("/reports", json=REPORT | {"sql": "SELECT :day\nFROM outbox.message"})

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["line"]) == ("sql", 2)


def test_a_name_is_taken_once(web: Web) -> None:
    op = web.login("op")
    made(op)

    answer = op.post("/reports", json=REPORT | {"name": "UMSÄTZE"})

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["field"] == "name"


def test_a_change_wants_the_version_that_it_was_made_from(web: Web) -> None:
    op, admin = web.login("op"), web.login("admin")
    answer = made(op)
    path, tag = web.url + answer.headers["Location"], answer.headers["ETag"]

    assert op.patch(path, json={"name": "A"}).status_code == 428
    assert op.put(path, json=REPORT).status_code == 428
    assert op.delete(path).status_code == 428
    changed = op.patch(path, json={"name": "A"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    stale = admin.patch(path, json={"name": "B"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert "op" in stale.json()["detail"]
    for never in ('"99"', '"nonsense"', f"W/{changed.headers['ETag']}", ""):
        assert admin.put(path, json=REPORT, headers={"If-Match": never}).status_code == 412, never
    any_of = {"If-Match": f"{tag}, {changed.headers['ETag']}"}
    assert admin.put(path, json=REPORT | {"name": "C"}, headers=any_of).json()["version"] == 3
    assert admin.delete(path, headers={"If-Match": "*"}).status_code == 204
    assert op.get(path).status_code == 404


def test_a_patch_changes_what_it_names(web: Web) -> None:
    op = web.login("op")
    answer = made(op)
    path, tag = web.url + answer.headers["Location"], answer.headers["ETag"]
    headers = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}

    patched = op.patch(path, content='{"cron": null, "retry_count": 5, "version": 70}', headers=headers).json()

    assert (patched["cron"], patched["next_run_at"], patched["retry_count"], patched["version"]) == (None, None, 5, 2)
    assert patched["name"] == REPORT["name"]
    wrong = op.patch(path, json={"retry_count": "many"}, headers={"If-Match": "*"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "retry_count"
    assert op.patch(path, json=["name"], headers={"If-Match": "*"}).status_code == 422


def test_what_was_read_can_be_put_back(web: Web) -> None:
    op = web.login("op")
    answer = made(op)
    path = web.url + answer.headers["Location"]

    same = op.put(path, json=answer.json(), headers={"If-Match": answer.headers["ETag"]})

    # A change that changes nothing is none.
    assert (same.status_code, same.json()["version"]) == (200, 1)


def test_who_changed_what_is_kept(web: Web) -> None:
    op, admin, viewer = (web.login(login) for login in ("op", "admin", "viewer"))
    report_id = made(op).json()["report_id"]
    admin.patch(f"/reports/{report_id}", json={"name": "B"}, headers={"If-Match": "*"})
    op.delete(f"/reports/{report_id}", headers={"If-Match": "*"})

    changes = viewer.get(f"/reports/{report_id}/changes").json()

    assert [(change["action"], change["changed_by"]) for change in changes] == [
        ("deleted", "op"),
        ("updated", "admin"),
        ("created", "op"),
    ]
    assert changes[1]["fields"] == ["name"]
    assert (changes[1]["before"]["name"], changes[1]["after"]["name"]) == (REPORT["name"], "B")
    assert viewer.get("/reports/99/changes").status_code == 404


def test_lists_come_page_by_page(web: Web) -> None:
    op = web.login("op")
    for number in range(5):
        made(op, name=f"Report {number}", is_active=number != 0)

    page = op.get("/reports", params={"limit": 2, "offset": 2, "sort": "-name", "is_active": True})

    assert [report["name"] for report in page.json()["items"]] == ["Report 2", "Report 1"]
    assert (page.json()["total"], page.json()["limit"], page.json()["offset"]) == (4, 2, 2)
    assert set(page.links) == {"first", "prev", "last"}
    first = op.get(web.url + page.links["first"]["url"])
    assert [report["name"] for report in first.json()["items"]] == ["Report 4", "Report 3"]
    assert set(first.links) == {"first", "next", "last"}
    assert op.get(web.url + first.links["next"]["url"]).json() == page.json()
    assert op.get("/reports", params={"limit": 1001}).status_code == 422
    assert op.get("/reports", params={"offset": -1}).status_code == 422


def test_a_run_is_an_airflow_run_in_the_users_name(web: Web) -> None:
    report_id = made(web.login("op")).json()["report_id"]

    answer = web.login("user").post(
        f"/reports/{report_id}/run", json={"parameters": {"day": "2026-11-01"}, "formats": ["json"], "mail": False}
    )

    assert answer.status_code == 202, answer.text
    run = web.login("viewer").get(web.url + answer.headers["Location"]).json()
    assert (run["state"], run["asked_by"], run["title"], run["report_id"]) == ("queued", "user", "Umsätze", report_id)
    dag_run = dag_runs("report_run")[run["dag_run_id"]]
    assert dag_run.triggering_user_name == "user"
    assert dag_run.conf == {
        "report": report_id,
        "parameters": {"day": "2026-11-01"},
        "formats": ["json"],
        "mail": False,
    }
    assert web.login("viewer").get(f"/reports/{report_id}/runs").json()["items"][0]["run_id"] == run["run_id"]
    report = ReportSummary.model_validate(web.login("viewer").get(f"/reports/{report_id}").json())
    assert report.last_run
    assert (report.last_run.run_id, report.last_run.state) == (run["run_id"], "queued")
    (listed,) = web.login("viewer").get("/reports").json()["items"]
    assert ReportSummary.model_validate(listed) == report


def test_a_run_that_cannot_be_leaves_nothing_behind(web: Web) -> None:
    client = web.login("op")
    report_id = made(client).json()["report_id"]
    before = set(dag_runs("report_run"))

    wrong_value = client.post(f"/reports/{report_id}/run", json={"parameters": {"day": "someday", "night": 1}})
    not_there = client.post("/reports/99/run")

    assert wrong_value.status_code == 422
    assert {error["field"] for error in wrong_value.json()["errors"]} == {"parameters.day", "parameters.night"}
    assert not_there.status_code == 404
    assert client.post(f"/reports/{report_id}/run", json={"formats": ["pdf"]}).status_code == 422
    assert client.post(f"/reports/{report_id}/run", json={"recipients": ["x"]}).status_code == 422
    assert client.get("/runs").json()["total"] == 0
    assert set(dag_runs("report_run")) == before
