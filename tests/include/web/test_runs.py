"""Runs through the API: their history, their files, their mails; and the outbox."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from include.mail.outbox import enqueue
from include.report_runs import ask, notify
from include.report_runs.recording import add_file
from include.web.downloads import disposition
from tests.include.web.conftest import Web


@pytest.fixture
def web(emptied_web: Web) -> Web:
    return emptied_web


def asked(web: Web, state: str = "queued", dag_id: str = "sales_report", asked_by: str = "user") -> int:
    with web.database.connect() as connection:
        run_id = ask(
            connection, dag_id=dag_id, dag_run_id=str(uuid4()), title="Sales report", asked_by=asked_by, conf={"a": 1}
        )
        if state != "queued":
            connection.execute(
                "UPDATE reports.report_run SET state = %s, started_at = now(), finished_at = now() WHERE run_id = %s",
                [state, run_id],
            )
    return run_id


def filed(web: Web, run_id: int, filename: str, content: bytes, location_name: str | None = None) -> int:
    folder = web.outputs / "reports" / str(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / filename
    file.write_bytes(content)
    with web.database.connect() as connection:
        suffix = file.suffix.removeprefix(".")
        return add_file(connection, run_id, file, format=suffix, location_name=location_name)


def mailed(web: Web, run_id: int) -> str:
    with web.database.connect() as connection:
        message_id = enqueue(
            connection,
            dedupe_key=f"test/{run_id}",
            recipients=["shop@example.com"],
            subject="Sales of yesterday",
            html="<p>",
            text="",
        )
        assert message_id
        notify(connection, run_id, "report", message_id, ["shop@example.com"], "user")
    return str(message_id)


def test_history_is_filtered(web: Web) -> None:
    first, second = asked(web), asked(web, "failed", "products_sold_report", "schedule")
    viewer = web.login("viewer")
    now = datetime.now(UTC)

    def runs(**wanted: str | int) -> list[int]:
        return [run["run_id"] for run in viewer.get("/runs", params=wanted).raise_for_status().json()["items"]]

    assert runs() == [second, first]
    assert runs(state="failed") == runs(dag_id="products_sold_report") == runs(asked_by="schedule") == [second]
    assert runs(since=(now - timedelta(hours=1)).isoformat()) == [second, first]
    assert runs(until=(now - timedelta(hours=1)).isoformat()) == runs(report_id=9) == runs(standing_order_id=9) == []
    for wrong in ({"state": "lost"}, {"since": "2026-11-01T00:00:00"}, {"report_id": 2**63}, {"asked_by": "a\0"}):
        assert viewer.get("/runs", params=wrong).status_code == 422, wrong


def test_a_run_that_changed_is_sent_again(web: Web) -> None:
    run_id = asked(web)
    viewer = web.login("viewer")
    tag = viewer.get(f"/runs/{run_id}").headers["ETag"]

    assert viewer.get(f"/runs/{run_id}", headers={"If-None-Match": tag}).status_code == 304
    with web.database.connect() as connection:
        connection.execute("UPDATE reports.report_run SET state = 'running', started_at = now()")
    assert viewer.get(f"/runs/{run_id}", headers={"If-None-Match": tag}).json()["state"] == "running"
    for path in ("/runs/99", "/runs/99/download"):
        assert viewer.get(path).status_code == 404
    assert viewer.get("/runs/0").status_code == viewer.get("/runs/..%5c..%5cetc/download").status_code == 422


def test_a_file_is_downloaded_under_its_name(web: Web) -> None:
    run_id = asked(web, "success")
    whole = filed(web, run_id, 'Umsätze "KW 47".csv', "a\nü\n".encode())
    part = filed(web, run_id, "Berlin.csv", b"b\n", location_name="Berlin")
    filed(web, run_id, "sales.xlsx", b"PK")
    viewer = web.login("viewer")

    def download(**wanted: str | int) -> bytes:
        return viewer.get(f"/runs/{run_id}/download", params=wanted).raise_for_status().content

    answer = viewer.get(f"/runs/{run_id}/download")
    assert answer.content == "a\nü\n".encode()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Ums_tze _KW 47_.csv\"; filename*=UTF-8''Ums%C3%A4tze%20%22KW%2047%22.csv"
    )
    assert download(file_id=whole) == download(format="csv") == answer.content
    assert download(file_id=part) == b"b\n"
    assert download(format="xlsx") == b"PK"
    assert viewer.get(f"/runs/{run_id}/download", headers={"Range": "bytes=0-0"}).content == b"a"
    assert {file["filename"] for file in viewer.get(f"/runs/{run_id}").json()["files"]} == {
        'Umsätze "KW 47".csv',
        "Berlin.csv",
        "sales.xlsx",
    }


def test_a_file_that_is_not_there_says_why(web: Web) -> None:
    queued, done, other = asked(web), asked(web, "success"), asked(web, "success")
    file_id, other_file_id = filed(web, done, "a.csv", b"a"), filed(web, other, "b.csv", b"b")
    viewer = web.login("viewer")

    def status(run_id: int, **wanted: str | int) -> int:
        return viewer.get(f"/runs/{run_id}/download", params=wanted).status_code

    assert status(queued) == 409
    assert status(done, format="json") == status(done, file_id=other_file_id) == 404
    assert status(done, file_id="../../etc/passwd") == 422
    with web.database.connect() as connection:
        connection.execute("UPDATE reports.report_file SET deleted_at = now() WHERE file_id = %s", [file_id])
        # What no run of ours writes.
        connection.execute(
            "UPDATE reports.report_file SET path = '../../../../../../etc/passwd' WHERE file_id = %s", [other_file_id]
        )
    assert status(done) == 410
    assert status(other) == 410


def test_a_mail_is_sent_again_to_whom_one_likes(web: Web) -> None:
    run_id = asked(web, "success")
    user = web.login("user")

    assert user.post(f"/runs/{run_id}/resend").status_code == 409
    mailed(web, run_id)
    sent = user.post(f"/runs/{run_id}/resend", json={"recipients": ["boss@example.com"]})

    assert sent.status_code == 202
    (message_id,) = sent.json()["message_ids"]
    mails = user.get(f"/runs/{run_id}").json()["mails"]
    assert [(mail["kind"], mail["recipients"], mail["asked_by"]) for mail in mails] == [
        ("report", ["shop@example.com"], "user"),
        ("resend", ["boss@example.com"], "user"),
    ]
    assert mails[1]["message_id"] == message_id
    assert user.post(f"/runs/{run_id}/resend", json={"recipients": ["boss"]}).status_code == 422
    assert user.post("/runs/99/resend").status_code == 404


def test_the_outbox_is_seen_and_a_dead_message_sent_again(web: Web) -> None:
    message_id = mailed(web, asked(web))
    user = web.login("user")
    with web.database.connect() as connection:
        connection.execute("UPDATE outbox.message SET state = 'dead', attempt_count = 8, last_error = '550 no'")

    (dead,) = user.get("/messages", params={"state": "dead", "search": "SALES"}).json()["items"]
    again = user.post(f"/messages/{message_id}/resend")

    assert (dead["message_id"], dead["last_error"]) == (message_id, "550 no")
    assert again.status_code == 202
    assert (again.json()["state"], again.json()["attempt_count"]) == ("new", 0)
    assert user.get("/messages", params={"state": "dead"}).json()["total"] == 0
    with web.database.connect() as connection:
        connection.execute("UPDATE outbox.message SET state = 'claimed'")
    assert user.post(f"/messages/{message_id}/resend").status_code == 409
    assert user.post(f"/messages/{uuid4()}/resend").status_code == 404
    assert user.post("/messages/1/resend").status_code == 422
    assert web.login("viewer").post(f"/messages/{message_id}/resend").status_code == 403


def test_a_name_cannot_leave_its_header() -> None:
    for name in ("a.csv", "ä b.csv", 'x"y\\z.csv', "a\r\nSet-Cookie: x.csv", "100%.csv", "\u202ecsv.exe"):
        header = disposition(name)

        assert header.isascii()
        assert header.isprintable()
        assert header.count('"') == 2
