import csv
import json
import shutil
from pathlib import Path

import psycopg
import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from openpyxl import load_workbook

from include.config.chain import DEMO_FOLDER
from include.report_runs import ask, file_path, files_of, notifications_of
from include.sql_reports.definitions.store import change_report, delete_report
from include.sql_reports.making.run import close_failed, run_report
from tests.include.sql_reports.conftest import AT, Desk
from tests.include.sql_reports.reports import definition

BY_PLACE = """
    SELECT * FROM (VALUES ('Manhattan', 1), ('Chicago Loop', 2), ('Manhattan', 3), ('Paris', 4)) AS v (location, n)
"""


def files(desk: Desk, run_id: str = "one") -> dict[str, Path]:
    return {file.filename: file_path(file) for file in files_of(desk.connection, desk.record(run_id).run_id)}


def test_one_pass_makes_every_file(desk: Desk) -> None:
    report = desk.report(
        name="Daily numbers",
        sql="SELECT :day AS day, n FROM generate_series(1, 2) AS n",
        parameters=[{"name": "day", "type": "date", "default": "yesterday"}],
        formats=["csv", "json", "xlsx"],
        recipients=["ana@example.com", "bob@example.com"],
    )
    run = desk.run(report="Daily numbers")
    assert (run.state, run.row_count, run.asked_by, run.attempt_count) == ("success", 2, "ana", 1)
    assert run.parameters == {"day": "2026-11-20"}
    assert run.sql == report.definition.sql
    made = files(desk)
    assert list(made) == [f"daily-numbers_2026-11-21.{suffix}" for suffix in ("csv", "json", "xlsx")]
    with made["daily-numbers_2026-11-21.csv"].open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["day", "n"], ["2026-11-20", "1"], ["2026-11-20", "2"]]
    assert json.loads(made["daily-numbers_2026-11-21.json"].read_text())[1] == {"day": "2026-11-20", "n": 2}
    workbook = load_workbook(made["daily-numbers_2026-11-21.xlsx"])
    assert workbook["Daily numbers"]["B3"].value == 2
    assert run.byte_count == sum(path.stat().st_size for path in made.values())
    [mail] = desk.mails()
    assert mail["subject"] == "Daily numbers, Sat, Nov 21, 2026: 2 rows"
    assert mail["recipients"] == ["ana@example.com", "bob@example.com"]
    assert "2026-11-20" in mail["text_body"]
    [told] = notifications_of(desk.connection, run.run_id)
    assert (told.kind, told.message_id, told.state) == ("report", mail["message_id"], "new")
    attached = desk.connection.execute("SELECT filename FROM outbox.attachment ORDER BY number").fetchall()
    assert [name for (name,) in attached] == list(made)


def test_a_run_that_is_repeated_leaves_one_mail_and_one_row_a_file(desk: Desk) -> None:
    desk.report(formats=["csv", "xlsx"], recipients=["ana@example.com"])
    first = desk.run(report="Numbers")
    again = desk.run(report="Numbers")
    assert (again.run_id, again.state, again.attempt_count) == (first.run_id, "success", 2)
    assert len(files(desk)) == 2
    assert len(desk.mails()) == len(notifications_of(desk.connection, first.run_id)) == 1


def test_relative_days_count_from_when_the_run_was_due(desk: Desk) -> None:
    report = desk.report(sql="SELECT :day AS day", parameters=[{"name": "day", "type": "date", "default": "today"}])
    due = AT.replace(day=14)
    ask(
        desk.connection,
        dag_id="report_run",
        dag_run_id="late",
        title="Numbers",
        asked_by="schedule",
        conf={"report": str(report.report_id)},
        report_id=report.report_id,
        due_at=due,
    )
    run = desk.run("late", report=str(report.report_id))
    assert (run.parameters, run.asked_by) == ({"day": "2026-11-14"}, "schedule")
    assert list(files(desk, "late")) == ["numbers_2026-11-14.csv"]


def test_a_run_may_want_other_formats_recipients_and_values_or_no_mail(desk: Desk) -> None:
    desk.report(
        sql="SELECT :n AS n",
        parameters=[{"name": "n", "type": "integer", "default": 1}],
        recipients=["ana@example.com"],
        location_column="n",
    )
    run = desk.run(report="Numbers", formats=["json"], recipients=["eve@example.com"], parameters={"n": "7"})
    assert run.parameters == {"n": 7}
    assert [path.suffix for path in files(desk).values()] == [".json"]
    assert [mail["recipients"] for mail in desk.mails()] == [["eve@example.com"]]
    silent = desk.run("two", report="Numbers", mail=False)
    assert silent.note == "not mailed, as asked"
    assert len(desk.mails()) == 1


