"""Signed but not to be read: kept as it came, with the reason, and acknowledged."""

import json
import string
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow, dict_row
from starlette.datastructures import Headers

from listener.webhooks.providers import load_providers
from tests.conftest import Database
from tests.listener.process import DEMO_EATS_SECRET, ORDER, PROVIDERS, Listener, square_event, standard_headers

SQUARE_BODIES: list[tuple[bytes, str]] = [
    (b"", "the body is no JSON"),
    (b"not json", "the body is no JSON"),
    (b"\xff\xfe{}", "the body is no JSON"),
    (b'{"event_id": "E", "type": "t", "name": "\xff"}', "the body is no JSON"),
    (b'{"event_id": "E", "type": "t", "name": "\\ud800"}', "the body is no JSON"),
    (b"[" * 100_000, "nested too deep"),
    (b"[]", "no JSON object"),
    (b"{}", "event_id is no text"),
    (b'{"event_id": 7, "type": "t"}', "event_id is no text"),
    (b'{"event_id": "a\\u0000b", "type": "t"}', "event_id is no text"),
    (b'{"event_id": "E", "type": "\\u0000"}', "type is no text"),
    (b'{"event_id": "' + b"x" * 5000 + b'", "type": "t"}', "event_id is no text"),
]


def inbox(database: Database) -> list[DictRow]:
    with psycopg.connect(database.url(), row_factory=dict_row) as connection:
        return connection.execute("SELECT * FROM inbox.webhook_event ORDER BY event_key").fetchall()


def test_whatever_square_signs_is_kept(listener: Listener, database: Database) -> None:
    for body, _ in SQUARE_BODIES:
        assert [listener.send_square(body).status_code for _ in range(2)] == [200, 200], body[:50]
    rows = inbox(database)
    assert [row["body"] for row in rows] == [body for body, _ in SQUARE_BODIES]
    for row, (_, reason) in zip(rows, SQUARE_BODIES, strict=True):
        assert (row["state"], row["event_type"]) == ("dead", "unreadable")
        assert reason in row["last_error"]


def without(*path: str) -> Callable[[Any], None]:
    def change(order: Any) -> None:
        for key in path[:-1]:
            order = order[key]
        del order[path[-1]]

    return change


def with_data(**fields: Any) -> Callable[[Any], None]:
    return lambda order: order["data"].update(fields)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without("type"), "type is no text"),
        (lambda order: order.update(type="menu.updated"), "in neither events nor ignored_events"),
        (without("data"), "order"),
        (without("data", "id"), "order_id"),
        (without("data", "total"), "currency"),
        (with_data(total={"amount": "600.005", "currency": "USD"}), "order.total has more decimals than USD has"),
        (with_data(total={"amount": "600,00", "currency": "USD"}), "order.total is no decimal number"),
        (with_data(total={"amount": True, "currency": "USD"}), "order.total is no decimal number"),
        (with_data(total={"amount": "NaN", "currency": "USD"}), "order.total is no decimal number"),
        (with_data(total={"amount": "1e999999999", "currency": "USD"}), "order.total is no decimal number"),
        (with_data(total={"amount": "1e-999999999", "currency": "USD"}), "order.total is no decimal number"),
        (with_data(total={"amount": "-1.00", "currency": "USD"}), "total_cents"),
        (with_data(total={"amount": "1.00", "currency": "dollars"}), "currency"),
        (with_data(placed_at="yesterday"), "order.placed_at is no time in ISO 8601"),
        (with_data(ready_by="2026-11-22T11:30:00"), "order.due_at has no offset from UTC"),
        (with_data(lines={}), "order.items is no list"),
        (with_data(lines=[{"title": "A", "qty": "some", "price": "1"}]), "items[0].quantity is no decimal number"),
        (with_data(store=["Manhattan"]), "order.location is no text"),
        (with_data(customer={"name": "a\0b"}), "order.customer_name holds a NUL character"),
        (with_data(customer={"name": "x" * 2001}), "customer_name"),
    ],
)
def test_an_order_that_is_none_is_a_dead_letter_with_the_field_that_is_wrong(
    change: Callable[[Any], None], reason: str
) -> None:
    order = deepcopy(ORDER)
    change(order)
    body = json.dumps(order).encode()
    provider = load_providers(PROVIDERS, {"DEMO_EATS_SECRET": DEMO_EATS_SECRET})["demo-eats"]
    event = provider.read(Headers({"webhook-id": "msg_1"}), body)
    assert event
    assert (event.event_id, event.state, event.online_order, event.body) == ("msg_1", "dead", None, body)
    assert reason in (event.unreadable or "")


def test_an_order_that_is_none_is_kept(listener: Listener, database: Database) -> None:
    assert listener.send_order(ORDER | {"data": {"id": "DE-2"}}, "msg_1").status_code == 200
    (row,) = inbox(database)
    assert (row["event_id"], row["event_type"], row["state"]) == ("msg_1", "order.created", "dead")
    assert row["online_order"] is None
    assert "DE-2" in row["body"].decode()


def test_a_dead_letter_rings_no_bell_and_stops_nobody(listener: Listener, database: Database) -> None:
    with psycopg.connect(database.url(), autocommit=True) as connection:
        connection.execute("LISTEN inbox_webhook_event")
        assert listener.send_square(b"nonsense").status_code == 200
        assert list(connection.notifies(timeout=0.3)) == []
        assert listener.send_square(square_event()).status_code == 200
        assert len(list(connection.notifies(timeout=5, stop_after=1))) == 1


PLACES = ["type", "data", "data.id", "data.total", "data.total.amount", "data.ready_by", "data.placed_at", "data.store"]
PLACES += ["data.customer", "data.customer.name", "data.lines"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.text(string.printable),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
        max_leaves=6,
    ),
    st.sampled_from(PLACES),
)
def test_no_signed_body_is_refused(listener: Listener, value: Any, place: str) -> None:
    order: Any = deepcopy(ORDER)
    inner = order
    *path, last = place.split(".")
    for key in path:
        inner = inner[key]
    inner[last] = value
    assert listener.send_order(order).status_code == 200


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_signed_bytes_are_refused(listener: Listener, body: bytes) -> None:
    assert listener.send_square(body).status_code == 200
    assert listener.post("/webhooks/orders/demo-eats", body, standard_headers(body)).status_code == 200
