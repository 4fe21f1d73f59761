"""Whatever happens in whatever order: the ledger's sums, its kept sums and arithmetic by hand agree, at any time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.include.inventory.ledger.conftest import NOON, Store
from tests.include.warehouse.square_json import line, order, return_order

RECIPE = {"dough": Decimal("250"), "cheese": Decimal("100.12345")}
WITH_OLIVES = {"olives": Decimal("30.00001"), "cheese": Decimal("-0.12345")}
INGREDIENTS = ("dough", "cheese", "olives")
ORDERS = 4

hours = st.integers(-60, 60)
numbers = st.integers(0, ORDERS - 1)
quantities = st.decimals(0, 5000, places=5)
kinds = st.sampled_from(["receipt", "waste", "count", "opening", "transfer"])
steps = st.one_of(
    st.tuples(st.just("sale"), numbers, st.integers(1, 3), st.booleans(), hours),
    st.tuples(st.just("void"), numbers),
    st.tuples(st.just("return"), numbers, st.sampled_from(["Unopened", "Cold"]), hours),
    st.tuples(st.just("entry"), kinds, st.sampled_from(INGREDIENTS), quantities, hours),
    st.tuples(st.just("again")),
)


@dataclass
class Sale:
    count: int
    has_olives: bool
    at: datetime

    def used(self, count: int) -> dict[str, Decimal]:
        used = {name: count * quantity for name, quantity in RECIPE.items()}
        if self.has_olives:
            for name, quantity in WITH_OLIVES.items():
                used[name] = used.get(name, Decimal(0)) + count * quantity
        return used


@dataclass
class ByHand:
    """What there should be in New York, reckoned by going through everything in the order of its time."""

    sales: dict[int, Sale] = field(default_factory=dict)
    returns: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    moved: list[tuple[datetime, str, Decimal]] = field(default_factory=list)
    counted: list[tuple[datetime, int, str, Decimal]] = field(default_factory=list)

    def stock_at(self, ingredient: str, at: datetime | None = None) -> Decimal:
        """:param at: None for all that is known, whenever it happened."""
        events: list[tuple[datetime, int, bool, Decimal]] = [
            (moved_at, 0, False, quantity) for moved_at, name, quantity in self.moved if name == ingredient
        ]
        events += [(when, 1 + number, True, q) for when, number, name, q in self.counted if name == ingredient]
        for number, sale in self.sales.items():
            events.append((sale.at, 0, False, -sale.used(sale.count).get(ingredient, Decimal(0))))
            reason, returned_at = self.returns.get(number, ("", NOON))
            if reason == "Unopened":
                events.append((returned_at, 0, False, sale.used(1).get(ingredient, Decimal(0))))
        there = Decimal(0)
        for when, _, is_counted, quantity in sorted(events):
            if at is None or when <= at:
                there = quantity if is_counted else there + quantity
        return there


def apply(store: Store, by_hand: ByHand, versions: dict[str, int], step: tuple[Any, ...]) -> None:
    match step:
        case ("sale", number, count, has_olives, hour):
            at = NOON + timedelta(hours=hour)
            versions[f"o{number}"] = versions.get(f"o{number}", 0) + 1
            sold = line(quantity=count, modifiers={"olives": 150} if has_olives else None)
            store.load(order(f"o{number}", sold, at=at.isoformat(), version=versions[f"o{number}"]))
            by_hand.sales[number] = Sale(count, has_olives, at)
        case ("void", number) if number in by_hand.sales and number not in by_hand.returns:
            versions[f"o{number}"] += 1
            voided = by_hand.sales.pop(number)
            body = order(f"o{number}", line(), at=voided.at.isoformat(), version=versions[f"o{number}"])
            store.load(body | {"state": "CANCELED"})
        case ("return", number, reason, hour) if number in by_hand.sales:
            at = NOON + timedelta(hours=hour)
            versions[f"r{number}"] = versions.get(f"r{number}", 0) + 1
            body = return_order(f"r{number}", at=at.isoformat(), version=versions[f"r{number}"])
            body["returns"][0]["source_order_id"] = f"o{number}"
            body["refunds"][0]["reason"] = reason
            store.load(body)
            by_hand.returns[number] = (reason, at)
        case ("entry", kind, ingredient, quantity, hour):
            at = NOON + timedelta(hours=hour)
            if kind == "opening":
                by_hand.moved.append((at, ingredient, quantity - by_hand.stock_at(ingredient)))
            elif kind == "count":
                by_hand.counted.append((at, len(by_hand.counted), ingredient, quantity))
            else:
                by_hand.moved.append((at, ingredient, quantity if kind == "receipt" else -quantity))
            store.take()
            store.tell(kind, ingredient, str(quantity), at, to="L-LA" if kind == "transfer" else None)
        case ("again",):
            store.requeue()


@given(steps=st.lists(steps, max_size=14), batch=st.integers(1, 4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_ledger_is_what_one_reckons_by_hand(store: Store, steps: list[tuple[Any, ...]], batch: int) -> None:
    with store.connection.transaction(force_rollback=True):
        store.recipe("margherita-m", {name: str(quantity) for name, quantity in RECIPE.items()})
        store.recipe("margherita-m", {name: str(quantity) for name, quantity in WITH_OLIVES.items()}, modifier="olives")
        by_hand, versions = ByHand(), dict[str, int]()
        for number, step in enumerate(steps):
            apply(store, by_hand, versions, step)
            if number % batch == 0:
                store.take()
        store.take()
        there = store.stock()
        for ingredient in INGREDIENTS:
            assert there.get(ingredient, 0) == by_hand.stock_at(ingredient), ingredient
        for hour in (-60, -23, 0, 7, 60):
            at = NOON + timedelta(hours=hour)
            there = store.stock_at(at)
            for ingredient in INGREDIENTS:
                assert there.get(ingredient, 0) == by_hand.stock_at(ingredient, at), (ingredient, hour)
        store.assert_sums()
        store.requeue()
        assert store.deduct().movement_count == 0
