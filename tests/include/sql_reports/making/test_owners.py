import pytest
from airflow.sdk.exceptions import AirflowFailException

from include.sql_reports.making.owners import tell_held_back
from include.sql_reports.making.run import run_report
from tests.include.sql_reports.conftest import Desk


def fail(desk: Desk, run_id: str) -> None:
    with pytest.raises(AirflowFailException):
        run_report(desk.context(run_id, report="Numbers"))


def test_failures_are_one_mail_an_hour_that_tells_how_many(desk: Desk) -> None:
    desk.report(sql="SELECT 1 / (n - 1) AS x FROM generate_series(1, 2) AS n")
    for run_id in ("one", "two", "three"):
        fail(desk, run_id)
    assert desk.subjects() == ["Numbers failed"]
    desk.an_hour_later()
    fail(desk, "four")
    assert desk.subjects() == ["Numbers failed", "Numbers failed, 3 times"]
    assert desk.mails()[1]["text_body"].count("Division by zero") == 3


def test_what_was_held_back_is_told_when_the_hour_is_over(desk: Desk) -> None:
    desk.report(sql="SELECT 1 / (n - 1) AS x FROM generate_series(1, 2) AS n")
    fail(desk, "one")
    assert tell_held_back(desk.connection) == 0
    fail(desk, "two")
    assert tell_held_back(desk.connection) == 0
    desk.an_hour_later()
    assert tell_held_back(desk.connection) == 1
    assert tell_held_back(desk.connection) == 0
    assert desk.subjects() == ["Numbers failed", "Numbers failed"]


def test_broken_rules_count_among_them(desk: Desk) -> None:
    desk.report(rules=[{"kind": "row_count", "minimum": 5}])
    for run_id in ("one", "two"):
        desk.run(run_id, report="Numbers")
    assert desk.subjects() == ["Numbers broke its rules"]
    desk.an_hour_later()
    desk.run("three", report="Numbers")
    assert desk.subjects()[-1] == "Numbers broke its rules, 2 times"


def test_reports_do_not_wait_for_one_another(desk: Desk) -> None:
    desk.report(sql="SELECT 1 / (n - 1) AS x FROM generate_series(1, 2) AS n")
    desk.report(name="Other", rules=[{"kind": "row_count", "minimum": 5}], owner="bob@example.com")
    fail(desk, "one")
    desk.run("two", report="Other")
    assert [mail["recipients"] for mail in desk.mails()] == [["ana@example.com"], ["bob@example.com"]]
