"""What a supplier has brought."""

from decimal import Decimal

import pytest

from include.inventory.ledger.lines import TellingError
from include.inventory.restock.receiving import Received
from tests.include.inventory.restock.conftest import NEW_YORK, NOW, Shop


@pytest.fixture
def ordered(shop: Shop) -> Shop:
    """Flour 50 kg and basil 25 kg are on order; 17 and 19 kg are there."""
    shop.stock("Flour", "17")
    shop.stock("Basil", "19")
    [order] = shop.look()
    shop.answer(order, {"Flour": 10, "Basil": 5})
    return shop


def lines(*rows: str) -> str:
    return "\n".join(["ingredient,quantity", *rows])


def test_all_comes_as_ordered_unless_it_is_said_otherwise(ordered: Shop) -> None:
    assert ordered.receive("po-1 ") == Received("received", 2)
    assert (ordered.on_hand("Flour"), ordered.on_hand("Basil")) == (Decimal(67), Decimal(44))
    assert ordered.on_order("Flour") == 0
    assert ordered.rows("SELECT DISTINCT kind, reason, entered_by FROM inventory.entry WHERE kind = 'receipt'") == [
        ("receipt", "PO-1", "Sam")
    ]
    assert ordered.row("SELECT closed_at IS NOT NULL FROM inventory.purchase_order")


def test_receiving_twice_books_nothing_twice(ordered: Shop) -> None:
    ordered.receive("PO-1", key="run 1")
    assert ordered.receive("PO-1", key="run 1") == Received("received", 0)
    assert ordered.receive("PO-1", key="run 2") == Received("received", 0)
    assert ordered.on_hand("Flour") == 67


def test_another_try_of_a_part_books_nothing_twice(ordered: Shop) -> None:
    told = {"lines": lines("Flour,2 packs"), "unlisted": "did not come"}
    assert ordered.receive("PO-1", key="run 1", **told) == Received("partly_received", 1)
    assert ordered.receive("PO-1", key="run 1", **told) == Received("partly_received", 0)
    assert ordered.on_hand("Flour") == 27


def test_a_delivery_note_is_one_delivery_however_often_it_is_told(ordered: Shop) -> None:
    told = {"lines": lines("Flour,10 kg"), "unlisted": "did not come", "delivery_note": "LS 4: 7"}
    assert ordered.receive("PO-1", **told).booked_count == 1
    assert ordered.receive("PO-1", **told).booked_count == 0
    assert ordered.receive("PO-1", **told | {"delivery_note": "LS 4"}).booked_count == 1
    assert ordered.on_hand("Flour") == 37


def test_what_has_not_come_stays_on_order(ordered: Shop) -> None:
    assert ordered.receive("PO-1", lines=lines("Flour,30 kg")).state == "partly_received"
    assert (ordered.on_order("Flour"), ordered.on_order("Basil")) == (Decimal(20), Decimal())
    assert ordered.receive("PO-1") == Received("received", 1)
    assert ordered.on_hand("Flour") == 67


def test_the_rest_can_be_closed(ordered: Shop) -> None:
    assert ordered.receive("PO-1", lines=lines("Flour,30 kg"), remainder="is closed").state == "received"
    assert ordered.on_order("Flour") == 0
    assert ordered.row(
        "SELECT ordered_quantity, received_quantity, remaining_quantity FROM inventory.purchase_order_progress"
        " WHERE ingredient_key = %s",
        ordered.ingredient_key("Flour"),
    ) == (50, 30, 0)


def test_an_order_that_comes_no_more_is_cancelled(ordered: Shop) -> None:
    assert ordered.receive("PO-1", unlisted="did not come", remainder="is closed") == Received("cancelled", 0)
    assert ordered.on_order("Flour") == 0
    assert ordered.on_hand("Flour") == 17


def test_nothing_has_come_yet_changes_nothing(ordered: Shop) -> None:
    assert ordered.receive("PO-1", unlisted="did not come") == Received("ordered", 0)


def test_too_much_and_what_nobody_ordered_is_booked_as_it_came(ordered: Shop) -> None:
    ordered.stock("Salt", "100")
    assert ordered.receive("PO-1", lines=lines("Flour,60 kg", "Salt,3 kg")) == Received("received", 3)
    assert (ordered.on_hand("Flour"), ordered.on_hand("Salt")) == (Decimal(77), Decimal(103))
    assert ordered.rows(
        "SELECT ordered_quantity, received_quantity FROM inventory.purchase_order_progress ORDER BY 1 DESC"
    ) == [(50, 60), (25, 25), (0, 3)]


def test_lines_of_one_ingredient_add_up(ordered: Shop) -> None:
    ordered.receive("PO-1", lines="ingredient;quantity\nflour;20 kg\nFlour;500 g\n")
    assert ordered.on_hand("Flour") == Decimal("37.5")


def test_without_an_order_the_lines_say_it_all(shop: Shop) -> None:
    shop.stock("Flour", "17")
    told = {"location": "Manhattan", "lines": lines("Flour,2 packs"), "delivery_note": "77"}
    assert shop.receive(**told) == Received(None, 1)
    assert shop.receive(**told) == Received(None, 0)
    assert shop.on_hand("Flour") == 27
    assert shop.row("SELECT reason FROM inventory.entry WHERE kind = 'receipt'") == "delivery note 77"


def test_the_time_is_by_the_clock_of_the_location(ordered: Shop) -> None:
    ordered.receive("PO-1", time="2026-11-24 07:30")
    assert ordered.rows("SELECT DISTINCT occurred_at FROM inventory.entry WHERE kind = 'receipt'") == [
        NOW.replace(day=24, hour=7, minute=30, tzinfo=NEW_YORK)
    ]


def test_what_cannot_be_is_refused_whole(ordered: Shop) -> None:
    refused: list[tuple[dict[str, str], str]] = [
        ({"number": "PO-9"}, "there is no purchase order 'PO-9'"),
        ({"number": "PO-1", "lines": lines("Flour,20 kg", "Gold,1 kg", "Basil,3 l")}, "line 3: there is no ingredient"),
        ({"number": "PO-1", "lines": lines("Basil,3 l")}, "line 2: '3 l' cannot be told in kg"),
        ({"number": "PO-1", "lines": "Flour,20 kg"}, "the first line names the columns"),
        ({"number": "PO-1", "time": "soon"}, "time: 'soon' is no time"),
        ({"number": "PO-1", "time": "2027-01-01 12:00"}, "lies in the future"),
        ({"lines": lines("Flour,20 kg")}, "purchase_order: is missing"),
        ({"location": "Manhattan"}, "what has come?"),
        ({"location": "Atlantis", "lines": lines("Flour,20 kg")}, "location: there is no location 'Atlantis'"),
    ]
    for told, problem in refused:
        with pytest.raises(TellingError) as raised:
            ordered.receive(**told)
        assert problem in str(raised.value)
    assert ordered.rows("SELECT entry_id FROM inventory.entry WHERE kind = 'receipt'") == []


def test_what_was_not_ordered_cannot_come(shop: Shop) -> None:
    shop.stock("Flour", "17")
    [order] = shop.look()
    with pytest.raises(TellingError, match="PO-1 was not ordered: it is proposed"):
        shop.receive("PO-1")
    shop.answer(order, approve=False)
    with pytest.raises(TellingError, match="it is rejected"):
        shop.receive("PO-1")


def test_what_comes_of_a_closed_order_is_told_without_it(ordered: Shop) -> None:
    ordered.receive("PO-1")
    with pytest.raises(TellingError, match="is a receipt without order"):
        ordered.receive("PO-1", lines=lines("Flour,5 kg"))
