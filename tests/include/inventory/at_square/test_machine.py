"""Whatever happens in whatever order: the ledger, Square's counts and arithmetic by hand come to the same."""

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, rule, run_state_machine_as_test
from square import Square

from include.inventory.at_square import compare
from include.square.away import SquareAwayError
from include.square.retry import RetryingClient
from tests.conftest import Databases
from tests.include.inventory.at_square.conftest import CHANGES
from tests.include.inventory.at_square.pizzeria import LOCATIONS, OPENING, RECIPES, Pizzeria
from tests.include.warehouse.square_json import Json
from tests.sandbox_process import Sandbox

TODAY = date(2026, 11, 21)

locations = st.sampled_from(LOCATIONS)
# Square hears of nothing that is older than 24 hours.
ages = st.sampled_from([0, 1, 20, 22, 26, 50]).map(lambda hours: timedelta(hours=hours))
# Water is counted in whole bottles.
quantities = st.one_of(
    st.tuples(st.sampled_from(["flour", "cheese"]), st.decimals(0, 3000, places=5)),
    st.tuples(st.just("water"), st.integers(0, 90).map(Decimal)),
)
pizzas = st.integers(0, 3)
FAULTS: dict[str, dict[str, Any]] = {
    "lost reply": {"lost_reply": True},
    "429": {"status": 429, "retry_after": 0},
    "500": {"status": 500, "retry_after": 0},
    "refusal": {"status": 400},
}


class ProcessDiedError(Exception):
    """In place of a SIGKILL: nothing after it is done."""


@dataclass
class Sale:
    """:param lines: SKU, quantity, and whether it has extra cheese."""

    order: Json
    location: str
    at: datetime
    lines: list[tuple[str, int, bool]]
    returned_at: datetime | None = None
    is_restocked: bool = False
    is_void: bool = False

    def used(self, ingredient: str) -> Decimal:
        total = Decimal(0)
        for sku, quantity, has_cheese in self.lines:
            for modifier in ("", "Cheese") if has_cheese else ("",):
                total += quantity * RECIPES[sku, modifier].get(ingredient, Decimal(0))
        return total


@dataclass
class ByHand:
    """What there should be, reckoned by going through everything in the order of its time."""

    sales: list[Sale] = field(default_factory=list)
    moved: list[tuple[datetime, str, str, Decimal]] = field(default_factory=list)
    counted: list[tuple[datetime, str, str, Decimal]] = field(default_factory=list)

    def stock(self, location: str, ingredient: str) -> Decimal:
        where = (location, ingredient)
        events = [(at, 0, quantity) for at, *pair, quantity in self.moved if tuple(pair) == where]
        events += [
            (at, 1 + n, quantity) for n, (at, *pair, quantity) in enumerate(self.counted) if tuple(pair) == where
        ]
        for sale in self.sales:
            if sale.location == location and not sale.is_void:
                events.append((sale.at, 0, -sale.used(ingredient)))
                if sale.is_restocked and sale.returned_at:
                    events.append((sale.returned_at, 0, sale.used(ingredient)))
        there = Decimal(0)
        for _, number, quantity in sorted(events):
            there = quantity if number else there + quantity
        return there


