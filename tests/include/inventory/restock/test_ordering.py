"""What comes of an answer."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from include.inventory.restock.approval import Form, approval_form
from include.inventory.restock.orders import PurchaseOrder
from tests.include.inventory.restock.conftest import DAY, HOUR, NOW, Shop


@pytest.fixture
def order(shop: Shop) -> PurchaseOrder:
    """Basil and flour, 15 packs each."""
    shop.stock("Flour", "17")
    shop.ingredient("Basil", pack="5 kg", pack_name="crate, 5 kg", price=[])
    shop.stock("Basil", "19.5")
    [order] = shop.look()
    shop.new_mails()
    return order


def form(shop: Shop, order: PurchaseOrder) -> Form | None:
    return approval_form(shop.connection, shop.chain, shop.inventory, order.number)


def test_the_form_asks_for_packs_and_says_why(shop: Shop, order: PurchaseOrder) -> None:
    found = form(shop, order)
    assert found is not None
    assert found.subject == "PO-1: Roma Foods for Manhattan, 2 ingredients"
    assert [(field.name, field.pack_count) for field in found.fields] == [("Basil", 15), ("Flour", 15)]
    assert found.fields[1].description == "Packs: 5 kg bag, 5 kg each. About 10 kg are used a day."
    assert "| Flour | 17 kg | 0 kg | 20 kg | Tue, Nov 24 | 15 x 5 kg bag = 75 kg |" in found.body
    assert "Ordered by **Mon, Nov 23, 14:00**, it comes on **Tue, Nov 24**" in found.body
    assert "Without an answer by Mon, Nov 23, 21:00 nothing is ordered." in found.body
    assert found.response_timeout == 12 * HOUR


def test_the_form_says_when_a_supplier_would_not_deliver_so_little(shop: Shop) -> None:
    shop.supplier("Sea", minimum_order="50.00", note="Customer 4711")
    shop.ingredient("Clams", supplier="Sea", maximum={"elsewhere": "12 kg"})
    shop.stock("Clams", "5")
    [order] = shop.look()
    found = form(shop, order)
    assert found is not None
    assert found.subject.endswith("1 ingredient, $40.00")
    assert "**Sea delivers from $50.00 on.**" in found.body
    assert "Customer 4711" in found.body


def test_what_is_approved_goes_to_the_supplier_as_a_mail_with_a_csv(shop: Shop, order: PurchaseOrder) -> None:
    assert shop.answer(order, {"Flour": 3}) == "ordered"
    attachment = bytes(shop.row("SELECT content FROM outbox.attachment"))
    [mail] = shop.new_mails()
    assert mail.recipients == ["orders@roma.example.com", "manhattan@example.com"]
    assert mail.subject == "Order PO-1 from Storekeeper Pizza, Manhattan: 2 items for Tue, Nov 24"
    assert "3 x 5 kg bag Flour (15 kg)" in mail.text
    assert "Ordered: Mon, Nov 23, 10:00 by Ada" in mail.text
    rows = list(csv.DictReader(StringIO(attachment.decode("utf-8-sig"))))
    assert rows[1] == {
        "order": "PO-1",
        "deliver_to": "Manhattan",
        "delivery_date": "2026-11-24",
        "ingredient": "Flour",
        "packs": "3",
        "pack": "5 kg bag",
        "quantity": "15",
        "unit": "kg",
    }
    assert (rows[0]["ingredient"], rows[0]["packs"], rows[0]["pack"]) == ("Basil", "15", "crate, 5 kg")


def test_who_approved_what_and_when_is_kept(shop: Shop, order: PurchaseOrder) -> None:
    shop.answer(order, {"Flour": 3})
    assert shop.row("SELECT state, decided_by, decided_at, expected_date FROM inventory.purchase_order") == (
        "ordered",
        "Ada",
        NOW + HOUR,
        date(2026, 11, 24),
    )
    assert shop.rows(
        "SELECT proposed_pack_count, ordered_pack_count FROM inventory.purchase_order_line ORDER BY 2"
    ) == [
        (15, 3),
        (15, 15),
    ]
    assert shop.on_order("Flour") == 15


def test_an_answer_is_carried_out_once(shop: Shop, order: PurchaseOrder) -> None:
    shop.answer(order, {"Flour": 3})
    assert shop.answer(order, {"Flour": 9}, by="Bob") == "ordered"
    assert shop.answer(order, approve=False) == "ordered"
    assert len(shop.new_mails()) == 1
    assert shop.on_order("Flour") == 15
    assert form(shop, order) is None


def test_nothing_of_a_line_leaves_it_out(shop: Shop, order: PurchaseOrder) -> None:
    shop.answer(order, {"Flour": 0})
    [mail] = shop.new_mails()
    assert "1 item for" in mail.subject
    assert "Flour" not in mail.text
    assert (shop.on_order("Flour"), shop.on_order("Basil")) == (Decimal(), Decimal(75))


def test_nothing_of_every_line_is_a_rejection(shop: Shop, order: PurchaseOrder) -> None:
    assert shop.answer(order, {"Flour": 0, "Basil": 0}) == "rejected"
    assert shop.new_mails() == []


def test_a_rejection_orders_nothing_and_is_kept(shop: Shop, order: PurchaseOrder) -> None:
    assert shop.answer(order, approve=False) == "rejected"
    assert shop.new_mails() == []
    assert shop.row("SELECT state, decided_by FROM inventory.purchase_order") == ("rejected", "Ada")
    assert shop.on_order("Flour") == 0


def test_no_answer_orders_nothing_and_is_told(shop: Shop, order: PurchaseOrder) -> None:
    assert shop.answer(order, approve=False, by=None, at=NOW + 12 * HOUR) == "expired"
    [mail] = shop.new_mails()
    assert mail.subject == "Manhattan: nothing was ordered from Roma Foods, nobody answered PO-1"
    assert mail.recipients == ["manhattan@example.com"]
    assert "15 x 5 kg bag Flour" in mail.text
    assert shop.row("SELECT state, decided_by FROM inventory.purchase_order") == ("expired", None)


def test_approved_after_the_deadline_it_comes_with_the_next_delivery(shop: Shop, order: PurchaseOrder) -> None:
    shop.answer(order, at=NOW + 6 * HOUR)
    assert shop.row("SELECT expected_date FROM inventory.purchase_order") == date(2026, 11, 25)
    assert "for Wed, Nov 25" in shop.new_mails()[0].subject


@pytest.mark.parametrize("count", [-1, 2.5, "3", None, True])
def test_what_is_no_number_of_packs_is_refused(shop: Shop, order: PurchaseOrder, count: object) -> None:
    with pytest.raises(ValueError, match="is no number of packs of Flour"):
        shop.answer(order, {"Flour": count})
    assert shop.state(order) == "proposed"


def test_an_ingredient_that_was_not_proposed_is_refused(shop: Shop, order: PurchaseOrder) -> None:
    with pytest.raises(ValueError, match="PO-1 has no line for 'Gold'"):
        shop.answer(order, {"Gold": 1})


def test_a_name_that_a_spreadsheet_would_run_is_text(shop: Shop) -> None:
    shop.ingredient("=HYPERLINK(1)", sku="odd")
    shop.stock("=HYPERLINK(1)", "1")
    [order] = shop.look()
    shop.answer(order)
    assert b"'=HYPERLINK(1)" in bytes(shop.row("SELECT content FROM outbox.attachment"))


def test_a_late_delivery_is_asked_after_once_a_day(shop: Shop, order: PurchaseOrder) -> None:
    shop.answer(order, {"Basil": 0})
    shop.receive(order.number, lines="ingredient,quantity\nFlour,25 kg")
    shop.new_mails()
    due = NOW + DAY

    def subjects() -> list[str]:
        return [mail.subject for mail in shop.new_mails() if mail.subject.startswith("Late")]

    shop.look(due + HOUR)
    assert subjects() == []
    shop.look(due + DAY)
    shop.look(due + DAY + HOUR)
    [mail] = [mail for mail in shop.new_mails() if mail.subject.startswith("Late")]
    assert mail.subject == "Late: order PO-1 from Storekeeper Pizza, Manhattan"
    assert mail.recipients == ["orders@roma.example.com", "manhattan@example.com"]
    assert "Flour: 50 kg of 75 kg" in mail.text
    assert "Basil" not in mail.text
    shop.look(due + 2 * DAY)
    assert len(subjects()) == 1
    shop.receive(order.number)
    shop.look(due + 3 * DAY)
    assert subjects() == []
