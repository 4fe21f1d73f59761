"""What Square's events did not tell of is found in what square_sync brought."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.config import load_chain
from include.config.large_orders import SquareOrders
from include.online_orders.reconciliation import _patterns
from include.online_orders.watch import Counts
from include.square.client import square_client
from include.square.raw import closing
from include.warehouse.sync import sync_dimensions, sync_orders
from include.warehouse.window import Incremental
from tests.conftest import Database
from tests.include.online_orders.conftest import Rows
from tests.include.online_orders.seller import Seller, tomorrow
from tests.include.warehouse.square_json import Json, encode, line, order

Run = Callable[..., Counts]


@pytest.fixture
def sync(database: Database, seller: Seller) -> Callable[[], None]:
    """What square_sync does, without gold."""
    assert seller, "its locations are there"

    def sync() -> None:
        with closing(square_client()) as client, database.connect() as connection:
            connection.autocommit = True
            for location_ids in sync_dimensions(connection, client, load_chain()):
                sync_orders(connection, client, location_ids, Incremental(datetime.now(UTC)))

    return sync


def past(seller: Seller, order_id: str, at: datetime, **fields: Any) -> Json:
    """A large order for pickup that Square has since then."""
    text = at.isoformat()
    pickup = {"type": "PICKUP", "state": "PROPOSED", "pickup_details": {"pickup_at": text}}
    whole = {"location_id": seller.location_ids["Manhattan"], "at": text, "fulfillments": [pickup]} | fields
    return order(order_id, line(price=90_000), **whole)


def load(seller: Seller, *orders: Json) -> None:
    seller.sandbox.request("POST", "/sandbox/square/orders", content=b"\n".join(map(encode, orders)))


def test_100_of_100_dropped_events_are_found_once(
    seller: Seller, run: Run, rows: Rows, sync: Callable[[], None]
) -> None:
    for number in range(100):
        seller.order(60_000, location=("Manhattan", "Chicago Loop")[number % 2])
    sync()
    assert run()["sent"] == 100
    sync()
    assert run()["sent"] == 0
    assert rows("SELECT count(DISTINCT online_order_key) FROM online_orders.alert") == [100]


def test_what_an_event_told_of_is_not_told_again(seller: Seller, run: Run, sync: Callable[[], None]) -> None:
    placed = seller.order()
    seller.tell(placed, "created")
    run()
    sync()
    run()
    seller.tell(placed)
    run()
    assert len(seller.subjects()) == 1


def test_what_was_reconciled_first_is_not_told_again_by_its_event(
    seller: Seller, run: Run, sync: Callable[[], None]
) -> None:
    placed = seller.order()
    sync()
    run()
    seller.tell(placed, "created")
    run()
    assert len(seller.subjects()) == 1


def test_a_dropped_cancellation_is_found(seller: Seller, run: Run, rows: Rows, sync: Callable[[], None]) -> None:
    placed = seller.order()
    seller.tell(placed, "created")
    run()
    seller.change(placed, state="CANCELED")
    sync()
    run()
    assert rows("SELECT kind FROM online_orders.alert ORDER BY alert_key") == ["placed", "cancelled"]


def test_nobody_is_told_of_the_past(seller: Seller, run: Run, rows: Rows, sync: Callable[[], None]) -> None:
    now = datetime.now(UTC)
    soon = {"type": "PICKUP", "state": "PROPOSED", "pickup_details": {"pickup_at": tomorrow(12).isoformat()}}
    load(
        seller,
        past(seller, "last-year", now - timedelta(days=300)),
        past(seller, "two-days-ago", now - timedelta(days=2)),
        past(seller, "cancelled", now - timedelta(hours=2), state="CANCELED"),
        past(seller, "an-hour-ago", now - timedelta(hours=1)),
        past(seller, "placed-last-week-for-tomorrow", now - timedelta(days=7), fulfillments=[soon]),
        past(seller, "from-the-register", now - timedelta(hours=1), fulfillments=[]),
    )
    sync()
    run()
    assert rows("SELECT order_id FROM online_orders.online_order ORDER BY order_id") == [
        "an-hour-ago",
        "placed-last-week-for-tomorrow",
    ]
    assert len(seller.subjects()) == 2


def test_each_location_is_read_as_far_as_its_orders_were_synced(run: Run, rows: Rows, sync: Callable[[], None]) -> None:
    run()
    assert rows("SELECT * FROM bronze.watermark WHERE source = 'online_orders'") == []
    sync()
    run()
    marks = "SELECT scope, updated_at FROM bronze.watermark WHERE source = '%s' ORDER BY scope"
    assert rows(marks % "online_orders") == rows(marks % "orders")
    assert len(rows(marks % "orders")) == 4


def test_an_order_of_an_undescribed_location_holds_up_no_other(
    seller: Seller, run: Run, rows: Rows, sync: Callable[[], None]
) -> None:
    body = {"location": {"name": "Pop-up"}}
    made = seller.sandbox.request("POST", "/square/v2/locations", json=body).json()["location"]
    now = datetime.now(UTC)
    load(seller, past(seller, "there", now, location_id=made["id"]), past(seller, "here", now))
    sync()
    run()
    assert rows("SELECT order_id, location_name FROM online_orders.online_order ORDER BY order_id") == [
        ("here", "Manhattan"),
        ("there", None),
    ]
    subjects = "SELECT subject FROM outbox.message ORDER BY created_at"
    assert [subject.split(" ")[0] for subject in rows(subjects)] == ["Square's", "Large"]


def test_an_order_that_cannot_be_judged_holds_up_no_other_and_is_told_of_once(
    seller: Seller, run: Run, rows: Rows, sync: Callable[[], None]
) -> None:
    now = datetime.now(UTC)
    times = ("0001-01-01T00:00:00Z", "soon", "9999-12-31T23:59:59Z", "later")
    bad = [
        past(seller, f"bad-{number}", now, fulfillments=[{"type": "PICKUP", "pickup_details": {"pickup_at": time}}])
        for number, time in enumerate(times)
    ]
    load(seller, past(seller, "first", now), *bad, past(seller, "last", now))
    sync()
    run()
    sync()
    run()
    assert rows("SELECT order_id FROM online_orders.online_order ORDER BY order_id") == ["first", "last"]
    assert sorted(seller.subjects())[:-2] == ["An order at Manhattan could not be judged"] * 2
    assert len(seller.subjects()) == 4


@pytest.mark.parametrize(
    ("wanted", "patterns"),
    [
        (SquareOrders(), ['%"fulfillments"%']),
        (SquareOrders(every_order=True, sources=("Web",)), ["%"]),
        (SquareOrders(sources=("Web_1 50%",)), ['%"fulfillments"%', r'%"Web\_1 50\%"%']),
        (SquareOrders(sources=("Café",)), ['%"fulfillments"%', r'%"Caf\\u00e9"%', '%"Café"%']),
    ],
)
def test_the_sieve_lets_all_online_orders_through(wanted: SquareOrders, patterns: list[str]) -> None:
    assert _patterns(wanted) == patterns