@pytest.mark.parametrize(
    ("wish", "given", "error"),
    [
        ({"sql": "SELECT 1 / n AS x FROM generate_series(0, 1) AS n"}, {}, "Division by zero"),
        ({"sql": "SELECT nothing FROM reporting.sales_of_nobody"}, {}, "line 1, column"),
        (
            {"sql": "SELECT :d AS d", "parameters": [{"name": "d", "type": "date"}]},
            {"d": "some day"},
            "d: is no day",
        ),
        ({"sql": "SELECT n FROM generate_series(1, 9) AS n", "row_limit": 8}, {}, "more than 8 rows"),
        (
            {"sql": "SELECT count(*) FROM generate_series(1, 10000000000) AS n", "timeout_seconds": 1},
            {},
            "took longer than 1 s",
        ),
        ({"location_column": "place"}, {}, "has no column place"),
    ],
)
def test_what_another_attempt_would_not_mend_fails_at_once_and_the_owner_hears_of_it(
    desk: Desk, wish: dict[str, object], given: dict[str, object], error: str
) -> None:
    desk.report(**wish)
    context = desk.context(report="Numbers", parameters=given)
    with pytest.raises(AirflowFailException) as failed:
        run_report(context)
    run = desk.record()
    assert run.state == "failed"
    assert error in (run.error or "")
    assert files(desk) == {}
    [mail] = desk.mails()
    assert (mail["subject"], mail["recipients"]) == ("Numbers failed", ["ana@example.com"])
    assert error in mail["text_body"]
    # What the task's callback finds to be done.
    close_failed(context | {"exception": failed.value})
    assert len(desk.mails()) == 1


def test_a_failed_run_leaves_no_file_behind(desk: Desk, tmp_path: Path) -> None:
    desk.report(sql="SELECT n FROM generate_series(1, 9) AS n", row_limit=8, formats=["csv", "json", "xlsx"])
    with pytest.raises(AirflowFailException):
        desk.run(report="Numbers")
    assert [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()] == []


def test_no_rows_can_mean_that_nobody_is_mailed(desk: Desk, tmp_path: Path) -> None:
    desk.report(sql="SELECT 1 AS n WHERE false", recipients=["ana@example.com"], is_skipped_if_empty=True)
    with pytest.raises(AirflowSkipException):
        desk.run(report="Numbers")
    assert (desk.record().state, desk.record().note) == ("skipped", "no rows: nothing was mailed")
    assert desk.mails() == []
    assert [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()] == []


def test_a_report_without_rows_is_mailed_otherwise(desk: Desk) -> None:
    desk.report(sql="SELECT 1 AS n, 2 AS m WHERE false", recipients=["ana@example.com"])
    assert desk.run(report="Numbers").row_count == 0
    assert desk.subjects() == ["Numbers, Sat, Nov 21, 2026: 0 rows"]


def test_what_comes_by_itself_may_come_only_when_it_has_changed(desk: Desk) -> None:
    report = desk.report(recipients=["ana@example.com"], is_sent_only_if_changed=True, cron="0 6 * * *")

    def scheduled(name: str) -> str | None:
        ask(
            desk.connection,
            dag_id="report_run",
            dag_run_id=name,
            title="Numbers",
            asked_by="schedule",
            conf={},
            report_id=report.report_id,
            due_at=AT,
        )
        return desk.run(name, report="Numbers").note

    assert scheduled("monday") is None
    assert scheduled("tuesday") == f"not mailed: unchanged since run {desk.record('monday').run_id}"
    assert desk.run("asked for", report="Numbers").note is None
    changed = definition(sql="SELECT 7 AS n", recipients=["ana@example.com"], is_sent_only_if_changed=True)
    change_report(desk.connection, report.report_id, changed, "ana")
    assert scheduled("wednesday") is None
    assert len(desk.mails()) == 3


def test_a_broken_rule_withholds_the_mail_and_tells_the_owner(desk: Desk) -> None:
    rules = [
        {"kind": "row_count", "minimum": 5, "on_breach": "withhold"},
        {"kind": "unique", "columns": ["n"]},
        {"kind": "range", "column": "n", "maximum": 2},
    ]
    desk.report(rules=rules, recipients=["bob@example.com"])
    run = desk.run(report="Numbers")
    assert run.state == "success"
    assert run.note == "withheld: row count at least 5: there are 3"
    assert [breach["message"] for breach in run.breaches] == ["there are 3", "1 row of 3 lie outside: from 3 to 3"]
    [mail] = desk.mails()
    assert (mail["subject"], mail["recipients"]) == ("Numbers broke its rules", ["ana@example.com"])
    assert "The mail was withheld." in mail["text_body"]
    assert len(files(desk)) == 1


def test_a_rule_that_only_warns_stands_in_the_mail(desk: Desk) -> None:
    desk.report(rules=[{"kind": "not_null", "column": "m"}], recipients=["bob@example.com"])
    run = desk.run(report="Numbers")
    assert run.note is None
    assert desk.subjects() == ["Numbers broke its rules", "Numbers, Sat, Nov 21, 2026: 3 rows"]
    assert "m not empty: the statement has no column m" in desk.mails()[1]["text_body"]


