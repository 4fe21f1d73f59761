"""Which orders are large, and why: cases as tables."""

from datetime import timedelta
from typing import Any

import pytest

from include.config import Location, load_chain
from include.config.large_orders import Rule, Terms, Tier
from include.online_orders.rules import CurrencyError, assess, recipients
from tests.include.online_orders.samples import MANHATTAN, NOW, local, order

DEMO = load_chain().large_orders.terms(MANHATTAN)
USUAL = {("Manhattan", 7): 400_000, ("Manhattan", 6): 200_000, ("Manhattan", 4): 100_000}


def reason(location: Location = MANHATTAN, terms: Terms = DEMO, **fields: Any) -> str:
    return assess(order(**fields), location, terms, USUAL).reason


def rules(**conditions: Any) -> Terms:
    return Terms(rules=(Rule.model_construct(**conditions),))


@pytest.mark.parametrize(
    ("total_cents", "due", "expected"),
    [
        (60_000, "2026-11-22T11:30", "over $500 and due 30 min after opening"),
        (60_000, "2026-11-22T13:00", "over $500"),
        (50_000, "2026-11-22T13:00", ""),
        (50_001, "2026-11-22T13:00", "over $500"),
        (30_000, "2026-11-22T11:30", ""),
        (30_001, "2026-11-22T11:00", "over $300 and due at opening"),
        (30_001, "2026-11-22T12:00", "over $300 and due 1 h after opening"),
        (30_001, "2026-11-22T12:01", ""),
        (25_001, "2026-11-21T18:09", "over $250 and due 3 h after it was placed"),
        (25_001, "2026-11-21T18:10", ""),
        (25_001, None, "over $250 and wanted as soon as possible"),
        (50_001, None, "over $500 and wanted as soon as possible; 25% of what Manhattan usually sells on a Saturday"),
        (10_001, "2026-11-22T10:59", "over $100 and due outside opening hours"),
        (10_001, "2026-11-22T23:00", ""),
        (10_001, "2026-11-22T23:01", "over $100 and due outside opening hours"),
        # Saturdays are open until one at night, and belong to the Saturday.
        (10_001, "2026-11-22T00:59", ""),
        (10_001, "2026-11-22T01:01", "over $100 and due outside opening hours"),
        (10_000, "2026-11-22T04:00", ""),
        (50_000, "2026-11-28T20:00", ""),
        (150_000, "2026-11-22T18:00", "over $500; 38% of what Manhattan usually sells on a Sunday"),
        (150_000, "2026-11-23T18:00", "over $500"),
        (30_000, "2026-11-26T18:00", "30% of what Manhattan usually sells on a Thursday"),
    ],
)
def test_the_demos_rules(total_cents: int, due: str | None, expected: str) -> None:
    assert reason(total_cents=total_cents, due=due) == expected


@pytest.mark.parametrize(
    ("conditions", "due", "is_large"),
    [
        ({"lead_minutes": 60}, "2026-11-21T16:09", True),
        ({"lead_minutes": 60}, "2026-11-21T16:10", False),
        # A clock that goes wrong: due before it was placed.
        ({"lead_minutes": 60}, "2026-11-21T10:00", True),
        ({"lead_minutes": 60, "outside_opening_hours": True}, "2026-11-21T16:00", False),
        ({"over_amount": 0, "lead_minutes": 60, "after_opening_minutes": 600}, "2026-11-21T16:00", True),
        ({"over_amount": 70_000, "lead_minutes": 60}, "2026-11-21T16:00", False),
    ],
)
def test_a_rule_fits_when_all_that_it_states_is_true(conditions: dict[str, Any], due: str, is_large: bool) -> None:
    assert bool(reason(terms=rules(**conditions), due=due)) is is_large


def test_without_rules_no_order_is_large() -> None:
    assert reason(terms=Terms()) == ""


def test_where_nothing_is_usual_yet_no_share_is_large() -> None:
    assert assess(order(9_999_999), MANHATTAN, rules(over_share_of_day="1"), {}).reason == ""


@pytest.mark.parametrize(
    ("due", "fold", "expected"),
    [
        # The night of November 1st has 25 hours: until 02:00 of the longer night are five hours from 22:00.
        ("2026-11-01T01:30", 0, "due 3 h 30 min after opening"),
        ("2026-11-01T01:30", 1, "due 4 h 30 min after opening"),
        ("2026-11-01T02:00", 0, "due 5 h after opening"),
        ("2026-11-01T02:01", 0, ""),
        # The night of March 8th has 23: 03:00 is what 02:00 would have been.
        ("2026-03-08T01:59", 0, "due 3 h 59 min after opening"),
        ("2026-03-08T03:00", 0, "due 4 h after opening"),
        ("2026-03-08T03:01", 0, ""),
    ],
)
def test_both_daylight_saving_nights(due: str, fold: int, expected: str) -> None:
    hours = MANHATTAN.opening_hours.model_validate({"saturday": "22:00-26:00"})
    store = MANHATTAN.model_copy(update={"opening_hours": hours})
    due_at = local(due, fold=fold)
    found = reason(
        store, rules(after_opening_minutes=600), due_at=due_at, placed_at=due_at - timedelta(days=1), updated_at=NOW
    )
    assert found == expected


def test_an_order_in_another_currency_is_no_order_of_the_location() -> None:
    with pytest.raises(CurrencyError, match="order order-1 is in EUR, but Manhattan sells in USD"):
        reason(currency="EUR")


@pytest.mark.parametrize(
    ("total_cents", "expected"),
    [
        (100, ["shop@x.org"]),
        (149_999, ["shop@x.org"]),
        (150_000, ["shop@x.org", "district@x.org"]),
        (300_000, ["shop@x.org", "district@x.org", "production@x.org"]),
    ],
)
def test_tiers_add_their_people_from_their_amount_on(total_cents: int, expected: list[str]) -> None:
    tiers = (
        Tier(from_amount="3000.00", recipients=("production@x.org", "shop@x.org")),  # type: ignore[arg-type]
        Tier(from_amount="1500.00", recipients=("district@x.org",)),  # type: ignore[arg-type]
    )
    assert list(recipients(Terms(recipients=("shop@x.org",), tiers=tiers), total_cents)) == expected
