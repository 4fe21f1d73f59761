"""From events in the inbox, through the stand-in for Square, to mails in the sandbox's inbox."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from include.config import load_chain
from include.config.large_orders import LocationTerms
from include.online_orders.watch import Counts
from tests.conftest import Database
from tests.include.online_orders.conftest import Rows
from tests.include.online_orders.seller import Seller, tomorrow
from tests.sandbox_process import Sandbox

Run = Callable[..., Counts]
ALERTS = "SELECT kind FROM online_orders.alert ORDER BY alert_key"
STATES = "SELECT DISTINCT state FROM inbox.webhook_event ORDER BY state"


def test_a_600_dollar_order_for_tomorrow_is_one_mail_with_its_reason(seller: Seller, run: Run, rows: Rows) -> None:
    seller.tell(seller.order(), "created")
    assert run() == {"handled": 1, "put_back": 0, "dead": 0, "sent": 1}
    assert run() == {"handled": 0, "put_back": 0, "dead": 0, "sent": 0}
    assert seller.subjects() == [f"Large order: $600 for {tomorrow(11, 30):%a, %b %-d}, 11:30, Manhattan"]
    assert rows("SELECT reason, recipients FROM online_orders.alert") == [
        ("over $500 and due 30 min after opening", ["manhattan@example.com"])
    ]


def test_a_small_order_is_remembered_and_told_to_nobody(seller: Seller, run: Run, rows: Rows) -> None:
    seller.tell(seller.order(2_000, tomorrow(18)), "created")
    assert run()["sent"] == 0
    assert rows("SELECT total_cents, location_name FROM online_orders.online_order") == [(2_000, "Manhattan")]


def test_higher_tiers_hear_of_higher_amounts(seller: Seller, run: Run, rows: Rows) -> None:
    seller.tell(seller.order(320_000, location="Chicago Loop"), "created")
    run()
    assert rows("SELECT recipients FROM outbox.message") == [
        ["chicago@example.com", "district@example.com", "production@example.com"]
    ]


def test_an_order_that_is_updated_six_times_is_one_mail(seller: Seller, run: Run) -> None:
    order = seller.order()
    seller.tell(order, "created")
    for number in range(6):
        order = seller.change(order, reference_id=f"change {number}")
        seller.tell(order)
        if number % 2:
            run()
    run()
    assert len(seller.subjects()) == 1


def test_events_that_come_twice_late_and_reordered_change_nothing(seller: Seller, run: Run, rows: Rows) -> None:
    first = seller.order()
    second = seller.reprice(first, 90_000)
    seller.tell(second)
    seller.tell(second)
    run()
    seller.tell(first, "created")
    run()
    assert len(seller.subjects()) == 1
    assert rows("SELECT version, total_cents FROM online_orders.online_order") == [(second["version"], 90_000)]


def test_only_a_change_that_matters_is_told_with_what_it_was(seller: Seller, run: Run) -> None:
    order = seller.order()
    seller.tell(order, "created")
    run()
    order = seller.reprice(order, 65_000)
    seller.tell(order)
    run()
    assert len(seller.subjects()) == 1
    order = seller.reprice(order, 70_000)
    seller.tell(order)
    run()
    assert seller.subjects()[1].startswith("Changed: $700 (was $600) for ")
    details = order["fulfillments"][0] | {"pickup_details": {"pickup_at": tomorrow(18).isoformat()}}
    seller.tell(seller.change(order, fulfillments=[details]))
    run()
    assert seller.subjects()[2].startswith("Changed: $700 for ")
    assert len(seller.subjects()) == 3


def test_a_cancellation_is_told_once_and_only_after_an_alert(seller: Seller, run: Run, rows: Rows) -> None:
    large, small = seller.order(), seller.order(2_000, tomorrow(18))
    for order in (large, small):
        seller.tell(order, "created")
    run()
    for order in (large, small):
        cancelled = seller.change(order, state="CANCELED")
        seller.tell(cancelled)
        seller.tell(cancelled)
    run()
    run()
    assert rows(ALERTS) == ["placed", "cancelled"]
    assert seller.subjects()[1].startswith("Cancelled: $600 for ")


def test_an_order_that_is_cancelled_before_anybody_heard_of_it_stays_unheard_of(seller: Seller, run: Run) -> None:
    order = seller.order()
    seller.tell(order, "created")
    seller.tell(seller.change(order, state="CANCELED"))
    run()
    assert seller.subjects() == []


def test_what_is_no_online_order_is_let_go(seller: Seller, run: Run, rows: Rows, sandbox: Sandbox) -> None:
    line = {"name": "Catering", "quantity": "1", "base_price_money": {"amount": 90_000, "currency": "USD"}}
    body = {"order": {"location_id": seller.location_ids["Manhattan"], "line_items": [line]}}
    seller.tell(sandbox.request("POST", "/square/v2/orders", json=body).json()["order"], "created")
    seller.write("square", "inventory.count.updated", {"data": {}})
    assert run()["handled"] == 2
    assert rows("SELECT count(*) FROM online_orders.online_order") == [0]


def test_two_workers_tell_of_each_order_once(seller: Seller, run: Run, rows: Rows) -> None:
    orders = [seller.order() for _ in range(12)]
    for _ in range(40):
        for order in orders:
            seller.tell(order)
    with ThreadPoolExecutor(2) as workers:
        tallies = list(workers.map(lambda _: run(), range(2)))
    assert sum(tally["handled"] for tally in tallies) == 480
    assert rows(ALERTS) == ["placed"] * 12
    run()
    assert len(seller.subjects()) == 12
    assert rows(STATES) == ["handled"]


@pytest.mark.parametrize("status", [429, 500, 503, 401])
def test_while_square_is_away_its_events_wait_and_others_are_worked_on(
    seller: Seller, run: Run, rows: Rows, sandbox: Sandbox, status: int
) -> None:
    seller.tell(seller.order(), "created")
    seller.place(location="Chicago Loop")
    sandbox.set_fault(path="/square/v2/orders/batch-retrieve", status=status, retry_after=0)
    for _ in range(6):
        assert run()["dead"] == 0
    assert rows("SELECT provider, state, attempt_count FROM inbox.webhook_event ORDER BY provider") == [
        ("demo-eats", "handled", 1),
        ("square", "new", 0),
    ]
    assert [subject.rpartition(", ")[2] for subject in seller.subjects()] == ["Chicago Loop"]
    sandbox.request("DELETE", "/sandbox/faults")
    assert run()["sent"] == 1


def test_square_away_beside_a_poison_row_kills_nothing_else(
    seller: Seller, run: Run, rows: Rows, sandbox: Sandbox
) -> None:
    seller.write("square", "order.created", {"data": {"no": "id"}})
    for _ in range(3):
        seller.tell(seller.order(), "created")
    sandbox.set_fault(path="/square/v2/orders/batch-retrieve", status=500, retry_after=0)
    run()
    assert rows("SELECT state, attempt_count FROM inbox.webhook_event ORDER BY event_key") == [
        ("new", 1),
        ("new", 0),
        ("new", 0),
        ("new", 0),
    ]


def test_a_poison_row_holds_up_nobody_dies_after_five_tries_and_is_told_of(
    seller: Seller, run: Run, rows: Rows
) -> None:
    seller.write("square", "order.created", {"data": {"no": "id"}})
    seller.write("demo-eats", "order.created", {}, {"order_id": "only"})
    seller.tell(seller.order(), "created")
    assert run() == {"handled": 1, "put_back": 2, "dead": 0, "sent": 1}
    for _ in range(4):
        run()
    assert rows("SELECT state FROM inbox.webhook_event ORDER BY event_key") == ["dead", "dead", "handled"]
    assert seller.subjects()[1:] == ["2 rows of inbox.webhook_event could not be worked on"]


def test_an_order_that_square_does_not_know_yet_is_asked_for_again(
    seller: Seller, run: Run, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    seller.tell({"id": "lost", "version": 1, "state": "OPEN"}, "created")
    seller.tell(seller.order(), "created")
    with caplog.at_level(logging.INFO):
        assert run()["put_back"] == 1
        for _ in range(4):
            run()
    assert rows(STATES) == ["handled"]
    assert len(seller.subjects()) == 1
    assert "Square knows no order lost, after 5 tries: its events are let go" in caplog.text


def test_an_order_of_square_that_cannot_be_read_holds_up_no_other(
    seller: Seller, run: Run, rows: Rows, sandbox: Sandbox
) -> None:
    bad = {"id": "bad", "version": 1, "location_id": seller.location_ids["Manhattan"], "state": "OPEN"}
    bad |= {"created_at": "2026-11-21T20:00:00Z", "updated_at": "2026-11-21T20:00:00Z", "total_money": 5}
    sandbox.request("POST", "/sandbox/square/orders", content=json.dumps(bad).encode())
    seller.tell(bad, "created")
    seller.tell(seller.order(), "created")
    assert run() == {"handled": 1, "put_back": 1, "dead": 0, "sent": 1}
    (error,) = rows("SELECT last_error FROM inbox.webhook_event WHERE state = 'new'")
    assert error == "ValidationError: Expected `object`, got `int` - at `$.total_money`"


def test_an_order_of_another_platform_is_told_of_changed_and_cancelled(seller: Seller, run: Run, rows: Rows) -> None:
    seller.place()
    run()
    seller.place(event="updated", total_cents=61_000)
    run()
    seller.place(event="updated", total_cents=100_000)
    run()
    seller.place(event="cancelled", total_cents=0)
    run()
    assert rows(ALERTS) == ["placed", "changed", "cancelled"]
    assert [subject.partition(" for ")[0] for subject in seller.subjects()] == [
        "Large order: $600",
        "Changed: $1,000 (was $600)",
        "Cancelled: $1,000",
    ]


@pytest.mark.parametrize("is_together", [True, False])
def test_another_platforms_events_may_come_reordered(seller: Seller, run: Run, rows: Rows, is_together: bool) -> None:
    for event, cents in (("updated", 90_000), ("created", 60_000), ("cancelled", 90_000), ("updated", 95_000)):
        seller.place(event=event, total_cents=cents)
        if not is_together:
            run()
    run()
    assert rows(ALERTS) == ([] if is_together else ["placed", "cancelled"])
    assert rows("SELECT total_cents, is_cancelled FROM online_orders.online_order") == [(90_000, True)]


def test_an_unknown_location_is_told_once_and_judged_when_it_is_known(
    seller: Seller, run: Run, rows: Rows, database: Database
) -> None:
    for number in range(2):
        seller.place(order_id=f"eats-{number}", location="NYC #1")
        run()
    assert seller.subjects() == ["Orders of demo-eats for an unknown location"]
    assert rows("SELECT location_name, provider_location FROM online_orders.online_order") == [(None, "NYC #1")] * 2
    chain = load_chain()
    terms = LocationTerms(location="Manhattan", known_as=("NYC #1",))
    orders = chain.large_orders.model_copy(update={"locations": (terms,)})
    with database.connect() as connection:
        connection.execute("UPDATE inbox.webhook_event SET state = 'new'")
    run(chain.model_copy(update={"large_orders": orders}))
    assert rows(ALERTS) == ["placed", "placed"]


def test_an_order_in_another_currency_ends_as_a_dead_letter_that_says_so(seller: Seller, run: Run, rows: Rows) -> None:
    seller.place(currency="EUR")
    for _ in range(5):
        run()
    ((state, error),) = rows("SELECT state, last_error FROM inbox.webhook_event")
    assert state == "dead"
    assert error.startswith("CurrencyError: order eats-1 is in EUR, but Manhattan sells in USD")


def test_nothing_personal_gets_into_logs_and_errors(
    seller: Seller, run: Run, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        seller.place(total_cents="much")
        seller.place(order_id="eats-2", due_at="soon")
        seller.tell(seller.order(), "created")
        for _ in range(5):
            run()
    told = caplog.text + str(rows("SELECT last_error FROM inbox.webhook_event"))
    told += str(rows("SELECT text_body FROM outbox.message WHERE subject LIKE '%could not be worked on'"))
    for personal in ("Ada", "Lovelace", "5550199", "ada@example.org", "Party platter"):
        assert personal not in told, personal
