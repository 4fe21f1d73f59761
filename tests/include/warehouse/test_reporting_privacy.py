"""The schema reporting tells of nobody who bought, called or got a mail: a canary stands wherever they do."""

from datetime import UTC, datetime

import pytest
from psycopg.types.json import Jsonb

from include.mail.outbox import Attachment, enqueue
from include.warehouse.dimensions import load_customers
from include.warehouse.reporting_schema import read_schema
from tests.include.warehouse.conftest import Warehouse
from tests.include.warehouse.square_json import encode, line, order, return_order

CANARIES = (
    "Zephyrine",
    "Quackenbush",
    "Quackenbush Ltd",
    "zq@canary.example",
    "646555019",
    "555-0199",
    "Canary Lane",
    "90210",
)
AT = datetime(2026, 3, 2, 17, tzinfo=UTC)
PERSON = {
    "given_name": "Zephyrine",
    "family_name": "Quackenbush",
    "company_name": "Quackenbush Ltd",
    "email_address": "zq@canary.example",
    "phone_number": "+16465550199",
    "note": "Zephyrine is a friend",
    "address": {"address_line_1": "1 Canary Lane", "locality": "Canary Lane", "postal_code": "90210", "country": "US"},
}
# Not filled here: what stock did, which knows no customers. `decided_by` and `entered_by` there name our own people.
ABOUT_STOCK = {
    "ingredient_sales", "ingredient_use", "purchase_order_line", "recipe_cost", "shortage", "square_difference",
    "stock", "stock_movement",
}  # fmt: skip


@pytest.fixture
def canaries(warehouse: Warehouse) -> Warehouse:
    connection = warehouse.connection
    times = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    load_customers(connection, [encode({"id": "c-1", "version": 1, **times, **PERSON})])
    recipient = {"display_name": "Zephyrine Quackenbush", "phone_number": "+16465550199", "address": PERSON["address"]}
    warehouse.load(
        order(
            "o-1",
            line(modifiers={"olives": 150}, discount=10),
            customer_id="c-1",
            note="for Zephyrine",
            ticket_name="Zephyrine",
            fulfillments=[{"type": "PICKUP", "pickup_details": {"recipient": recipient, "note": "ask for Zephyrine"}}],
        ),
        order("o-2", line(), customer_id="c-1", state="OPEN", ticket_name="Zephyrine"),
        return_order("r-1", customer_id="c-1"),
    )
    warehouse.take_over()
    connection.execute(
        """
        INSERT INTO calls.alert (kind, location, department, call_count, window_begin_at, window_end_at, decided_at)
        VALUES ('missed', 'New York', 'Front desk', 1, %(at)s, %(at)s + interval '1 hour', %(at)s)
        """,
        {"at": AT},
    )
    connection.execute(
        """
        INSERT INTO calls.call (
            call_key, feed, call_id, location, department, business_date, outcome, is_counted, caller_number,
            caller_name, ring_seconds, wait_seconds, talk_seconds, legs_tried, started_at, ended_at
        )
        VALUES (
            1, 'ari', '1', 'New York', 'Front desk', '2026-03-02', 'RANG_OUT', true, '+16465550199', 'Zephyrine',
            20, 25, 0, 1, %(at)s, %(at)s
        )
        """,
        {"at": AT},
    )
    connection.execute(
        "INSERT INTO inbox.call_feed_gap (gap_id, feed, started_at, reason)"
        " VALUES (gen_random_uuid(), 'ari', %s, 'lost with +16465550199')",
        [AT],
    )
    connection.execute(
        """
        WITH online_order AS (
            INSERT INTO online_orders.online_order (
                provider, order_id, version, updated_at, location_name, provider_location, placed_at, total_cents,
                currency, is_cancelled, customer_name, customer_phone, items
            )
            VALUES (
                'shop', 's-1', 1, now(), 'New York', 'NY', %s, 60000, 'USD', false, 'Zephyrine Quackenbush',
                '+16465550199', %s
            )
            RETURNING online_order_key
        )
        INSERT INTO online_orders.alert (online_order_key, kind, reason, recipients, total_cents, message_id)
        SELECT online_order_key, 'placed', 'over $500', '{zq@canary.example}', 60000, gen_random_uuid()
        FROM online_order
        """,
        [AT, Jsonb([{"name": "Margherita", "quantity": "40", "total_cents": 60_000}])],
    )
    enqueue(
        connection,
        dedupe_key="large-order/zq@canary.example",
        recipients=["zq@canary.example"],
        subject="Order of Zephyrine",
        html="<p>Zephyrine +16465550199</p>",
        text="Zephyrine +16465550199",
        attachments=[Attachment("Zephyrine.csv", "text/csv", b"Zephyrine")],
    )
    connection.execute("UPDATE outbox.message SET last_error = '550 no zq@canary.example here'")
    connection.execute(
        """
        INSERT INTO reports.report_run (
            dag_id, dag_run_id, title, asked_by, state, finished_at, sql, parameters, sheet_url, breaches, note, error
        )
        VALUES (
            'sales_report', 'Zephyrine', 'Sales', 'zq@canary.example', 'failed', now(), $$SELECT 'Zephyrine'$$,
            '{"name": "Zephyrine"}', 'https://sheets.example/Zephyrine', '[{"rule": "Zephyrine"}]', 'Zephyrine',
            'Zephyrine'
        )
        """
    )
    return warehouse


def test_no_view_shows_who_bought_called_or_got_a_mail(canaries: Warehouse) -> None:
    told, empty = [], []
    for view in read_schema(canaries.connection):
        rows = canaries.rows(f"SELECT to_jsonb(shown)::text FROM reporting.{view.name} AS shown")  # noqa: S608
        told += [(view.name, canary) for canary in CANARIES for row in rows if canary in row]
        if not rows:
            empty.append(view.name)
    assert told == []
    assert set(empty) - ABOUT_STOCK <= {"unmapped_product"}, "a view without rows shows nothing of anybody"


def test_no_column_is_named_after_what_it_must_not_hold(canaries: Warehouse) -> None:
    about_people = ("phone", "email", "mail_address", "given_name", "family_name", "caller", "dialled", "recipients")
    named = [
        f"{view.name}.{column.name}"
        for view in read_schema(canaries.connection)
        for column in view.columns
        if any(word in column.name for word in about_people)
    ]
    assert named == []
