from datetime import timedelta

from include.online_orders.decision import Alert, Kind
from include.online_orders.mail import MOST_ITEMS, compose, subject
from include.online_orders.order import Item
from tests.include.online_orders.samples import CHICAGO, MANHATTAN, NOW, order, told

PLACED = Alert(Kind.PLACED, "over $500 and due 30 min after opening", ("shop@example.com",))
CHANGED = Alert(Kind.CHANGED, "over $500", ("shop@example.com",), told(45_000, "2026-11-22T18:00"))
CANCELLED = Alert(Kind.CANCELLED, "over $500", ("shop@example.com",), told())


def test_the_subject_says_amount_and_time_and_nothing_of_the_customer() -> None:
    assert subject(order(), PLACED, MANHATTAN) == "Large order: $600 for Sun, Nov 22, 11:30, Manhattan"
    assert subject(order(due=None), PLACED, MANHATTAN) == "Large order: $600 as soon as possible, Manhattan"
    assert subject(order(), CHANGED, MANHATTAN) == "Changed: $600 (was $450) for Sun, Nov 22, 11:30, Manhattan"
    assert subject(order(), CANCELLED, MANHATTAN) == "Cancelled: $600 for Sun, Nov 22, 11:30, Manhattan"


def test_a_mail_says_all_that_is_needed_to_prepare() -> None:
    mail = compose(order(), PLACED, MANHATTAN, NOW)
    for said in (
        "$600.00",
        "Due Sun, Nov 22, 11:30 EST",
        "in 20 h 20 min",
        "Over $500 and due 30 min after opening.",
        "Ada Lovelace",
        "+1 (212) 555-0199",
        "Sat, Nov 21, 15:09 EST",
        "Square Online, pickup",
        "Pepperoni Pizza · Large",
        "$305.00",
        "order-1",
    ):
        assert said in mail.html, said
        assert said in mail.text, said
    assert 'href="tel:+12125550199"' in mail.html


def test_times_are_those_of_the_location() -> None:
    assert "Due Sun, Nov 22, 10:30 CST" in compose(order(), PLACED, CHICAGO, NOW).text


def test_a_change_is_shown_before_and_after() -> None:
    mail = compose(order(), CHANGED, MANHATTAN, NOW)
    assert "Amount: $450.00 -> $600.00" in mail.text
    assert "Due: Sun, Nov 22, 18:00 EST -> Sun, Nov 22, 11:30 EST" in mail.text
    assert "CHANGED" in mail.html
    assert "Due:" not in compose(order(due="2026-11-22T18:00"), CHANGED, MANHATTAN, NOW).text


def test_a_cancellation_shows_what_was_called_off() -> None:
    mail = compose(order(0, None, is_cancelled=True), CANCELLED, MANHATTAN, NOW)
    assert "CANCELLED: stop preparing it" in mail.text
    assert "$600.00" in mail.text
    assert "Sun, Nov 22, 11:30 EST" in mail.html


def test_what_the_platform_does_not_know_is_said_to_be_missing() -> None:
    mail = compose(order(customer_name=None, customer_phone=None, channel=None, items=()), PLACED, MANHATTAN, NOW)
    assert "Customer: not given" in mail.text
    assert "Phone: not given" in mail.text
    assert "tel:" not in mail.html
    assert "What was ordered" not in mail.html


def test_what_customers_write_is_text() -> None:
    mail = compose(order(customer_name="<b>Ada</b>", items=(Item("<script>", "1"),)), PLACED, MANHATTAN, NOW)
    assert "<b>Ada</b>" not in mail.html
    assert "<script>" not in mail.html


def test_a_very_long_order_is_cut() -> None:
    items = tuple(Item(f"Item {number}", "1", 100) for number in range(MOST_ITEMS + 5))
    mail = compose(order(items=items, placed_at=NOW - timedelta(days=1)), PLACED, MANHATTAN, NOW)
    assert "and 5 more lines" in mail.text
    assert f"Item {MOST_ITEMS}" not in mail.html
