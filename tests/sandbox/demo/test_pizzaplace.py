from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from include.config import load_chain
from sandbox.demo.pizzaplace import FIRST_DAY, LAST_DAY, placed_orders, shift

PLACED = placed_orders()


def test_the_data_has_its_orders_and_lines() -> None:
    assert len(PLACED) == 21_350
    assert sum(len(order.skus) for order in PLACED) == 49_574


def test_the_demo_chain_sells_every_pizza_at_its_price() -> None:
    prices = {v.sku: v.price_cents for item in load_chain().products.items for v in item.variations}
    assert {sku for order in PLACED for sku in order.skus} <= prices.keys()
    assert prices["hawaiian_m"] == 1325
    assert prices["the_greek_xxl"] == 3595


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_year_ends_on_the_day_asked_for_and_keeps_its_weekdays(last_day: date) -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range(365)]
    moved = [day + shift(day, last_day) for day in days]
    assert max(moved) == last_day
    assert len(set(moved)) == 365
    assert all(day.weekday() == target.weekday() for day, target in zip(days, moved, strict=True))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_each_of_the_last_days_has_orders(last_day: date) -> None:
    open_days = Counter(order.at.date() for order in PLACED)
    sold = {day + shift(day, last_day) for day in open_days}
    assert {last_day - timedelta(days=back) for back in range(6)} <= sold
    # The seven days on which the place was closed, and the gap behind the first Thursday.
    assert len({last_day - timedelta(days=back) for back in range(364)} - sold) <= 7


def test_on_a_thursday_all_days_move_alike() -> None:
    assert {shift(day, date(2026, 11, 19)) for day in (FIRST_DAY, FIRST_DAY + timedelta(days=1), LAST_DAY)} == {
        date(2026, 11, 19) - LAST_DAY
    }
