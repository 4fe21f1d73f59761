"""The record of a run: asked for, made by one task or several, read, mailed again, and what is left of it later."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from airflow.sdk.exceptions import AirflowSkipException

from include.mail.outbox import Attachment, enqueue
from include.report_runs import (
    FileGoneError,
    NotFoundError,
    NothingToSendError,
    Run,
    add_file,
    ask,
    file_path,
    files_of,
    find_run,
    get_file,
    get_run,
    list_runs,
    notifications_of,
    notify,
    recorded,
    resend,
    run_folder,
)
from include.report_runs.retention import delete_old_files
from tests.conftest import Database

AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


@pytest.fixture
def db(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    postgres = {"conn_type": "postgres", "host": str(database.server.socket), "schema": database.name}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(postgres | {"login": "storekeeper_app"}))
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path / "outputs"))
    with database.connect() as connection:
        connection.autocommit = True
        yield connection


def context(run_id: str = "one", **conf: Any) -> dict[str, Any]:
    dag_run = SimpleNamespace(
        dag_id="sales_report",
        run_id=run_id,
        run_type="scheduled",
        triggering_user_name=None,
        run_after=AT,
        conf=conf,
    )
    return {"dag_run": dag_run}


def wish(**other: Any) -> dict[str, Any]:
    return {
        "dag_id": "sales_report",
        "dag_run_id": "one",
        "title": "Sales",
        "asked_by": "ana",
        "conf": {"period": "week"},
    } | other


def record(db: psycopg.Connection, run_id: str = "one") -> Run:
    run = find_run(db, "sales_report", run_id)
    assert run is not None
    return run


def test_asked_for_twice_it_is_one_run(db: psycopg.Connection) -> None:
    run_id = ask(db, **wish())
    assert ask(db, **wish(asked_by="bob")) == run_id
    run = get_run(db, run_id)
    assert (run.state, run.asked_by, run.parameters, run.is_live) == ("queued", "ana", {"period": "week"}, True)


def test_a_run_that_airflow_started_by_itself_gets_its_record_then(db: psycopg.Connection) -> None:
    with recorded(context(period="day"), title="Sales") as recording:
        assert record(db).state == "running"
        recording.finish(db, row_count=7, sheet_url="https://sheet")
    run = record(db)
    assert (run.state, run.asked_by, run.parameters) == ("success", "schedule", {"period": "day"})
    assert (run.row_count, run.sheet_url, run.seconds is not None) == (7, "https://sheet", True)


def test_what_ends_without_a_word_has_gone_well(db: psycopg.Connection) -> None:
    with recorded(context(), title="Sales"):
        pass
    assert record(db).state == "success"


def test_an_error_and_a_skip_are_written_down_and_go_on(db: psycopg.Connection) -> None:
    with pytest.raises(ZeroDivisionError), recorded(context(), title="Sales"):
        raise ZeroDivisionError("by zero\nDETAIL: a row")
    assert (record(db).state, record(db).error) == ("failed", "ZeroDivisionError: by zero")
    with pytest.raises(AirflowSkipException), recorded(context("two"), title="Sales"):
        raise AirflowSkipException("has not begun")
    assert (record(db, "two").state, record(db, "two").note) == ("skipped", "has not begun")
    with recorded(context(), title="Sales"):
        pass
    assert (record(db).state, record(db).error, record(db).attempt_count) == ("success", None, 2)


def test_a_run_of_several_tasks_ends_with_the_last_and_fails_with_any(db: psycopg.Connection) -> None:
    def part(name: str) -> Any:
        return recorded(context(), title="Sales", part=name, part_count=3)

    with part("Manhattan") as manhattan, part("Chicago") as chicago:
        manhattan.finish(db, row_count=2)
        assert record(db).state == "running"
        chicago.finish(db, row_count=3)
        assert record(db).state == "running"
    with pytest.raises(RuntimeError), part("chain"):
        raise RuntimeError("Google is away")
    run = record(db)
    assert (run.state, run.error, run.attempt_count) == ("failed", "chain: RuntimeError: Google is away", 1)
    with part("chain") as chain:
        assert record(db).state == "running"
        chain.finish(db, row_count=5)
    run = record(db)
    assert (run.state, run.row_count, run.error, run.attempt_count) == ("success", 10, None, 2)


def test_a_file_is_recorded_once_and_found_below_the_folder_only(db: psycopg.Connection, tmp_path: Path) -> None:
    run_id = ask(db, **wish())
    path = run_folder(run_id) / "sales.csv"
    path.parent.mkdir(parents=True)
    path.write_text("one")
    first = add_file(db, run_id, path, format="csv")
    path.write_text("three")
    assert add_file(db, run_id, path, format="csv", filename="Sales.csv") == first
    [file] = files_of(db, run_id)
    assert (file.filename, file.byte_count, file_path(file)) == ("Sales.csv", 5, path)
    assert get_file(db, first) == file
    (tmp_path / "secret").write_text("secret")
    for elsewhere in ("../secret", str(tmp_path / "secret"), "reports/none.csv"):
        db.execute("UPDATE reports.report_file SET path = %s", [elsewhere])
        with pytest.raises(FileGoneError):
            file_path(get_file(db, first))
    with pytest.raises(NotFoundError):
        get_file(db, first + 1)


def test_runs_are_listed_by_what_is_wanted_the_newest_first(db: psycopg.Connection) -> None:
    for number in range(5):
        ask(db, **wish(dag_run_id=str(number), asked_by="ana" if number % 2 else "bob"))
    db.execute("UPDATE reports.report_run SET queued_at = queued_at - interval '1 day' WHERE dag_run_id = '0'")
    now = datetime.now(UTC)

    def found(**wanted: Any) -> list[str]:
        return [run.dag_run_id for run in list_runs(db, **wanted)[0]]

    assert found() == ["4", "3", "2", "1", "0"]
    assert found(asked_by="bob", since=now - timedelta(hours=1)) == ["4", "2"]
    assert found(until=now - timedelta(hours=1), dag_id="sales_report", state="queued") == ["0"]
    page, total = list_runs(db, limit=2, offset=1)
    assert ([run.dag_run_id for run in page], total) == (["3", "2"], 5)
    with pytest.raises(NotFoundError):
        get_run(db, 99)


def mailed(db: psycopg.Connection) -> int:
    run_id = ask(db, **wish())
    for place in ("", "Manhattan"):
        message_id = enqueue(
            db,
            dedupe_key=place or "whole",
            recipients=[f"{place or 'owner'}@example.com"],
            subject=f"Sales {place}",
            html="<p>",
            text="Sales",
            attachments=[Attachment("sales.csv", "text/csv", b"n")],
        )
        assert message_id is not None
        notify(db, run_id, "report", message_id, [f"{place or 'owner'}@example.com"], "schedule")
    return run_id


def test_a_mail_goes_out_again_to_the_same_people(db: psycopg.Connection) -> None:
    run_id = mailed(db)
    again = resend(db, run_id, "bob")
    assert len(again) == 2
    assert resend(db, run_id, "bob") == [], "within the same minute"
    kinds = [(told.kind, told.recipients, told.asked_by) for told in notifications_of(db, run_id)]
    assert kinds[2:] == [("resend", ["owner@example.com"], "bob"), ("resend", ["Manhattan@example.com"], "bob")]
    copies = db.execute(
        "SELECT filename, content FROM outbox.attachment WHERE message_id = ANY(%s)", [again]
    ).fetchall()
    assert copies == [("sales.csv", b"n")] * 2


def test_or_the_whole_of_it_to_others(db: psycopg.Connection) -> None:
    run_id = mailed(db)
    [message_id] = resend(db, run_id, "bob", ["eve@example.com"])
    [row] = db.execute("SELECT subject, recipients FROM outbox.message WHERE message_id = %s", [message_id]).fetchall()
    assert row == ("Sales ", ["eve@example.com"])


def test_what_was_not_mailed_is_mailed_with_its_files(db: psycopg.Connection) -> None:
    run_id = ask(db, **wish())
    with pytest.raises(NothingToSendError, match="has no files"):
        resend(db, run_id, "bob", ["eve@example.com"])
    path = run_folder(run_id) / "sales.csv"
    path.parent.mkdir(parents=True)
    path.write_text("n")
    add_file(db, run_id, path, format="csv")
    with pytest.raises(NothingToSendError, match="say who"):
        resend(db, run_id, "bob")
    [message_id] = resend(db, run_id, "bob", ["eve@example.com"])
    assert db.execute("SELECT filename FROM outbox.attachment WHERE message_id = %s", [message_id]).fetchall() == [
        ("sales.csv",)
    ]


def test_files_go_when_their_time_is_over_and_their_folder_with_the_last(db: psycopg.Connection) -> None:
    old, new = ask(db, **wish()), ask(db, **wish(dag_run_id="two"))
    for run_id in (old, new):
        for name in ("a.csv", "b.csv"):
            path = run_folder(run_id) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("n")
            add_file(db, run_id, path, format="csv")
    db.execute(
        """
        UPDATE reports.report_file SET created_at = now() - interval '366 days'
        WHERE run_id = %s OR path LIKE '%%/b.csv'
        """,
        [old],
    )
    assert delete_old_files(db) == 3
    assert delete_old_files(db) == 0
    assert not run_folder(old).exists()
    assert [path.name for path in run_folder(new).iterdir()] == ["a.csv"]
    gone = files_of(db, old)[0]
    assert gone.deleted_at is not None
    with pytest.raises(FileGoneError, match="its retention was over"):
        file_path(gone)
