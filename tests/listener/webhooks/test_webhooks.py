"""What a sender gets for an answer, and what is in the inbox afterwards."""

from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from tests.conftest import Database
from tests.listener.process import (
    Listener,
    square_event,
)

LARGEST = 256 * 1024


def rows(database: Database) -> list[DictRow]:
    with psycopg.connect(database.url(), row_factory=dict_row) as connection:
        return connection.execute("SELECT * FROM inbox.webhook_event ORDER BY event_key").fetchall()


def test_a_square_event_is_kept_byte_for_byte(listener: Listener, database: Database) -> None:
    body = b'{ "type":"order.updated",  "event_id": "E-1", "data": {"id": "O-1", "name": "\xc3\x84" } }'
    assert listener.send_square(body).status_code == 200
    (row,) = rows(database)
    assert (row["provider"], row["event_id"], row["event_type"]) == ("square", "E-1", "order.updated")
    assert (row["body"], row["online_order"], row["state"], row["last_error"]) == (body, None, "new", None)


def test_a_platforms_order_is_put_into_our_words(listener: Listener, database: Database) -> None:
    assert listener.send_order(event_id="msg_1").status_code == 200
    (row,) = rows(database)
    assert (row["provider"], row["event_id"], row["event_type"], row["state"]) == (
        "demo-eats",
        "msg_1",
        "order.created",
        "new",
    )
    assert row["online_order"] == {
        "order_id": "DE-1",
        "event": "created",
        "is_cancelled": False,
        "placed_at": "2026-11-21T16:00:00Z",
        "due_at": "2026-11-22T11:30:00-05:00",
        "total_cents": 60000,
        "currency": "USD",
        "location": "Manhattan",
        "customer_name": "Ada Canary",
        "customer_phone": "+12125559876",
        "customer_email": "ada.canary@example.com",
        "channel": "web",
        "items": [{"name": "Sandwich platter", "quantity": "12", "total_cents": 15000}],
    }


def test_an_event_rings_the_bell_and_its_repetition_does_not(listener: Listener, database: Database) -> None:
    body = square_event("E-1")
    with psycopg.connect(database.url(), autocommit=True) as connection:
        connection.execute("LISTEN inbox_webhook_event")
        assert listener.send_square(body).status_code == 200
        assert len(list(connection.notifies(timeout=5, stop_after=1))) == 1
        assert listener.send_square(body).status_code == 200
        assert list(connection.notifies(timeout=0.3)) == []
    assert len(rows(database)) == 1


def test_an_ignored_type_leaves_no_row(database: Database, tmp_path: Any) -> None:
    from tests.listener.process import PROVIDERS, running_listener

    file = tmp_path / "providers.yaml"
    file.write_text(PROVIDERS.read_text().replace("    events:", "    ignored_events: [menu.updated]\n    events:"))
    with running_listener(database.url("storekeeper_listener"), tmp_path, ORDER_PROVIDERS=str(file)) as listener:
        assert listener.send_order({"type": "menu.updated"}).status_code == 200
    assert rows(database) == []
