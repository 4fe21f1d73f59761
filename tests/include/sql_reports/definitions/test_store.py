from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from include.sql_reports.definitions.audit import changes
from include.sql_reports.definitions.errors import NameTakenError, NotFoundError, VersionError
from include.sql_reports.definitions.store import (
    change_report,
    create_report,
    delete_report,
    find_report,
    get_report,
    list_reports,
)
from include.sql_reports.query.guard import RejectedError
from tests.include.sql_reports.reports import definition


def test_a_report_is_read_back_as_it_was_made(connection: psycopg.Connection) -> None:
    wanted = definition(
        cron="0 6 * * 1",
        formats=["xlsx", "csv"],
        recipients=["ana@example.com", "bob@example.com"],
        sql="SELECT :day AS day",
        parameters=[{"name": "day", "type": "date", "default": "yesterday"}],
        rules=[{"kind": "range", "column": "day", "minimum": "0.5"}],
        location_column="location",
    )
    made = create_report(connection, wanted, "ana")
    assert made.definition == wanted
    assert (made.version, made.created_by, made.is_from_config, made.last_run) == (1, "ana", False, None)
    assert made.next_run_at is not None
    assert made.next_run_at > datetime.now(UTC)
    assert get_report(connection, made.report_id) == made
    assert find_report(connection, " numbers ") == find_report(connection, str(made.report_id)) == made


def test_every_change_counts_and_is_written_down(connection: psycopg.Connection) -> None:
    made = create_report(connection, definition(), "ana")
    changed = change_report(connection, made.report_id, definition(cron="0 6 * * *", row_limit=7), "bob", version=1)
    assert (changed.version, changed.updated_by, changed.created_by) == (2, "bob", "ana")
    assert changed.next_run_at is not None
    delete_report(connection, made.report_id, "eve", version=2)
    trail = changes(connection, "report", made.report_id)
    assert [(change.action, change.changed_by) for change in trail] == [
        ("deleted", "eve"),
        ("updated", "bob"),
        ("created", "ana"),
    ]
    assert trail[1].fields == ["cron", "row_limit"]
    assert trail[0].after is None
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM reports.change")


def test_a_change_that_changes_nothing_is_none(connection: psycopg.Connection) -> None:
    made = create_report(connection, definition(), "ana")
    assert change_report(connection, made.report_id, definition(), "bob") == made
    assert len(changes(connection, "report", made.report_id)) == 1


def test_a_change_from_an_old_version_is_refused(connection: psycopg.Connection) -> None:
    made = create_report(connection, definition(), "ana")
    change_report(connection, made.report_id, definition(description="new"), "bob")
    with pytest.raises(VersionError, match="changed by bob") as refused:
        change_report(connection, made.report_id, definition(), "eve", version=1)
    assert refused.value.version == 2
    with pytest.raises(VersionError):
        delete_report(connection, made.report_id, "eve", version=1)


def test_a_name_stands_once_in_whatever_case_until_its_report_is_deleted(connection: psycopg.Connection) -> None:
    made = create_report(connection, definition(), "ana")
    with pytest.raises(NameTakenError, match="another report named 'NUMBERS'"):
        create_report(connection, definition(name="NUMBERS"), "bob")
    other = create_report(connection, definition(name="Other"), "bob")
    with pytest.raises(NameTakenError):
        change_report(connection, other.report_id, definition(name="numbers"), "bob")
    delete_report(connection, made.report_id, "ana")
    create_report(connection, definition(), "bob")


def test_what_is_deleted_is_not_found(connection: psycopg.Connection) -> None:
    made = create_report(connection, definition(), "ana")
    delete_report(connection, made.report_id, "ana")
    for call in (get_report, find_report):
        with pytest.raises(NotFoundError):
            call(connection, made.report_id)
    with pytest.raises(NotFoundError):
        change_report(connection, made.report_id, definition(), "ana")
    with pytest.raises(NotFoundError):
        delete_report(connection, made.report_id, "ana")
    with pytest.raises(NotFoundError):
        find_report(connection, "Numbers")
    assert list_reports(connection) == ([], 0)


def test_a_statement_that_may_not_run_is_not_saved(connection: psycopg.Connection) -> None:
    with pytest.raises(RejectedError):
        create_report(connection, definition(sql="DELETE FROM outbox.message"), "eve")
    made = create_report(connection, definition(), "ana")
    with pytest.raises(RejectedError):
        change_report(connection, made.report_id, definition(sql="SELECT * FROM outbox.message"), "eve")


def test_a_time_that_has_come_is_not_lost_by_a_change_of_something_else(connection: psycopg.Connection) -> None:
    made = create_report(connection, definition(cron="0 6 * * *"), "ana")
    due = datetime.now(UTC) - timedelta(minutes=1)
    connection.execute("UPDATE reports.report SET next_run_at = %s", [due])
    changed = change_report(connection, made.report_id, definition(cron="0 6 * * *", description="new"), "ana")
    assert changed.next_run_at == due
    off = change_report(connection, made.report_id, definition(cron="0 6 * * *", is_active=False), "ana")
    assert off.next_run_at is None
    on = change_report(connection, made.report_id, definition(cron="0 6 * * *"), "ana")
    assert on.next_run_at is not None
    assert on.next_run_at > datetime.now(UTC)


def test_the_list_is_searched_sorted_and_paged(connection: psycopg.Connection) -> None:
    for name, owner, cron in (
        ("Sales 100%", "ana@example.com", "0 6 * * *"),
        ("calls", "bob@example.com", None),
        ("Stock", "ana@example.com", "* * * * *"),
    ):
        create_report(connection, definition(name=name, owner=owner, cron=cron, description="Of the chain"), "ana")

    def names(**wish: object) -> list[str]:
        return [report.definition.name for report in list_reports(connection, **wish)[0]]  # type: ignore[arg-type]

    assert names() == ["calls", "Sales 100%", "Stock"]
    assert names(sort="-name") == ["Stock", "Sales 100%", "calls"]
    assert names(sort="next_run_at") == ["Stock", "Sales 100%", "calls"]
    assert names(search="0%") == ["Sales 100%"]
    assert names(search="CHAIN", owner="ANA@example.com") == ["Sales 100%", "Stock"]
    assert names(is_active=False) == []
    page, total = list_reports(connection, limit=1, offset=1)
    assert ([report.definition.name for report in page], total) == (["Sales 100%"], 3)
