"""What a sender gets for an answer, and what is in the inbox afterwards."""

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.rows import DictRow, dict_row

from tests.conftest import Database
from tests.listener.process import PROVIDERS, Listener, running_listener, square_event, square_headers

LARGEST = 256 * 1024


def inbox(database: Database) -> list[DictRow]:
    with psycopg.connect(database.url(), row_factory=dict_row) as connection:
        return connection.execute("SELECT * FROM inbox.webhook_event ORDER BY event_key").fetchall()


def test_a_square_event_is_kept_byte_for_byte(listener: Listener, database: Database) -> None:
    body = b'{ "type":"order.updated",  "event_id": "E-1", "data": {"id": "O-1", "name": "\xc3\x84" } }'
    assert listener.send_square(body).status_code == 200
    (row,) = inbox(database)
    assert (row["provider"], row["event_id"], row["event_type"]) == ("square", "E-1", "order.updated")
    assert (row["body"], row["online_order"], row["state"], row["last_error"]) == (body, None, "new", None)


def test_a_platforms_order_is_put_into_our_words(listener: Listener, database: Database) -> None:
    assert listener.send_order(event_id="msg_1").status_code == 200
    (row,) = inbox(database)
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
    assert len(inbox(database)) == 1


def test_an_ignored_type_leaves_no_row(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "providers.yaml"
    file.write_text(PROVIDERS.read_text().replace("    events:", "    ignored_events: [menu.updated]\n    events:"))
    with running_listener(database.url("storekeeper_listener"), tmp_path, ORDER_PROVIDERS=str(file)) as listener:
        assert listener.send_order({"type": "menu.updated"}).status_code == 200
    assert inbox(database) == []


def test_there_is_no_other_way_in(listener: Listener) -> None:
    for method, path, status in [
        ("POST", "/webhooks/orders/nobody", 404),
        ("POST", "/webhooks/orders/square", 404),
        ("POST", "/webhooks/orders/", 404),
        ("POST", "/webhooks/square/", 404),
        ("POST", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/webhooks/square", 405),
        ("PUT", "/webhooks/orders/demo-eats", 405),
    ]:
        assert listener.client.request(method, listener.url + path).status_code == status, (method, path)


def test_square_is_not_there_unless_it_is_set_up(database: Database, tmp_path: Path) -> None:
    off = {"SQUARE_WEBHOOK_SIGNATURE_KEY": "", "SQUARE_WEBHOOK_URL": ""}
    with running_listener(database.url("storekeeper_listener"), tmp_path, **off) as listener:
        assert listener.send_square(square_event()).status_code == 404


def test_256_kib_are_taken_and_a_byte_more_is_not(listener: Listener, database: Database) -> None:
    largest = b'{"event_id": "E-1", "type": "t", "data": "' + b"x" * (LARGEST - 44) + b'"}'
    assert len(largest) == LARGEST
    assert listener.send_square(largest).status_code == 200
    larger = largest.replace(b"E-1", b"E-22")
    assert listener.send_square(larger).status_code == 413

    def in_chunks(body: bytes) -> Iterator[bytes]:
        yield from (body[at : at + 60_000] for at in range(0, len(body), 60_000))

    for body, status in ((largest, 200), (larger, 413)):
        url = f"{listener.url}/webhooks/square"
        answer = listener.client.post(url, content=in_chunks(body), headers=square_headers(body))
        assert answer.status_code == status
    (row,) = inbox(database)
    assert row["body"] == largest


def test_what_is_too_large_is_not_read_to_its_end(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as endless:
        endless.sendall(b"POST /webhooks/square HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(5):
            endless.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        assert endless.recv(1000).startswith(b"HTTP/1.1 413 ")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as boastful:
        boastful.sendall(b"POST /webhooks/square HTTP/1.1\r\nhost: x\r\ncontent-length: 999999999999\r\n\r\n")
        assert boastful.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_who_hangs_up_in_the_middle_leaves_nothing(listener: Listener, database: Database) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as sender:
        sender.sendall(b"POST /webhooks/square HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
    assert listener.send_square(square_event("E-1")).status_code == 200
    assert [row["event_id"] for row in inbox(database)] == ["E-1"]
