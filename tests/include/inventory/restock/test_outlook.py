from dataclasses import replace
from datetime import date
from decimal import Decimal

from include.inventory.restock.demand import Demand
from include.inventory.restock.outlook import Level, Limits, Shelf, outlook, packs_of

MONDAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 26)
TEN_A_DAY = Demand((Decimal(10),) * 7, Decimal(4))
LIMITS = Limits(service_level=Decimal("0.95"), cover_days=7)
SHELF = Shelf(MONDAY, on_hand=Decimal(100), on_order=Decimal(), used_today=Decimal())
# 3 days of 10, and 1.644854 x 4 x the square root of 3.
REORDER_POINT = Decimal("41.39588")


def test_the_reorder_point_is_use_until_the_delivery_and_safety_stock() -> None:
    found = outlook(SHELF, TEN_A_DAY, LIMITS, THURSDAY)
    assert found.reorder_point == REORDER_POINT
    assert found.maximum == REORDER_POINT + 70
    assert found.level is None
    assert found.wanted_quantity == 0


def test_use_goes_by_the_weekday() -> None:
    weekend = Demand(tuple(map(Decimal, (1, 1, 1, 1, 1, 50, 50))), Decimal())
    friday = replace(SHELF, today=date(2026, 11, 27))
    assert outlook(friday, weekend, LIMITS, date(2026, 11, 30)).reorder_point == 101
    assert outlook(SHELF, weekend, LIMITS, THURSDAY).reorder_point == 3


def test_what_today_has_used_is_not_expected_again() -> None:
    half = outlook(replace(SHELF, used_today=Decimal(6)), TEN_A_DAY, LIMITS, THURSDAY)
    busy = outlook(replace(SHELF, used_today=Decimal(25)), TEN_A_DAY, LIMITS, THURSDAY)
    assert half.reorder_point == REORDER_POINT - 6
    assert busy.reorder_point == REORDER_POINT - 10


def test_a_higher_service_level_keeps_more() -> None:
    found = outlook(SHELF, TEN_A_DAY, replace(LIMITS, service_level=Decimal("0.99")), THURSDAY)
    assert found.reorder_point == Decimal("46.11741")
    assert outlook(SHELF, TEN_A_DAY, replace(LIMITS, service_level=Decimal("0.5")), THURSDAY).reorder_point == 30


def test_below_the_reorder_point_it_is_short_and_filled_up_to_the_maximum() -> None:
    at_point = outlook(replace(SHELF, on_hand=REORDER_POINT), TEN_A_DAY, LIMITS, THURSDAY)
    below = outlook(replace(SHELF, on_hand=Decimal(40)), TEN_A_DAY, LIMITS, THURSDAY)
    assert at_point.level is None
    assert below.level is Level.LOW
    assert below.wanted_quantity == REORDER_POINT + 70 - 40


def test_what_is_on_order_is_as_good_as_there() -> None:
    shelf = replace(SHELF, on_hand=Decimal(15), on_order=Decimal(20))
    assert outlook(shelf, TEN_A_DAY, LIMITS, THURSDAY).wanted_quantity == REORDER_POINT + 70 - 35
    assert outlook(replace(shelf, on_order=Decimal(60)), TEN_A_DAY, LIMITS, THURSDAY).level is None


def test_an_empty_shelf_is_out_whatever_is_on_order() -> None:
    found = outlook(replace(SHELF, on_hand=Decimal(), on_order=Decimal(500)), TEN_A_DAY, LIMITS, THURSDAY)
    assert found.level is Level.OUT
    assert found.wanted_quantity == 0
    assert (found.days_left, found.runs_out_date) == (Decimal(), MONDAY)


def test_a_ledger_below_nothing_orders_no_more_than_an_empty_shelf() -> None:
    empty = outlook(replace(SHELF, on_hand=Decimal()), TEN_A_DAY, LIMITS, THURSDAY)
    below = outlook(replace(SHELF, on_hand=Decimal(-30)), TEN_A_DAY, LIMITS, THURSDAY)
    assert below.wanted_quantity == empty.wanted_quantity == REORDER_POINT + 70
    assert below.level is Level.OUT


def test_a_par_level_stands_instead_of_what_is_reckoned() -> None:
    found = outlook(SHELF, TEN_A_DAY, replace(LIMITS, par=Decimal(120)), THURSDAY)
    assert (found.reorder_point, found.maximum, found.wanted_quantity) == (Decimal(120), Decimal(190), Decimal(90))


def test_no_more_is_asked_for_than_the_maximum_that_is_set() -> None:
    found = outlook(replace(SHELF, on_hand=Decimal(20)), TEN_A_DAY, replace(LIMITS, maximum=Decimal(35)), THURSDAY)
    assert (found.reorder_point, found.maximum, found.wanted_quantity) == (Decimal(35), Decimal(35), Decimal(15))


def test_a_new_ingredient_has_a_par_level_or_nothing_is_guessed() -> None:
    new = outlook(replace(SHELF, on_hand=Decimal(1)), None, LIMITS, THURSDAY)
    assert (new.level, new.reorder_point, new.maximum, new.wanted_quantity) == (None, None, None, Decimal())
    with_par = outlook(replace(SHELF, on_hand=Decimal(1)), None, replace(LIMITS, par=Decimal(5)), THURSDAY)
    assert (with_par.level, with_par.wanted_quantity) == (Level.LOW, Decimal(4))
    gone = outlook(replace(SHELF, on_hand=Decimal()), None, LIMITS, THURSDAY)
    assert (gone.level, gone.wanted_quantity, gone.days_left) == (Level.OUT, Decimal(), None)


def test_without_a_supplier_only_a_par_level_tells_what_is_low() -> None:
    assert outlook(replace(SHELF, on_hand=Decimal(1)), TEN_A_DAY, LIMITS, None).level is None
    assert (
        outlook(replace(SHELF, on_hand=Decimal(1)), TEN_A_DAY, replace(LIMITS, par=Decimal(5)), None).level is Level.LOW
    )


def test_the_forecast_goes_day_by_day() -> None:
    def left(on_hand: int, used_today: int = 0) -> tuple[Decimal | None, date | None]:
        found = outlook(
            replace(SHELF, on_hand=Decimal(on_hand), used_today=Decimal(used_today)), TEN_A_DAY, LIMITS, THURSDAY
        )
        return found.days_left, found.runs_out_date

    assert left(5) == (Decimal("0.5"), MONDAY)
    assert left(25) == (Decimal("2.5"), date(2026, 11, 25))
    # Half of today is over: that half and half a day.
    assert left(10, used_today=5) == (Decimal("1.0"), date(2026, 11, 24))
    assert left(100_000) == (None, None)


def test_days_on_which_nothing_is_used_pass() -> None:
    weekend = Demand(tuple(map(Decimal, (0, 0, 0, 0, 0, 50, 50))), Decimal())
    found = outlook(replace(SHELF, on_hand=Decimal(75)), weekend, LIMITS, THURSDAY)
    assert (found.days_left, found.runs_out_date) == (Decimal("6.5"), date(2026, 11, 29))


def test_packs_are_whole() -> None:
    assert packs_of(Decimal("10"), Decimal("5")) == 2
    assert packs_of(Decimal("10.00001"), Decimal("5")) == 3
    assert packs_of(Decimal("0.1"), Decimal("2.5")) == 1
    assert packs_of(Decimal(), Decimal("5")) == 0
