"""Menu engineering against Kasavana and Smith's rules, written out."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.products.report.figures import Product, Sales
from include.products.report.menu import Menu, engineer
from include.products.report.report import Level, Slice, Standing

# Units, net sales, cost.
Item = tuple[int, int, int]


def menu_of(items: Sequence[Item], obstacles: Sequence[str | None] = ()) -> Menu:
    standings = []
    for number, (units, net, cost) in enumerate(items):
        sales = Sales(sold_quantity=Decimal(units), gross_cents=net, net_cents=net, cost_cents=Decimal(cost))
        obstacle = obstacles[number] if obstacles else None
        standings.append(Standing(Product("", f"item {number}"), sales, (), 1, None, None, None, None, obstacle))
    total = sum((each.sales for each in standings), Sales())
    return engineer(Slice(Level.ALL, "all", "USD", total, (), tuple(standings)))


def kinds(menu: Menu) -> list[str]:
    return [str(item.kind) for item in sorted(menu.rated, key=lambda item: item.product)]


def test_four_items_of_four_kinds() -> None:
    """Popular from 0.7 / 4 = 17.5 % of 200 units; profitable from (400 + 200 + 100 + 10) / 200 = 3.55 a unit."""
    menu = menu_of([(80, 80_000, 40_000), (80, 40_000, 20_000), (20, 20_000, 10_000), (20, 2_000, 1_000)])
    assert kinds(menu) == ["star", "plough horse", "puzzle", "dog"]
    assert menu.popular_from == Decimal("0.175")
    assert menu.profitable_from_cents == 355


def test_items_that_are_all_alike_are_all_stars() -> None:
    assert kinds(menu_of([(3, 1000, 333)] * 7)) == ["star"] * 7


def test_an_item_without_a_known_cost_is_not_rated_and_counts_for_nothing() -> None:
    menu = menu_of([(10, 1000, 100), (10, 1000, 100), (1000, 9000, 0)], [None, None, "no recipe"])
    assert kinds(menu) == ["star", "star"]
    assert [(str(each.product), reason) for each, reason in menu.not_rated] == [("item 2", "no recipe")]
    assert menu.popular_from == Decimal("0.35")


@pytest.mark.parametrize("items", [[], [(0, 0, 0)]])
def test_a_menu_of_which_nothing_sold_has_nothing_rated(items: Sequence[Item]) -> None:
    assert menu_of(items).rated == ()


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(-1000, 100_000), st.integers(0, 50_000)), min_size=1))
def test_each_item_is_rated_by_the_rules(items: list[Item]) -> None:
    units = sum(item[0] for item in items)
    average = Fraction(sum(net - cost for _, net, cost in items), units)
    expected = []
    for sold, net, cost in items:
        is_popular = Fraction(sold, units) >= Fraction(7, 10) / len(items)
        is_profitable = Fraction(net - cost, sold) >= average
        expected.append(
            {(1, 1): "star", (1, 0): "plough horse", (0, 1): "puzzle", (0, 0): "dog"}[is_popular, is_profitable]
        )
    assert [
        str(item.kind) for item in sorted(menu_of(items).rated, key=lambda item: int(item.product.item_name[5:]))
    ] == expected
