from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.products.report.bands import MOST_BANDS, cut


@pytest.mark.parametrize(
    ("prices", "currency", "bands"),
    [
        (
            [350, 1050, 2075],
            "USD",
            ["0.00 to 4.99", "5.00 to 9.99", "10.00 to 14.99", "15.00 to 19.99", "20.00 to 24.99"],
        ),
        ([980, 1800, 3595], "JPY", ["0 to 999", "1000 to 1999", "2000 to 2999", "3000 to 3999"]),
        ([1200], "USD", ["12.00"]),
        ([], "USD", []),
    ],
)
def test_bands_are_even_and_hold_all_prices(prices: list[int], currency: str, bands: list[str]) -> None:
    assert [str(band) for band in cut(map(Decimal, prices), currency)] == bands


@given(st.lists(st.decimals(0, 10_000_000, places=3), min_size=1))
def test_every_price_lies_in_exactly_one_of_few_bands(prices: list[Decimal]) -> None:
    bands = cut(prices, "USD")
    assert len(bands) <= MOST_BANDS
    assert all(sum(band.holds(price) for band in bands) == 1 for price in prices)
