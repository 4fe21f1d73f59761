"""What is worth a mail, given the mails before."""

from datetime import timedelta
from typing import Any

import pytest

from include.config.large_orders import Terms
from include.online_orders.decision import Alert, Kind, Told, decide
from include.online_orders.order import OnlineOrder
from include.online_orders.rules import Assessment
from tests.include.online_orders.samples import NOW, local, order, told

TERMS = Terms(change_share="10", change_minutes=30)
LARGE = Assessment("over $500", ("shop@example.com",))
SMALL = Assessment("", ("shop@example.com",))


def decided(order: OnlineOrder, before: Told | None, assessment: Assessment = LARGE) -> Alert | None:
    return decide(order, assessment, TERMS, before, NOW)


def test_a_large_order_is_told_of_and_a_small_one_is_not() -> None:
    assert decided(order(), None) == Alert(Kind.PLACED, "over $500", ("shop@example.com",))
    assert decided(order(), None, SMALL) is None


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({}, True),
        ({"is_cancelled": True}, False),
        ({"is_fulfilled": True}, False),
        ({"due": "2026-11-21T10:00"}, True),
        ({"due": "2026-11-20T10:00", "placed_at": NOW - timedelta(hours=25)}, False),
        ({"due": "2026-12-24T10:00", "placed_at": NOW - timedelta(days=60)}, True),
        ({"due": None, "placed_at": NOW - timedelta(hours=23)}, True),
        ({"due": None, "placed_at": NOW - timedelta(hours=25)}, False),
    ],
)
def test_nobody_is_told_first_of_what_nobody_can_act_on(fields: dict[str, Any], is_told: bool) -> None:
    assert (decided(order(**fields), None) is not None) is is_told


@pytest.mark.parametrize(
    ("total_cents", "due", "is_told"),
    [
        (60_000, "2026-11-22T11:30", False),
        (66_000, "2026-11-22T11:30", False),
        (66_001, "2026-11-22T11:30", True),
        (54_000, "2026-11-22T11:30", False),
        (53_999, "2026-11-22T11:30", True),
        (60_000, "2026-11-22T12:00", False),
        (60_000, "2026-11-22T12:01", True),
        (60_000, "2026-11-22T11:00", False),
        (60_000, "2026-11-22T10:59", True),
        (60_000, None, True),
    ],
)
def test_a_change_is_told_when_it_is_more_than_the_terms_let_pass(
    total_cents: int, due: str | None, is_told: bool
) -> None:
    before = told()
    alert = decided(order(total_cents, due), before)
    assert alert == (Alert(Kind.CHANGED, "over $500", ("shop@example.com",), before) if is_told else None)


def test_an_order_for_now_that_gets_a_time_soon_has_not_moved() -> None:
    placed_at = local("2026-11-21T15:00")
    assert decided(order(due="2026-11-21T15:20", placed_at=placed_at), told(due=None)) is None
    assert decided(order(due="2026-11-21T17:00", placed_at=placed_at), told(due=None)) is not None


def test_an_order_that_is_no_longer_large_is_told_to_those_who_prepare_for_it() -> None:
    before = told(recipients=("shop@example.com", "district@example.com"))
    alert = decided(order(20_000), before, SMALL)
    assert alert == Alert(Kind.CHANGED, "no longer large", ("shop@example.com", "district@example.com"), before)


def test_a_cancellation_is_told_once_and_only_to_those_who_were_told_of_the_order() -> None:
    before = told()
    gone = order(is_cancelled=True)
    assert decided(gone, before) == Alert(Kind.CANCELLED, "over $500", ("shop@example.com",), before)
    assert decided(gone, None) is None
    assert decided(gone, told(kind=Kind.CANCELLED)) is None


def test_what_has_been_handed_over_may_change_as_it_likes() -> None:
    assert decided(order(90_000, is_fulfilled=True), told()) is None


def test_who_comes_in_with_a_higher_tier_hears_of_the_order_for_the_first_time() -> None:
    assessment = Assessment("over $500", ("shop@example.com", "district@example.com"))
    alert = decided(order(151_000), told(149_000), assessment)
    assert alert == Alert(Kind.PLACED, "over $500", ("district@example.com",))
    assert decided(order(151_000), told(151_000), assessment) is None