def test_each_location_gets_its_rows(desk: Desk) -> None:
    desk.report(sql=BY_PLACE, location_column="location", recipients=["owner@example.com"], formats=["csv", "json"])
    run = desk.run(report="Numbers")
    by_recipient = {mail["recipients"][0]: mail for mail in desk.mails()}
    assert sorted(by_recipient) == ["chicago@example.com", "manhattan@example.com", "owner@example.com"]
    assert by_recipient["manhattan@example.com"]["subject"] == "Numbers, Manhattan, Sat, Nov 21, 2026: 2 rows"
    assert "Paris" not in by_recipient["manhattan@example.com"]["html_body"]
    assert run.note == "nobody to send the rows of Paris to: see recipients in locations.yaml"
    parts = {
        file.location_name: [row["n"] for row in json.loads(file_path(file).read_text())]
        for file in files_of(desk.connection, run.run_id)
        if file.format == "json"
    }
    assert parts == {None: [1, 2, 3, 4], "Manhattan": [1, 3], "Chicago Loop": [2]}
    attached = desk.connection.execute(
        "SELECT filename FROM outbox.attachment WHERE message_id = %s ORDER BY number",
        [by_recipient["chicago@example.com"]["message_id"]],
    ).fetchall()
    assert attached == [("numbers_chicago-loop_2026-11-21.csv",), ("numbers_chicago-loop_2026-11-21.json",)]


def test_a_location_is_known_by_squares_name_too(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "chain"
    shutil.copytree(DEMO_FOLDER, folder)
    locations = folder / "locations.yaml"
    locations.write_text(
        locations.read_text().replace("name: Manhattan", "name: Manhattan\n    square_location_id: L1")
    )
    monkeypatch.setenv("STOREKEEPER_CONFIG", str(folder))
    desk.connection.execute(
        """
        INSERT INTO gold.dim_location
            (location_id, name, timezone, currency, country, market, parent_company, is_active)
        VALUES ('L1', 'NYC flagship', 'America/New_York', 'USD', 'US', 'Northeast', 'Storekeeper', true)
        """
    )
    desk.report(sql="SELECT 'NYC flagship' AS location", location_column="location")
    desk.run(report="Numbers")
    assert [mail["recipients"] for mail in desk.mails()] == [["manhattan@example.com"]]


def test_a_file_that_is_too_large_to_attach_stays_on_the_page(desk: Desk) -> None:
    desk.report(sql="SELECT rpad('x', 900, 'x') AS x FROM generate_series(1, 6000)", recipients=["ana@example.com"])
    run = desk.run(report="Numbers")
    [mail] = desk.mails()
    assert desk.connection.execute("SELECT FROM outbox.attachment").fetchall() == []
    assert "5 MB are too much to attach" in mail["text_body"]
    assert f"/storekeeper/runs/{run.run_id}" in mail["text_body"]


@pytest.fixture
def away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that reports run on does not answer."""
    assert desk, "its connections come first"
    connection = json.dumps({"conn_type": "postgres", "host": "127.0.0.1", "port": 9, "schema": "x", "login": "x"})
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_REPORT_DB", connection)


@pytest.mark.usefixtures("away")
def test_what_may_pass_is_tried_as_often_as_the_report_says(desk: Desk) -> None:
    desk.report(retry_count=2)
    for attempt in (1, 2):
        with pytest.raises(psycopg.OperationalError):
            run_report(desk.context(attempt=attempt, report="Numbers"))
        assert desk.record().state == "running"
    context = desk.context(attempt=3, report="Numbers")
    with pytest.raises(AirflowFailException, match="OperationalError") as failed:
        run_report(context)
    assert desk.mails() == []
    close_failed(context | {"exception": failed.value})
    run = desk.record()
    assert (run.state, run.attempt_count) == ("failed", 3)
    assert sorted(desk.subjects()) == ["Failed: report_run, make_report", "Numbers failed"]
    # Cleared, it has all of its attempts again.
    cleared = desk.context(attempt=4, report="Numbers")
    cleared["ti"].max_tries = 8
    with pytest.raises(psycopg.OperationalError):
        run_report(cleared)


def test_a_report_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(AirflowFailException, match="there is no report 'Nothing'"):
        run_report(desk.context(report="Nothing"))
    report = desk.report()
    ask(
        desk.connection,
        dag_id="report_run",
        dag_run_id="one",
        title="Numbers",
        asked_by="bob",
        conf={},
        report_id=report.report_id,
    )
    delete_report(desk.connection, report.report_id, "bob")
    with pytest.raises(AirflowFailException):
        run_report(desk.context(report=str(report.report_id)))
    assert (desk.record().state, "has been deleted" in (desk.record().error or "")) == ("failed", True)


def test_days_are_those_of_the_reports_time_zone(desk: Desk) -> None:
    # 11:00 in UTC is the next day there.
    desk.report(
        name="Far east",
        timezone="Pacific/Kiritimati",
        sql="SELECT :day AS day, timestamptz '2026-11-21T11:00:00Z'::date AS same",
        parameters=[{"name": "day", "type": "date", "default": "today"}],
        formats=["json"],
    )
    run = run_report(desk.context(report="Far east"))
    assert run["rows"] == 1
    [path] = files(desk).values()
    assert path.name == "far-east_2026-11-22.json"
    assert json.loads(path.read_text()) == [{"day": "2026-11-22", "same": "2026-11-22"}]
