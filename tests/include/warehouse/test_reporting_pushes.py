"""The views of the schema reporting over calls, online orders, mails and runs of reports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from include.mail.outbox import Attachment, enqueue
from tests.include.warehouse.conftest import Warehouse

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def call(warehouse: Warehouse, call_key: int, at: datetime, caller: str | None, outcome: str = "RANG_OUT") -> None:
    """A call of a minute that somebody in New York got, or did not."""
    warehouse.connection.execute(
        """
        INSERT INTO calls.call (
            call_key, feed, call_id, location, department, business_date, outcome, is_counted, caller_number,
            ring_seconds, wait_seconds, talk_seconds, legs_tried, started_at, ended_at
        )
        VALUES (%s, 'ari', %s, 'New York', 'Front desk', '2026-03-02', %s, %s, %s, 20, 25, 35, 1, %s, %s)
        """,
        [call_key, str(call_key), outcome, outcome != "ANSWERED", caller, at, at + MINUTE],
    )


def online_order(warehouse: Warehouse, order_id: str, **facts: Any) -> int:
    row = {
        "order_id": order_id,
        "location_name": "Los Angeles",
        "placed_at": datetime(2026, 3, 3, 6, tzinfo=UTC),
        "due_at": datetime(2026, 3, 3, 20, tzinfo=UTC),
        "items": Jsonb([{"name": "Margherita", "quantity": "40", "total_cents": 60_000}]),
    } | facts
    return int(
        warehouse.row(
            """
            INSERT INTO online_orders.online_order (
                provider, version, updated_at, provider_location, total_cents, currency, is_cancelled, channel,
                order_id, location_name, placed_at, due_at, items
            )
            VALUES ('square', 1, now(), 'L-LA', 60000, 'USD', false, 'Square Online', %s, %s, %s, %s, %s)
            RETURNING online_order_key
            """,
            *row.values(),
        )
    )


def test_a_missed_caller_is_reached_when_the_same_number_gets_through_within_a_day(warehouse: Warehouse) -> None:
    call(warehouse, 1, NOON, "+1 (646) 555-0001")
    call(warehouse, 2, NOON, "+16465550002")
    call(warehouse, 3, NOON, "+16465550003")
    call(warehouse, 4, NOON, None)
    call(warehouse, 5, NOON + 5 * MINUTE, "+16465550001", "ANSWERED")
    call(warehouse, 6, NOON + timedelta(days=1, minutes=5), "+16465550002", "ANSWERED")
    call(warehouse, 7, NOON - 5 * MINUTE, "+16465550003", "ANSWERED")
    call(warehouse, 8, NOON + 5 * MINUTE, None, "ANSWERED")
    rows = warehouse.rows("SELECT call_id, is_answered, is_reached_later FROM reporting.call ORDER BY 1")
    assert rows[:4] == [(1, False, True), (2, False, False), (3, False, False), (4, False, False)]
    assert rows[4:] == [(number, True, False) for number in (5, 6, 7, 8)]


def test_calls_and_alerts_go_by_the_clock_of_the_location(warehouse: Warehouse) -> None:
    warehouse.take_over()
    call(warehouse, 1, NOON, None)
    warehouse.connection.execute(
        """
        WITH alert AS (
            INSERT INTO calls.alert
                (kind, location, department, call_count, window_begin_at, window_end_at, decided_at)
            VALUES ('missed', 'New York', 'Front desk', 1, %(at)s, %(at)s + interval '1 hour', %(at)s)
            RETURNING alert_id
        )
        UPDATE calls.call SET missed_alert_id = alert_id FROM alert
        """,
        {"at": NOON},
    )
    noon_there = datetime(2026, 3, 2, 12)  # noqa: DTZ001
    assert warehouse.row(
        "SELECT started_at_local, decided_at_local, call_count FROM reporting.call JOIN reporting.call_alert"
        " USING (call_alert_id)"
    ) == (noon_there, noon_there, 1)


def test_a_gap_is_one_row_until_and_after_it_is_over(warehouse: Warehouse) -> None:
    gap_id = uuid4()
    for ended_at in (None, NOON + MINUTE):
        warehouse.connection.execute(
            "INSERT INTO inbox.call_feed_gap (gap_id, feed, started_at, ended_at, reason)"
            " VALUES (%s, 'ari', %s, %s, 'lost')",
            [gap_id, NOON, ended_at],
        )
    assert warehouse.rows("SELECT feed, gap_seconds::integer FROM reporting.call_feed_gap") == [("ari", 60)]


def test_an_online_order_goes_by_the_clock_of_the_location_and_names_its_things(warehouse: Warehouse) -> None:
    key = online_order(warehouse, "large")
    online_order(warehouse, "asap", due_at=None)
    online_order(warehouse, "elsewhere", location_name=None)
    warehouse.connection.execute(
        "INSERT INTO online_orders.alert (online_order_key, kind, reason, recipients, total_cents, message_id)"
        " VALUES (%s, 'placed', 'over $500', '{a@example.com,b@example.com}', 60000, gen_random_uuid())",
        [key],
    )
    assert warehouse.rows(
        "SELECT order_id, business_date, placed_at_local, due_at_local, item_count, is_large"
        " FROM reporting.online_order ORDER BY order_id"
    ) == [
        ("asap", date(2026, 3, 2), datetime(2026, 3, 2, 22), None, 1, False),  # noqa: DTZ001
        ("elsewhere", None, None, None, 1, False),
        ("large", date(2026, 3, 2), datetime(2026, 3, 2, 22), datetime(2026, 3, 3, 12), 1, True),  # noqa: DTZ001
    ]
    assert warehouse.rows("SELECT * FROM reporting.online_order_item WHERE order_id = 'large'") == [
        ("square", "large", 1, "Margherita", 40, 60_000, "USD")
    ]
    assert warehouse.row("SELECT order_id, kind, reason, recipient_count FROM reporting.online_order_alert") == (
        "large", "placed", "over $500", 2,
    )  # fmt: skip


def test_a_mail_says_what_it_is_about(warehouse: Warehouse) -> None:
    for key in ("missed_calls/17", "large-order/square/x/1", "rejected:abc"):
        enqueue(
            warehouse.connection,
            dedupe_key=key,
            recipients=["a@example.com", "b@example.com"],
            subject="",
            html="",
            text="",
            attachments=[Attachment("x.csv", "text/csv", b"")],
        )
    assert warehouse.rows("SELECT kind, state, recipient_count, attachment_count FROM reporting.mail ORDER BY 1") == [
        ("large_order", "new", 2, 1), ("missed_calls", "new", 2, 1), ("rejected", "new", 2, 1),
    ]  # fmt: skip


def test_a_run_says_how_long_it_waited_and_took(warehouse: Warehouse) -> None:
    warehouse.connection.execute(
        """
        INSERT INTO reports.report_run (
            dag_id, dag_run_id, title, state, asked_by, due_at, queued_at, started_at, finished_at, row_count, breaches
        )
        VALUES (
            'sales_report', 'r', 'Sales', 'success', 'schedule', %(at)s, %(at)s, %(at)s + interval '2 s',
            %(at)s + interval '9 s', 12, '[{"rule": "x"}]'
        )
        """,
        {"at": NOON},
    )
    assert warehouse.row(
        "SELECT report_name, is_scheduled, wait_seconds::integer, run_seconds::integer, row_count, breach_count"
        " FROM reporting.report_run"
    ) == ("Sales", True, 2, 7, 12, 1)
