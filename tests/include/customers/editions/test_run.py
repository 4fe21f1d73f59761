"""What the DAG's tasks do, without the DAG."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.customers.editions import decide, get_edition, list_editions
from include.customers.editions.run import build, export, take_in
from include.report_runs import list_runs
from tests.conftest import Database
from tests.include.customers.editions.conftest import DAY, NEW_YORK, Archive

PARAMS = {"date": None, "source": "partner", "output": "xlsx", "mail": True}
# The morning after the day.
DUE_AT = datetime(2026, 11, 21, 9, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def _connected(archive: Archive, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    conn = {"conn_type": "postgres", "host": str(database.server.socket), "schema": database.name}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn | {"login": "storekeeper_app"}))
    archive.connection.autocommit = True


def context(run_id: str = "run", run_type: str = "manual", **params: Any) -> dict[str, Any]:
    run = SimpleNamespace(
        dag_id="customer_orders_report",
        run_id=run_id,
        run_type=run_type,
        run_after=DUE_AT.astimezone(UTC),
        conf=params,
        triggering_user_name="ada",
    )
    return {"dag_run": run, "ti": SimpleNamespace(map_index=0), "params": PARAMS | params}


def test_a_run_for_which_nothing_has_come_reports_nothing(archive: Archive) -> None:
    archive.file("customers")
    assert take_in(context()) == []
    assert archive.mails() == []


def test_at_the_hour_yesterday_is_reported_with_what_is_there(archive: Archive) -> None:
    archive.file("customers")
    assert take_in(context(run_type="scheduled")) == [{"source": "partner", "day": str(DAY), "day_count": 1}]
    assert [subject for subject, _ in archive.mails()] == ["Demo Eats: no order file of Fri, Nov 20, 2026"]


def test_several_days_are_reported_by_one_run(archive: Archive) -> None:
    archive.edition(DAY - timedelta(days=1))
    for ago in (0, 1):
        archive.both(DAY - timedelta(days=ago))
    assert [(each["day"], each["day_count"]) for each in take_in(context())] == [("2026-11-19", 2), ("2026-11-20", 2)]


def test_a_day_that_cannot_be_fails_and_is_on_record(archive: Archive) -> None:
    with pytest.raises(AirflowFailException, match="date: 2026-11-22 has not begun"):
        take_in(context(date="2026-11-22"))
    ((run,), _) = list_runs(archive.connection)
    assert (run.state, run.error) == ("failed", "AirflowFailException: date: 2026-11-22 has not begun")


def test_a_workbook_is_made_once_however_often_its_task_runs(archive: Archive) -> None:
    archive.both()
    first = build(context(), "partner", str(DAY), 1)
    assert build(context(), "partner", str(DAY), 1) == first
    [edition] = list_editions(archive.connection)[0]
    workbook = archive.folder / edition.path
    assert workbook.stat().st_size == edition.byte_count
    assert workbook.parent.stat().st_mode & 0o077 == 0
    [(subject, text)] = archive.mails()
    assert subject == "To approve: Customer and order report, Fri, Nov 20, 2026"
    assert all(each["value"] in text for each in edition.headlines)
    ((run,), _) = list_runs(archive.connection)
    assert (run.state, run.title) == ("success", "Customer and order report, 2026-11-20")


def test_a_run_that_finds_it_made_is_skipped_and_says_why(archive: Archive) -> None:
    archive.both()
    build(context(), "partner", str(DAY), 1)
    with pytest.raises(AirflowSkipException, match="there is an edition of 2026-11-20 of these files"):
        build(context("another run"), "partner", str(DAY), 1)
    assert len(list((archive.folder / "editions").iterdir())) == 1
    (runs, _) = list_runs(archive.connection)
    assert {run.state for run in runs} == {"success", "skipped"}


def test_of_square_it_is_asked_for(archive: Archive) -> None:
    wish = {"source": "square", "date": "2026-11-20"}
    [planned] = take_in(context(**wish))
    edition = get_edition(archive.connection, build(context(**wish), **planned))
    assert (edition.source, edition.business_date, edition.orders_file_id) == ("square", DAY, None)
    assert archive.mails()[0][0] == "To approve: Customer and order report of Square, Fri, Nov 20, 2026"


def test_what_was_turned_down_is_not_exported(archive: Archive) -> None:
    edition_id = archive.edition().edition_id
    decide(archive.connection, edition_id, user="ada", is_approved=False)
    with pytest.raises(AirflowSkipException, match="rejected"):
        export(context(), edition_id)
    assert archive.mails() == []


def test_an_export_is_told_once(archive: Archive) -> None:
    edition_id = archive.edition().edition_id
    decide(archive.connection, edition_id, user="ada", is_approved=True, note="checked")
    for _ in range(2):
        assert export(context(), edition_id) is None
    [(subject, text)] = archive.mails()
    assert subject == "Customer and order report, Fri, Nov 20, 2026"
    assert "Approved by ada." in text
    assert "Note: checked" in text
    assert get_edition(archive.connection, edition_id).exported_at


def test_who_wants_no_mails_gets_none(archive: Archive) -> None:
    archive.both()
    edition_id = build(context(mail=False), "partner", str(DAY), 1)
    decide(archive.connection, edition_id, user="ada", is_approved=True)
    export(context(mail=False), edition_id)
    assert archive.mails() == []


def test_a_sheet_without_google_says_what_to_do(archive: Archive) -> None:
    edition_id = archive.edition().edition_id
    decide(archive.connection, edition_id, user="ada", is_approved=True)
    with pytest.raises(AirflowFailException, match="output: there is no connection google_default"):
        export(context(output="sheet"), edition_id)
    assert get_edition(archive.connection, edition_id).exported_at is None


def test_a_report_that_was_asked_for_is_on_record_when_taking_in_fails(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "incoming").write_text("a file in the folder's place")
    with pytest.raises(FileExistsError):
        take_in(context(date="2026-11-20"))
    ((run,), _) = list_runs(archive.connection)
    assert run.state == "failed"
    (tmp_path / "incoming").unlink()
    build(context(date="2026-11-20"), **take_in(context(date="2026-11-20"))[0])
    ((run,), _) = list_runs(archive.connection)
    assert run.state == "success", "it was tried again"
