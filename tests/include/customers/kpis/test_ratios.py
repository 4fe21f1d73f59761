from decimal import Decimal

from include.customers.kpis.ratios import change, mean, mean_cents, ratio


def test_half_a_cent_is_rounded_up() -> None:
    assert mean_cents(3, 2) == 2
    assert mean_cents(-3, 2) == -2
    assert mean_cents(1, 3) == 0


def test_nothing_has_no_mean_and_no_part() -> None:
    assert mean_cents(0, 0) is None
    assert mean(0, 0) is None
    assert ratio(1, 0) is None
    assert change(0, 5) is None


def test_a_large_sum_loses_no_cent() -> None:
    assert mean_cents(9_007_199_254_740_993 * 3, 3) == 9_007_199_254_740_993


def test_a_change_is_relative_to_what_was() -> None:
    assert change(800, 900) == Decimal("0.125")
    assert change(800, 0) == -1