class Days(RuleBasedStateMachine):
    """Days of two locations, each example in a world of its own. `teardown` checks what they have come to."""

    databases: Databases
    sandbox: Sandbox
    sales = Bundle("sales")

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.dies = ""
        self.sandbox.reset()
        database = self.world.enter_context(self.databases.one())
        connection = self.world.enter_context(database.connect())
        http = self.world.enter_context(RetryingClient(timeout=30, first_delay_seconds=0.002))
        http.event_hooks = {"request": [self.may_die_before], "response": [self.may_die_after]}
        client = Square(base_url=self.sandbox.square_url, token=self.sandbox.token, httpx_client=http)
        self.pizzeria = Pizzeria(connection, client, self.sandbox)
        self.pizzeria.push()
        self.by_hand = ByHand()
        self.by_hand.moved += self.pizzeria.rows(
            "SELECT occurred_at, dim_location.name, ingredient.name, movement.quantity FROM inventory.movement"
            " JOIN inventory.ingredient USING (ingredient_key) JOIN gold.dim_location USING (location_key)"
        )

    def may_die_before(self, request: httpx.Request) -> None:
        if self.dies == "before the call" and request.url.path == CHANGES:
            raise ProcessDiedError

    def may_die_after(self, response: httpx.Response) -> None:
        if self.dies == "after the call" and response.request.url.path == CHANGES:
            raise ProcessDiedError

    @rule(target=sales, location=locations, large=pizzas, cheesy=pizzas, menus=pizzas, waters=pizzas, ago=ages)
    def sell(self, location: str, large: int, cheesy: int, menus: int, waters: int, ago: timedelta) -> Sale:
        wanted = [("pizza", large, False), ("pizza", cheesy, True), ("menu", menus, False), ("water", waters, False)]
        lines = [line for line in wanted if line[1]] or [("pizza", 1, False)]
        order = self.pizzeria.sell(
            *(self.pizzeria.line(sku, quantity, extra_cheese=cheese) for sku, quantity, cheese in lines),
            location=location,
            ago=ago,
        )
        sale = Sale(order, location, datetime.fromisoformat(order["closed_at"]), lines)
        self.by_hand.sales.append(sale)
        return sale

    @rule(sale=consumes(sales), reason=st.sampled_from(["Unopened", "Burnt"]))
    def refund(self, sale: Sale, reason: str) -> None:
        refund = self.pizzeria.refund(sale.order, reason)
        sale.returned_at, sale.is_restocked = datetime.fromisoformat(refund["created_at"]), reason == "Unopened"

    @rule(sale=sales)
    def take_the_extra_cheese_off(self, sale: Sale) -> None:
        """It costs nothing: the order's amounts stay as they are."""
        lines = self.pizzeria.order(sale.order["id"])["line_items"]
        self.pizzeria.change(sale.order, line_items=[{**line, "modifiers": []} for line in lines])
        sale.lines = [(sku, quantity, False) for sku, quantity, _ in sale.lines]

    @rule(sale=consumes(sales))
    def void(self, sale: Sale) -> None:
        """A till that takes an order back puts the water back that it had taken off."""
        self.pizzeria.change(sale.order, state="CANCELED")
        sale.is_void = True
        bottles = sum(quantity for sku, quantity, _ in sale.lines if sku == "water")
        self.pizzeria.put_back("water", bottles, sale.location)

    @rule(kind=st.sampled_from(["receipt", "waste"]), location=locations, what=quantities, ago=ages)
    def move(self, kind: Any, location: str, what: tuple[str, Decimal], ago: timedelta) -> None:
        ingredient, quantity = what
        at = self.pizzeria.tell(kind, ingredient, quantity, location=location, ago=ago)
        self.by_hand.moved.append((at, location, ingredient, quantity if kind == "receipt" else -quantity))

    @rule(location=locations, what=quantities, ago=ages)
    def transfer(self, location: str, what: tuple[str, Decimal], ago: timedelta) -> None:
        ingredient, quantity = what
        (other,) = set(LOCATIONS) - {location}
        at = self.pizzeria.tell("transfer", ingredient, quantity, location=location, to=other, ago=ago)
        self.by_hand.moved.append((at, location, ingredient, -quantity))
        self.by_hand.moved.append((at, other, ingredient, quantity))

    @rule(location=locations, what=quantities, ago=ages)
    def count(self, location: str, what: tuple[str, Decimal], ago: timedelta) -> None:
        ingredient, quantity = what
        at = self.pizzeria.tell("count", ingredient, quantity, location=location, ago=ago)
        self.by_hand.counted.append((at, location, ingredient, quantity))

    @rule()
    def deduct(self) -> None:
        self.pizzeria.deduct()

    @rule()
    def replay(self) -> None:
        """Every order is held against the ledger again."""
        self.pizzeria.rows(
            "INSERT INTO inventory.pending_order SELECT order_key FROM silver.orders ON CONFLICT DO NOTHING RETURNING 1"
        )

    @rule(fault=st.sampled_from([*FAULTS, "", ""]), times=st.integers(1, 8))
    def push(self, fault: str, times: int) -> None:
        if fault:
            self.pizzeria.sandbox.set_fault(path=CHANGES, times=times, **FAULTS[fault])
        with suppress(SquareAwayError):
            self.pizzeria.run()
        self.sandbox.request("DELETE", "/sandbox/faults")

    @rule(moment=st.sampled_from(["before the call", "after the call"]))
    def die(self, moment: str) -> None:
        """Between the commit and the call, or between the answer and its commit."""
        self.dies = moment
        with suppress(ProcessDiedError):
            self.pizzeria.run()
        self.dies = ""

    def teardown(self) -> None:
        with self.world:
            self.pizzeria.run()
            # What was refused is settled by the run after it.
            self.pizzeria.run()
            for location in LOCATIONS:
                by_hand = {ingredient: self.by_hand.stock(location, ingredient) for ingredient in OPENING}
                assert self.pizzeria.in_ledger(location) == by_hand
                assert self.pizzeria.at_square(location) == by_hand
            assert list(compare(self.pizzeria.connection, self.pizzeria.client, TODAY)) == []
            assert self.pizzeria.run().change_count == 0


def test_square_the_ledger_and_arithmetic_by_hand_agree(databases: Databases, sandbox: Sandbox) -> None:
    machine = type("Days", (Days,), {"databases": databases, "sandbox": sandbox})
    examples = int(os.environ.get("STOCK_EXAMPLES", 8))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
