"""The file of ordering platforms: what it may say, and how a mistake in it is told."""

import json
import textwrap
from pathlib import Path

import pytest
import yaml
from starlette.datastructures import Headers

from listener.settings import SettingsError
from listener.webhooks.providers import load_providers
from tests.listener.process import DEMO_EATS_SECRET, PROVIDERS

README = PROVIDERS.parent / "README.md"
SECRETS = {"DEMO_EATS_SECRET": DEMO_EATS_SECRET, "BIG_BITES_SECRET": "big secret"}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = PROVIDERS.read_text()
    assert old in text
    file = tmp_path / "providers.yaml"
    file.write_text(text.replace(old, new))
    return file


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("secret: DEMO_EATS_SECRET", "secret: OTHER", "demo-eats: secret: the variable OTHER is not set"),
        (
            "secret: DEMO_EATS_SECRET",
            "secret: BIG_BITES_SECRET",
            "demo-eats: secret: the variable BIG_BITES_SECRET holds",
        ),
        ("secret: DEMO_EATS_SECRET", "", "demo-eats: fields: Object missing required field `secret`"),
        ("standard-webhooks", "rsa", "demo-eats: scheme: Invalid enum value 'rsa'"),
        ("standard-webhooks", "hmac", "demo-eats: header: is missing"),
        ("standard-webhooks", "hmac", "demo-eats: event_id: is missing"),
        ("order.created: created", "order.created: made", "demo-eats: events[...]: Invalid enum value 'made'"),
        (
            "order_id: data.id",
            "order_id: 'data..id'",
            "demo-eats: order.order_id: 'data..id' is no JMESPath",
        ),
        ("order_id: data.id", "order_number: data.id", "demo-eats: order.order_id: is missing"),
        ("order_id: data.id", "order_number: data.id", "demo-eats: order.order_number: is not known: take order_id"),
        ("total: data.total.amount", "", "demo-eats: order: give the amount as one of total"),
        ("name: title", "", "demo-eats: item.name: is missing"),
        ("items: data.lines", "", "demo-eats: item: order.items does not say"),
        ("demo-eats:", "Demo Eats:", "Demo Eats: name: take lower-case letters"),
        ("demo-eats:", "square:", "square: name: take lower-case letters"),
        ("event_type: type", "event_typ: type", "demo-eats: fields: Object contains unknown field `event_typ`"),
        ("providers:", "platforms:", "has no `providers:`"),
        ("providers:", "providers: [", "cannot be read"),
    ],
)
def test_a_mistake_is_told_with_file_platform_and_field(tmp_path: Path, old: str, new: str, problem: str) -> None:
    file = changed(tmp_path, old, new)
    with pytest.raises(SettingsError) as error:
        load_providers(file, SECRETS)
    assert any(found.startswith(f"{file}: {problem}") for found in error.value.problems), error.value.problems


def test_the_readmes_example_works(tmp_path: Path) -> None:
    text = README.read_text()
    block = text[text.index("    providers:\n") : text.index("`order_id`, `placed_at`, `currency`")]
    file = tmp_path / "providers.yaml"
    file.write_text(textwrap.dedent(block))
    assert list(yaml.safe_load(file.read_text())["providers"]) == ["big-bites"]
    body = {
        "notification": {"id": 4711, "kind": "ORDER_CHANGED"},
        "order": {
            "number": 12,
            "placedAt": 1795276800.5,
            "pickup": {"readyAt": None},
            "shop": {"name": "Chicago Loop"},
            "totalInCents": 60000,
            "status": "VOID",
            "guest": {"name": "Ada"},
            "lines": [{"label": "Soup", "count": 1.5, "amount": 0.1}],
        },
    }
    event = load_providers(file, SECRETS)["big-bites"].read(Headers({}), json.dumps(body).encode())
    assert event
    assert (event.event_id, event.event_type, event.unreadable) == ("4711", "ORDER_CHANGED", None)
    assert json.loads(event.online_order or "") == {
        "order_id": "12",
        "event": "updated",
        "is_cancelled": True,
        "placed_at": "2026-11-21T16:00:00Z",
        "due_at": None,
        "total_cents": 60000,
        "currency": "USD",
        "location": "Chicago Loop",
        "customer_name": "Ada",
        "customer_phone": None,
        "customer_email": None,
        "channel": "big-bites",
        "items": [{"name": "Soup", "quantity": "1.5", "total_cents": 10}],
    }


def test_an_expression_that_fails_on_an_event_tells_no_value(tmp_path: Path) -> None:
    file = changed(tmp_path, "location: data.store", "location: join('-', data.store)")
    body = b'{"type": "order.created", "data": {"store": "Ada Canary"}}'
    event = load_providers(file, SECRETS)["demo-eats"].read(Headers({"webhook-id": "m"}), body)
    assert event
    assert event.unreadable == "order.location the expression failed (JMESPathTypeError)"
