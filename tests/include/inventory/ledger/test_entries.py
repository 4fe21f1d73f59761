"""Entries: what people tell is booked once, and what was counted stays counted."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest

from include.inventory.ledger import book
from tests.include.inventory.ledger.conftest import NOON, Store
from tests.include.warehouse.square_json import line, order

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("kind", "sign"), [("receipt", 1), ("waste", -1)])
def test_what_moves_is_booked_with_its_sign(store: Store, kind: Literal["receipt", "waste"], sign: int) -> None:
    assert store.tell(kind, "dough", "12.5") == 1
    assert store.stock() == {"dough": sign * Decimal("12.5")}
    store.assert_sums()


def test_a_transfer_is_booked_at_both_locations_on_their_own_business_days(store: Store) -> None:
    # 03:30 in New York, but still half past midnight in Los Angeles.
    store.tell("transfer", "dough", "5", datetime(2026, 3, 2, 8, 30, tzinfo=UTC), to="L-LA")
    assert store.stock("L-NY") == {"dough": Decimal(-5)}
    assert store.stock("L-LA") == {"dough": Decimal(5)}
    assert [(str(quantity), day.day) for _, _, quantity, day in store.movements()] == [("-5.00000", 2), ("5.00000", 1)]


def test_an_entry_that_is_told_again_books_nothing(store: Store) -> None:
    first = store.entry("receipt", "dough", "10", key="run 1, line 1")
    again = store.entry("receipt", "dough", "99", key="run 1, line 1")
    assert book(store.connection, [first, again]) == 1
    assert book(store.connection, [again]) == 0
    assert store.stock() == {"dough": Decimal(10)}


def test_a_count_books_what_is_missing(store: Store) -> None:
    store.tell("receipt", "dough", "10", NOON - HOUR)
    store.tell("count", "dough", "7.5")
    store.tell("waste", "dough", "1", NOON + HOUR)
    assert [(kind, quantity) for kind, _, quantity, _ in store.movements()] == [
        ("receipt", 10),
        ("count", Decimal("-2.5")),
        ("waste", -1),
    ]
    assert store.stock_at(NOON) == {"dough": Decimal("7.5")}


def test_a_count_that_agrees_books_nothing_and_takes_the_pair_over(store: Store) -> None:
    assert store.tell("count", "dough", "0") == 1
    assert store.movements() == []
    assert store.rows("SELECT ingredient_name, on_hand, is_taken_over FROM inventory.stock") == [("dough", 0, True)]


def test_a_count_leaves_out_what_happened_after_it(store: Store) -> None:
    store.tell("waste", "dough", "3", NOON + HOUR)
    store.tell("count", "dough", "10")
    assert store.stock() == {"dough": Decimal(7)}
    assert store.stock_at(NOON) == {"dough": Decimal(10)}


def test_a_late_order_before_a_count_is_absorbed(store: Store) -> None:
    store.recipe("margherita-m", {"dough": "2"})
    store.tell("count", "dough", "10")
    store.load(order("before", line(), at="2026-03-02T17:00:00Z"), order("after", line(), at="2026-03-02T19:00:00Z"))
    store.take()
    assert store.stock() == {"dough": Decimal(8)}
    assert store.stock_at(NOON) == {"dough": Decimal(10)}
    store.load(order("before", line(quantity=3), at="2026-03-02T17:00:00Z", version=2))
    store.take()
    store.load(order("before", line(), at="2026-03-02T17:00:00Z", version=3, state="CANCELED"))
    store.take()
    assert store.stock() == {"dough": Decimal(8)}
    assert store.stock_at(NOON) == {"dough": Decimal(10)}
    store.assert_sums()


def test_what_happened_at_the_very_time_of_a_count_was_in_it(store: Store) -> None:
    store.tell("count", "dough", "10")
    store.tell("waste", "dough", "3")
    assert store.stock() == {"dough": Decimal(10)}


def test_only_the_first_count_after_it_absorbs(store: Store) -> None:
    store.tell("count", "dough", "10", NOON)
    store.tell("count", "dough", "6", NOON + HOUR)
    store.tell("waste", "dough", "1", NOON - HOUR)
    store.tell("receipt", "dough", "3", NOON + HOUR / 2)
    assert store.stock_at(NOON) == {"dough": Decimal(10)}
    assert store.stock_at(NOON + HOUR / 2) == {"dough": Decimal(13)}
    assert store.stock() == {"dough": Decimal(6)}
    store.assert_sums()


def test_a_count_of_an_earlier_time_leaves_a_later_one_alone(store: Store) -> None:
    store.tell("receipt", "dough", "20", NOON - 2 * HOUR)
    store.tell("count", "dough", "12", NOON + HOUR)
    store.tell("waste", "dough", "1", NOON + 2 * HOUR)
    store.tell("count", "dough", "15", NOON)
    assert store.stock_at(NOON) == {"dough": Decimal(15)}
    assert store.stock_at(NOON + HOUR) == {"dough": Decimal(12)}
    assert store.stock() == {"dough": Decimal(11)}


def test_of_two_counts_of_one_time_the_later_told_holds(store: Store) -> None:
    store.tell("count", "dough", "10")
    store.tell("count", "dough", "8")
    store.tell("waste", "dough", "5", NOON - HOUR)
    assert store.stock() == {"dough": Decimal(8)}


def test_counts_and_moves_that_are_told_together_come_in_the_order_of_their_times(store: Store) -> None:
    entries = [
        store.entry("count", "dough", "6", NOON + HOUR),
        store.entry("count", "dough", "10", NOON),
        store.entry("waste", "dough", "1", NOON + HOUR / 2),
        store.entry("count", "cheese", "3", NOON),
    ]
    assert book(store.connection, entries) == 4
    assert store.stock_at(NOON) == {"dough": Decimal(10), "cheese": Decimal(3)}
    assert store.stock_at(NOON + HOUR / 2)["dough"] == 9
    assert store.stock() == {"dough": Decimal(6), "cheese": Decimal(3)}


def test_an_opening_says_what_there_is_now_and_absorbs_nothing(store: Store) -> None:
    store.recipe("margherita-m", {"dough": "2"})
    store.load(order("known", line(), at="2026-03-02T17:00:00Z"))
    store.take()
    assert store.rows("SELECT is_taken_over FROM inventory.stock") == [False]
    store.tell("opening", "dough", "100")
    assert store.rows("SELECT on_hand, is_taken_over FROM inventory.stock") == [(100, True)]
    store.load(order("late", line(), at="2026-03-01T17:00:00Z"))
    store.take()
    assert store.stock() == {"dough": Decimal(98)}


def test_a_count_far_back_reckons_with_whole_days_and_the_days_around_it(store: Store) -> None:
    for days in range(10):
        store.tell("receipt", "dough", "1", NOON + timedelta(days=days))
    store.tell("count", "dough", "50", NOON + timedelta(days=5))
    assert store.stock_at(NOON + timedelta(days=5)) == {"dough": Decimal(50)}
    assert store.stock_at(NOON + timedelta(days=4)) == {"dough": Decimal(5)}
    assert store.stock() == {"dough": Decimal(54)}


def test_stock_is_worth_what_it_costs_today(store: Store) -> None:
    store.tell("receipt", "dough", "1500")
    store.connection.execute(
        "INSERT INTO inventory.ingredient_cost SELECT ingredient_key, '2020-01-01', current_date, 9, 'USD'"
        " FROM inventory.ingredient"
    )
    store.connection.execute(
        "INSERT INTO inventory.ingredient_cost SELECT ingredient_key, current_date, 'infinity', 0.25, 'USD'"
        " FROM inventory.ingredient"
    )
    assert store.rows("SELECT location_name, unit, on_hand, unit_cost_cents, value_cents FROM inventory.stock") == [
        ("New York", "g", 1500, Decimal("0.25"), 375)
    ]
