from datetime import date, timedelta
from decimal import Decimal

from include.inventory.restock.demand import Demand, demand

MONDAY = date(2026, 11, 2)


def days(count: int, begin: date = MONDAY) -> list[date]:
    return [begin + timedelta(days=each) for each in range(count)]


def decimals(*numbers: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in numbers)


def test_a_day_is_expected_to_use_what_its_weekday_has_used_on_average() -> None:
    four_weeks = days(28)
    use = {day: Decimal(10 + (day - MONDAY).days // 7) if day.weekday() < 5 else Decimal(30) for day in four_weeks}
    found = demand(use, four_weeks)
    assert found is not None
    assert found.weekday_use == decimals("11.5", "11.5", "11.5", "11.5", "11.5", "30", "30")
    # On five weekdays 10, 11, 12, 13 about 11.5: squares of 5 each; 28 days less the 7 averages they stray from.
    assert found.deviation == Decimal("1.09109")
    assert found.daily_use == Decimal("16.78571")


def test_a_day_without_use_counts_and_a_closed_day_does_not() -> None:
    use = {MONDAY: Decimal(10)}
    mondays = [MONDAY, MONDAY + timedelta(days=7)]
    as_open = demand(use, mondays)
    as_closed = demand(use, mondays[:1])
    assert as_open is not None
    assert as_closed is not None
    assert as_open.on(MONDAY) == 5
    assert as_closed.on(MONDAY) == 10


def test_a_weekday_not_seen_yet_is_like_the_others_unless_it_is_closed() -> None:
    found = demand({MONDAY: Decimal(10), MONDAY + timedelta(days=1): Decimal(20)}, days(2), closed_weekdays={6})
    assert found is not None
    assert found.weekday_use == decimals("10", "20", "15", "15", "15", "15", "0")
    # Two days against their own average, 15: 25 + 25, by one.
    assert found.deviation == Decimal("7.07107")


def test_without_use_nothing_is_guessed() -> None:
    assert demand({}, []) is None
    assert demand({}, days(28)) is None
    assert demand({MONDAY: Decimal(5)}, []) is None


def test_one_day_alone_has_no_deviation() -> None:
    found = demand({MONDAY: Decimal(7)}, [MONDAY])
    assert found == Demand(decimals(*"7777777"), Decimal())


def test_use_over_days_leaves_out_the_last() -> None:
    found = Demand(decimals("1", "2", "3", "4", "5", "6", "7"), Decimal())
    assert found.over(MONDAY, MONDAY) == 0
    assert found.over(MONDAY, MONDAY + timedelta(days=2)) == 3
    assert found.over(MONDAY + timedelta(days=6), MONDAY + timedelta(days=8)) == 8
