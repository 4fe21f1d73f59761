"""Lost replies, 429 and 500: stock at Square moves by just what was sold, and each key is written before its call."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import httpx
import psycopg
import pytest

from include.inventory.ledger import deduct
from include.square.away import SquareAwayError
from tests.conftest import Database
from tests.include.inventory.at_square.conftest import CHANGES
from tests.include.inventory.at_square.pizzeria import OPENING, RECIPES, RESTOCKING, Pizzeria
from tests.sandbox_process import Sandbox

FAULTS = 500
ORDERS = 130
KINDS: tuple[dict[str, Any], ...] = (
    {"lost_reply": True},
    {"status": 429, "retry_after": 0},
    {"status": 500, "retry_after": 0},
)


class Witness:
    """Looks into the database at the moment at which a call leaves, as somebody who would have to repeat it could."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.call_count = 0

    def __call__(self, request: httpx.Request) -> None:
        if request.url.path != CHANGES:
            return
        self.call_count += 1
        body = json.loads(request.content)
        known = self.connection.execute(
            """
            SELECT state, change_number, location_id, variation_id, square_change.quantity, from_state, to_state,
                square_change.occurred_at
            FROM inventory.square_batch JOIN inventory.square_change USING (batch_id)
            WHERE idempotency_key = %s
            ORDER BY change_number
            """,
            [body["idempotency_key"]],
        ).fetchall()
        assert [row[0] for row in known] == ["waiting"] * len(body["changes"])
        for (_, number, location_id, variation_id, quantity, *states, occurred_at), change in zip(
            known, body["changes"], strict=True
        ):
            detail = change[change["type"].lower()]
            assert detail["catalog_object_id"] == variation_id
            assert detail["location_id"] == location_id
            assert Decimal(detail["quantity"]) == quantity
            assert [detail.get("from_state"), detail.get("to_state")] == states
            assert detail["occurred_at"][:23] == occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:23]
            assert detail["reference_id"].endswith(f"-{number}")


@pytest.fixture
def witness(database: Database, http: httpx.Client) -> Iterator[Witness]:
    with psycopg.connect(database.url(), autocommit=True, options="-c timezone=UTC") as connection:
        witness = Witness(connection)
        http.event_hooks = {"request": [witness]}
        yield witness


def test_500_faults_change_nothing_in_the_sum(pizzeria: Pizzeria, sandbox: Sandbox, witness: Witness) -> None:
    pizzeria.push()
    for _ in range(ORDERS):
        pizzeria.sell(pizzeria.line("pizza", 3, extra_cheese=True), pizzeria.line("menu"))
    pizzeria.bring_into_gold()
    random, struck_count = Random(10), 0
    while struck_count < FAULTS:
        with pizzeria.connection.transaction():
            deduct(pizzeria.connection, RESTOCKING, limit=1)
        # A call is made six times before the run gives up.
        times = random.randint(2, 8)
        sandbox.set_fault(path=CHANGES, times=times, **random.choice(KINDS))
        with suppress(SquareAwayError):
            pizzeria.push()
        struck_count += times - sandbox.request("GET", "/sandbox/faults").json()["fault"]["times"]
    sandbox.request("DELETE", "/sandbox/faults")
    pizzeria.run()
    assert pizzeria.at_square() == {
        "flour": OPENING["flour"] - 4 * ORDERS * RECIPES["pizza", ""]["flour"],
        "cheese": OPENING["cheese"]
        - 4 * ORDERS * RECIPES["pizza", ""]["cheese"]
        - 3 * ORDERS * RECIPES["pizza", "Cheese"]["cheese"],
        "water": OPENING["water"] - ORDERS,
    }
    assert pizzeria.at_square() == pizzeria.in_ledger()
    assert witness.call_count > FAULTS


def test_no_call_leaves_before_retry_after(pizzeria: Pizzeria, sandbox: Sandbox, http: httpx.Client) -> None:
    pizzeria.push()
    pizzeria.sell(pizzeria.line("pizza"), ago=timedelta(hours=1))
    pizzeria.deduct()
    left_at: list[float] = []
    answered_at: list[float] = []
    http.event_hooks = {
        "request": [lambda _: left_at.append(time.monotonic())],
        "response": [lambda response: answered_at.append(time.monotonic()) if response.status_code == 429 else None],
    }
    sandbox.set_fault(path=CHANGES, status=429, retry_after=1, times=1)
    pizzeria.push()
    (refused_at,) = answered_at
    later = [at for at in left_at if at > refused_at]
    assert len(later) == 1
    assert later[0] - refused_at >= 1
    assert pizzeria.at_square() == pizzeria.in_ledger()
