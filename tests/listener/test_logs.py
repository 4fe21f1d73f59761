"""Nothing personal and no secret in the logs, the health page or the metrics."""

import json
from pathlib import Path

import pytest

from listener.logs import mask, mask_event
from tests.conftest import Database
from tests.listener.process import ORDER, SQUARE_KEY, running_listener, square_event, standard_headers

CANARIES = ["Ada Canary", "2125559876", "ada.canary@example.com", "0123456789abcdef", "MDEyMzQ1Njc4", SQUARE_KEY]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call from +1 (212) 555-9876 ended", "call from ***76 ended"),
        ("212-555-9876", "***76"),
        ("channel 1795276800.42", "channel ***00.42"),
        ("mail ada@example.com", "mail ***"),
        ("postgresql://listener:secret@db/x", "postgresql://***@db/x"),
        ("ws://pbx/ari/events?api_key=user:password&app=x", "ws://pbx/ari/events?api_key=***&app=x"),
        ("whsec_MDEyMzQ1Njc4", "***"),
        ("500 rows at 12:30:05 on 2026-11-21", "500 rows at 12:30:05 on 2026-11-21"),
    ],
)
def test_a_text_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_values_are_masked_by_their_keys() -> None:
    event = {
        "event": "call",
        "caller_name": "Ada",
        "count": 3,
        "detail": {"password": "x", "state": "up"},
        "ids": ["ok"],
    }
    assert mask_event(None, "", event) == {
        "event": "call",
        "caller_name": "***",
        "count": 3,
        "detail": {"password": "***", "state": "up"},
        "ids": ["ok"],
    }


def test_no_canary_sings(database: Database, tmp_path: Path) -> None:
    with running_listener(database.url("storekeeper_listener"), tmp_path) as listener:
        listener.send_order()
        listener.send_order(ORDER | {"type": "Ada Canary +12125559876"})
        wrong = {"type": "order.created", "data": {"store": {"name": "Ada Canary"}, "placed_at": "+12125559876"}}
        listener.send_order(wrong)
        listener.post("/webhooks/orders/demo-eats", json.dumps(ORDER).encode(), {"webhook-signature": "Ada Canary"})
        listener.send_square(square_event("Ada Canary", "ada.canary@example.com"))
        with database.connect("storekeeper_owner") as connection:
            connection.execute("ALTER TABLE inbox.webhook_event ADD CHECK (provider <> 'demo-eats') NOT VALID")
        body = json.dumps(ORDER).encode()
        # Postgres quotes the whole row in the details of this.
        assert listener.post("/webhooks/orders/demo-eats", body, standard_headers(body)).status_code == 503
        pages = listener.health().text + listener.client.get(f"{listener.url}/metrics").text
        listener.stop()
        log = listener.log.read_text()
    assert [canary for canary in CANARIES if canary in pages] == []
    assert [canary for canary in CANARIES if canary in log] == []
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"webhook_dead_letter", "webhook_unsigned", "row_refused"} <= {line["event"] for line in lines}
