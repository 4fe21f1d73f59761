from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import psycopg
import pytest

from include.report_runs import list_runs
from include.sql_reports.definitions.standing_orders import create_order, get_order
from include.sql_reports.definitions.store import create_report, delete_report, get_report
from include.sql_reports.dispatch.claiming import claim
from include.sql_reports.dispatch.lost import close_lost
from tests.conftest import Database
from tests.include.sql_reports.conftest import Desk
from tests.include.sql_reports.reports import definition, order

NOW = datetime(2026, 11, 21, 12, 0, 7, tzinfo=UTC)


def make_due(connection: psycopg.Connection, at: datetime, table: str = "report") -> None:
    statement = psycopg.sql.SQL("UPDATE reports.{} SET next_run_at = %s")
    connection.execute(statement.format(psycopg.sql.Identifier(table)), [at])


def test_what_is_due_is_claimed_once_and_gets_its_next_time(connection: psycopg.Connection) -> None:
    report = create_report(connection, definition(cron="0 * * * *", timezone="UTC"), "ana")
    create_report(connection, definition(name="Other"), "ana")
    make_due_only = "UPDATE reports.report SET next_run_at = %s WHERE cron IS NOT NULL"
    connection.execute(make_due_only, [NOW.replace(second=0)])
    [start] = claim(connection, NOW)
    assert start == {
        "trigger_dag_id": "report_run",
        "trigger_run_id": f"report_{report.report_id}__2026-11-21T12:00:00Z",
        "run_after": "2026-11-21T12:00:00+00:00",
        "run_conf": {"report": str(report.report_id)},
    }
    [run] = list_runs(connection)[0]
    assert (run.state, run.asked_by, run.due_at, run.title) == ("queued", "schedule", NOW.replace(second=0), "Numbers")
    assert get_report(connection, report.report_id).next_run_at == datetime(2026, 11, 21, 13, tzinfo=UTC)
    assert claim(connection, NOW) == []


def test_missed_times_are_made_up_for_by_one_run_of_the_newest(connection: psycopg.Connection) -> None:
    create_report(connection, definition(cron="0 * * * *", timezone="UTC"), "ana")
    make_due(connection, NOW - timedelta(days=3))
    [start] = claim(connection, NOW)
    assert start["run_after"] == "2026-11-21T12:00:00+00:00"
    assert list_runs(connection)[1] == 1


def test_what_still_runs_is_not_started_beside_itself(connection: psycopg.Connection) -> None:
    create_report(connection, definition(cron="* * * * *"), "ana")
    make_due(connection, NOW)
    assert len(claim(connection, NOW)) == 1
    later = NOW + timedelta(minutes=1)
    assert claim(connection, later) == []
    skipped, running = list_runs(connection)[0]
    assert skipped.state == "skipped"
    assert skipped.note == f"not started: run {running.run_id}, of an earlier time, has not ended"
    connection.execute("UPDATE reports.report_run SET state = 'success', finished_at = now() WHERE state = 'queued'")
    assert len(claim(connection, later + timedelta(minutes=1))) == 1


def test_standing_orders_are_claimed_with_their_params(connection: psycopg.Connection) -> None:
    made = create_order(connection, order(params={"period": "last_week", "markets": ["Midwest"]}), "ana")
    make_due(connection, NOW - timedelta(seconds=3), "standing_order")
    [start] = claim(connection, NOW)
    assert start["trigger_dag_id"] == "products_sold_report"
    assert start["run_conf"] == {"period": "last_week", "markets": ["Midwest"]}
    [run] = list_runs(connection, standing_order_id=made.standing_order_id)[0]
    assert run.parameters == start["run_conf"]
    assert (get_order(connection, made.standing_order_id).next_run_at or NOW) > NOW


def test_what_is_off_or_deleted_is_never_due(connection: psycopg.Connection) -> None:
    report = create_report(connection, definition(cron="* * * * *"), "ana")
    create_report(connection, definition(name="Off", cron="* * * * *", is_active=False), "ana")
    delete_report(connection, report.report_id, "ana")
    assert claim(connection, NOW + timedelta(days=365)) == []


def test_what_stays_queued_is_started_again(connection: psycopg.Connection) -> None:
    create_report(connection, definition(cron="0 0 1 1 *"), "ana")
    make_due(connection, NOW)
    starts = claim(connection, NOW)
    connection.execute("UPDATE reports.report_run SET queued_at = now() - interval '1 minute'")
    assert claim(connection, NOW) == []
    connection.execute("UPDATE reports.report_run SET queued_at = now() - interval '3 minutes'")
    assert claim(connection, NOW) == starts
    connection.execute("UPDATE reports.report_run SET state = 'running', started_at = now()")
    assert claim(connection, NOW) == []


def test_many_dispatches_at_once_claim_nothing_twice(database: Database) -> None:
    with database.connect() as connection:
        made = create_report(connection, definition(cron="0 0 1 1 *"), "ana")
        connection.execute(
            """
            INSERT INTO reports.report (name, sql, cron, timezone, formats, owner, retry_count, timeout_seconds,
                row_limit, retention_days, next_run_at, created_by, updated_by)
            SELECT 'Report ' || n, sql, cron, timezone, formats, owner, retry_count, timeout_seconds, row_limit,
                retention_days, next_run_at, created_by, updated_by
            FROM reports.report, generate_series(1, 299) AS n
            """
        )
        make_due(connection, NOW)
    barrier = Barrier(6)

    def dispatch() -> list[str]:
        with database.connect() as connection:
            barrier.wait()
            return [start["trigger_run_id"] for start in claim(connection, NOW)]

    with ThreadPoolExecutor(6) as threads:
        claimed = [run_id for found in threads.map(lambda _: dispatch(), range(6)) for run_id in found]
    assert made.report_id
    assert len(claimed) == len(set(claimed)) == 300
    with database.connect() as connection:
        assert list_runs(connection, limit=1)[1] == 300


@pytest.mark.parametrize(
    ("state", "column", "age", "is_lost"),
    [
        ("queued", "queued_at", "23 hours", False),
        ("queued", "queued_at", "25 hours", True),
        # A time-out of 300 s and two retries, each with a pause, and an hour.
        ("running", "started_at", "119 minutes", False),
        ("running", "started_at", "121 minutes", True),
    ],
)
def test_runs_that_will_not_end_are_closed(desk: Desk, state: str, column: str, age: str, is_lost: bool) -> None:
    desk.report()
    desk.connection.execute(
        psycopg.sql.SQL(
            """
            INSERT INTO reports.report_run (dag_id, dag_run_id, report_id, title, asked_by, state, {})
            SELECT 'report_run', 'one', report_id, name, 'ana', %s, now() - %s::interval FROM reports.report
            """
        ).format(psycopg.sql.Identifier(column)),
        [state, age],
    )
    assert close_lost(desk.connection) == is_lost
    run = desk.record()
    assert (run.state == "failed") is is_lost
    assert (run.error is not None) is is_lost
