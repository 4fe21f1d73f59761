from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from include.config import Discount
from include.sales.simulation.amounts import discount_shares, distribute
from sandbox.square import shares


@given(st.lists(st.integers(0, 10**9), max_size=8), st.integers(1, 10**7))
def test_amounts_are_divided_as_the_stand_in_divides_them(numerators: list[int], denominator: int) -> None:
    mine = distribute(numerators, denominator)
    assert mine == shares.distribute([Fraction(each, denominator) for each in numerators])
    assert sum(mine) == round(Fraction(sum(numerators), denominator))


@given(st.lists(st.integers(0, 10**5), min_size=1, max_size=8), st.integers(1, 10**5))
def test_an_amount_off_takes_no_more_than_there_is(prices: list[int], cents: int) -> None:
    discount = Discount.model_validate({"name": "off", "amount": f"{cents // 100}.{cents % 100:02d}"})
    off = discount_shares(discount, prices)
    assert sum(off) == min(cents, sum(prices))
    assert all(0 <= share <= price for share, price in zip(off, prices, strict=True))
