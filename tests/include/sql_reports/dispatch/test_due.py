import asyncio
import json

import pytest
from airflow.triggers.base import TriggerEvent

from include.sql_reports.definitions.standing_orders import create_order
from include.sql_reports.dispatch.due import ReportsDue
from tests.include.sql_reports.conftest import Desk
from tests.include.sql_reports.reports import order


def reasons(count: int) -> list[str]:
    """Of the first events, as many as come within a second each."""

    async def collect() -> list[TriggerEvent]:
        events = ReportsDue().run()
        found: list[TriggerEvent] = []
        try:
            while len(found) < count:
                found.append(await asyncio.wait_for(anext(events), 1))
        except TimeoutError:
            pass
        finally:
            await events.aclose()
        return found

    return [event.payload["reason"] for event in asyncio.run(collect())]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE reports.report SET next_run_at = now() - interval '1 second'", "due"),
        ("UPDATE reports.standing_order SET next_run_at = now() - interval '1 second'", "due"),
        # It need not look again to meet a time that it knows of.
        ("UPDATE reports.report SET next_run_at = now() + interval '300 milliseconds'", "due"),
        ("UPDATE reports.report_run SET queued_at = now() - interval '3 minutes'", "unstarted"),
        ("UPDATE reports.report_run SET queued_at = now() - interval '1 minute'", None),
    ],
)
def test_it_fires_once_at_its_start_and_then_for_what_is_to_be_started(
    desk: Desk, change: str, reason: str | None
) -> None:
    report = desk.report(cron="0 0 1 1 *")
    create_order(desk.connection, order(cron="0 0 1 1 *"), "ana")
    desk.connection.execute(
        """
        INSERT INTO reports.report_run (dag_id, dag_run_id, report_id, title, asked_by)
        VALUES ('report_run', 'one', %s, 'Numbers', 'ana')
        """,
        [report.report_id],
    )
    desk.connection.execute(change)
    assert reasons(2) == ["started", *([reason] if reason else [])]


@pytest.mark.usefixtures("desk")
def test_a_database_that_is_away_is_no_reason_to_raise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conn = {"conn_type": "postgres", "host": "/nowhere", "schema": "storekeeper", "login": "storekeeper_app"}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(conn))
    assert reasons(2) == ["started"]
    assert "storekeeper_db" in capsys.readouterr().out
