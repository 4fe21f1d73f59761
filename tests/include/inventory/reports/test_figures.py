"""The arithmetic of a day: exact costs, rounded once, in one currency."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from include.inventory.reports.figures import (
    AtSquare,
    Cost,
    DayReport,
    LocationDay,
    Moved,
    OnHand,
    Unmapped,
    cents,
    digest,
)
from include.inventory.reports.message import sections, subject, unmapped

CHEAP = Cost(Decimal("0.4"), "USD")
CHEESE = Moved("cheese", "g", Decimal("1.2"), Decimal(0), Decimal("-0.5"), CHEAP)
PEPPER = Moved("pepper", "g", Decimal("0.6"), Decimal("0.3"), Decimal(0), CHEAP)
SAFFRON = Moved("saffron", "g", Decimal(1), Decimal(0), Decimal(0), Cost(Decimal(900), "EUR"))
SECRET = Moved("secret", "g", Decimal(1), Decimal(0), Decimal(0), Cost(None, None))
MANHATTAN = LocationDay(
    name="Manhattan",
    timezone="America/New_York",
    currency="USD",
    net_cents=200,
    moved=[CHEESE, PEPPER, SAFFRON, SECRET],
    stock=[OnHand("cheese", "g", Decimal(-3), CHEAP), OnHand("pepper", "g", Decimal(10), CHEAP)],
    unmapped=[Unmapped("Soup", "", None, Decimal(2), 1)],
    at_square=[AtSquare("cheese", "g", Decimal(-3), None, CHEAP)],
)
REPORT = DayReport("Manhattan", False, date(2026, 11, 20), "America/New_York", None, [MANHATTAN])


def test_sums_are_exact_and_rounded_once() -> None:
    # 0.48 + 0.24: each alone would be 0.
    assert MANHATTAN.used_cost == Decimal("0.72")
    assert cents(MANHATTAN.used_cost) == 1
    assert MANHATTAN.cost_ratio == Decimal("0.0036")
    assert (MANHATTAN.wasted_cost, MANHATTAN.counted_cost) == (Decimal("0.12"), Decimal("-0.2"))
    assert MANHATTAN.stock_value == Decimal("2.8")


def test_the_dearest_comes_first_and_what_is_below_zero_is_told() -> None:
    assert [each.ingredient_name for each in MANHATTAN.used] == ["saffron", "cheese", "pepper", "secret"]
    assert [each.ingredient_name for each in MANHATTAN.negative] == ["cheese"]
    assert [each.ingredient_name for each in MANHATTAN.counted] == ["cheese"]


def test_what_square_does_not_count_is_all_missing() -> None:
    assert MANHATTAN.at_square[0].difference == 3


def test_currencies_are_never_added() -> None:
    berlin = replace(MANHATTAN, name="Berlin", currency="EUR")
    both = replace(REPORT, is_chain=True, locations=[MANHATTAN, berlin])
    assert [(section.currency, section.used_cost) for section in sections(both)] == [
        ("USD", Decimal("0.72")),
        ("EUR", Decimal(900)),
    ]


def test_the_chain_adds_up_what_its_locations_sold_without_a_recipe() -> None:
    both = replace(REPORT, is_chain=True, locations=[MANHATTAN, replace(MANHATTAN, name="Chicago Loop")])
    assert unmapped(both) == [Unmapped("Soup", "", None, Decimal(4), 2)]
    assert [quantity for _, quantity in sections(both)[0].used][:2] == [Decimal(2), Decimal("2.4")]


def test_the_subject_says_what_matters() -> None:
    assert subject(REPORT, is_correction=True) == (
        "Corrected: Stock, Manhattan, Fri, Nov 20: $0.01 used (0.4% of sales), 1 without recipe, 1 below zero"
    )


def test_a_count_that_went_on_moving_is_no_other_report() -> None:
    later = replace(MANHATTAN, at_square=[AtSquare("cheese", "g", Decimal(-5), Decimal(-2), CHEAP)])
    assert digest(replace(REPORT, locations=[later])) == digest(REPORT)
    other = replace(MANHATTAN, at_square=[])
    assert digest(replace(REPORT, locations=[other])) != digest(REPORT)
