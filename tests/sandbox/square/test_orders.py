"""Orders through the SDK: creating, changing, paying."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from square import Square
from square.core.api_error import ApiError
from square.types.location import Location
from square.types.order import Order

from sandbox.square.times import rfc3339
from tests.sandbox.square.conftest import Menu, cents, errors_of, new_key, usd

Place = Callable[..., Order]
Pay = Callable[..., Any]


def test_names_and_prices_come_from_the_catalog(place_order: Place, menu: Menu) -> None:
    line = {"quantity": "2", "catalog_object_id": menu["#small"], "modifiers": [{"catalog_object_id": menu["#cheese"]}]}
    order = place_order(line_items=[line], taxes=[{"catalog_object_id": menu["#tax"]}])

    assert order.line_items
    line_item = order.line_items[0]
    assert (line_item.name, line_item.variation_name, line_item.item_type) == ("Margherita", "Small", "ITEM")
    assert line_item.modifiers
    assert line_item.modifiers[0].name == "Cheese"
    assert cents(line_item.variation_total_price_money) == 1998
    assert cents(line_item.gross_sales_money) == 1998 + 300
    assert cents(order.total_tax_money) == 204  # 8.875 % of 22.98
    assert cents(order.total_money) == 2298 + 204


def test_item_taxes_apply_by_themselves_on_request(place_order: Place, menu: Menu) -> None:
    lines = [
        {"quantity": "1", "catalog_object_id": menu["#small"]},
        {"quantity": "1", "name": "Gift", "base_price_money": usd(1000)},
    ]
    order = place_order(line_items=lines, pricing_options={"auto_apply_taxes": True})
    assert cents(order.total_tax_money) == 89
    assert order.taxes
    assert order.taxes[0].auto_applied is True


def test_the_openapi_documents_example_is_reproduced_to_the_cent(place_order: Place) -> None:
    order = place_order(
        line_items=[
            {"name": "New York Strip Steak", "quantity": "1", "base_price_money": usd(1599)},
            {
                "name": "New York Steak",
                "quantity": "2",
                "base_price_money": usd(2200),
                "modifiers": [{"name": "Well", "base_price_money": usd(50)}],
                "applied_discounts": [{"discount_uid": "one-dollar-off"}],
            },
        ],
        discounts=[
            {"uid": "labor-day-sale", "name": "Labor Day Sale", "percentage": "5", "scope": "ORDER"},
            {"uid": "membership", "name": "Membership Discount", "percentage": "0.5", "scope": "ORDER"},
            {"uid": "one-dollar-off", "name": "$1.00 off", "amount_money": usd(100), "scope": "LINE_ITEM"},
        ][::-1],
        taxes=[{"uid": "state-sales-tax", "name": "State Sales Tax", "percentage": "9", "scope": "ORDER"}],
    )
    assert order.discounts
    assert order.line_items
    applied = {discount.uid: cents(discount.applied_money) for discount in order.discounts}
    assert applied == {"membership": 30, "labor-day-sale": 303, "one-dollar-off": 100}
    assert [cents(line.total_discount_money) for line in order.line_items] == [87, 346]
    assert [cents(line.total_tax_money) for line in order.line_items] == [136, 374]
    assert [cents(line.total_money) for line in order.line_items] == [1648, 4528]


def test_calculating_stores_nothing(square: Square, location: Location) -> None:
    line = {"name": "Pizza", "quantity": "1", "base_price_money": usd(1000)}
    order = square.orders.calculate(order={"location_id": str(location.id), "line_items": [line]}).order
    assert order
    assert cents(order.total_money) == 1000
    assert square.orders.search(location_ids=[str(location.id)]).orders is None


def test_an_update_needs_the_latest_version_and_changes_only_what_it_names(square: Square, place_order: Place) -> None:
    order = place_order(discounts=[{"uid": "ten", "name": "Ten", "percentage": "10", "scope": "ORDER"}])
    assert order.line_items
    wish: Any = {
        "location_id": order.location_id,
        "version": order.version,
        "line_items": [
            {"uid": order.line_items[0].uid, "quantity": "3"},
            {"name": "Water", "quantity": "1", "base_price_money": usd(200)},
        ],
    }
    changed = square.orders.update(order_id=str(order.id), order=wish).order
    assert changed
    assert changed.version == 2
    assert cents(changed.total_money) == 2880  # 10 % off three pizzas and a water

    with pytest.raises(ApiError) as error:
        square.orders.update(order_id=str(order.id), order=wish)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "VERSION_MISMATCH")]


def test_fields_to_clear_removes_a_discount_a_line_and_a_note(square: Square, place_order: Place) -> None:
    lines = [
        {"uid": "a", "name": "Pizza", "quantity": "1", "base_price_money": usd(1000), "note": "hot"},
        {"uid": "b", "name": "Water", "quantity": "1", "base_price_money": usd(200)},
    ]
    order = place_order(line_items=lines, discounts=[{"uid": "ten", "percentage": "10", "scope": "ORDER"}])
    changed = square.orders.update(
        order_id=str(order.id),
        order={"location_id": order.location_id, "version": order.version},
        fields_to_clear=["discounts[ten]", "line_items[b]", "line_items[a].note"],
    ).order
    assert changed
    assert changed.line_items
    assert [line.note for line in changed.line_items] == [None]
    assert cents(changed.total_money) == 1000


def test_paying_in_full_completes_the_order_with_tender_and_tip(square: Square, place_order: Place, pay: Pay) -> None:
    order = place_order()
    payment = pay(order, tip_cents=250)
    paid = square.orders.get(order_id=str(order.id)).order

    assert paid
    assert (paid.state, paid.version) == ("COMPLETED", 2)
    assert paid.closed_at
    assert paid.tenders
    assert [(tender.type, tender.payment_id) for tender in paid.tenders] == [("CARD", payment.id)]
    assert cents(paid.total_tip_money) == 250
    assert cents(paid.total_money) == 1250
    assert cents(paid.net_amount_due_money) == 0


def test_a_payment_of_another_amount_is_refused(square: Square, place_order: Place) -> None:
    order = place_order()
    with pytest.raises(ApiError) as error:
        square.payments.create(
            source_id="cnon:card-nonce-ok", idempotency_key=new_key(), order_id=order.id, amount_money=usd(999)
        )
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "PAYMENT_AMOUNT_MISMATCH")]


def test_a_declined_card_leaves_the_order_open(square: Square, place_order: Place) -> None:
    order = place_order()
    with pytest.raises(ApiError) as error:
        square.payments.create(
            source_id="cnon:card-nonce-declined", idempotency_key=new_key(), order_id=order.id, amount_money=usd(1000)
        )
    assert errors_of(error) == [("PAYMENT_METHOD_ERROR", "GENERIC_DECLINE")]
    open_order = square.orders.get(order_id=str(order.id)).order
    assert open_order
    assert open_order.state == "OPEN"


def test_two_approved_payments_pay_an_order_together(square: Square, place_order: Place) -> None:
    order = place_order()
    ids = []
    for amount in (400, 600):
        payment = square.payments.create(
            source_id="cnon:card-nonce-ok",
            idempotency_key=new_key(),
            order_id=order.id,
            amount_money=usd(amount),
            autocomplete=False,
        ).payment
        assert payment
        ids.append(str(payment.id))
    paid = square.orders.pay(order_id=str(order.id), idempotency_key=new_key(), payment_ids=ids).order
    assert paid
    assert paid.state == "COMPLETED"
    assert paid.tenders
    assert [cents(tender.amount_money) for tender in paid.tenders] == [400, 600]


def test_an_order_that_costs_nothing_is_paid_without_payments(square: Square, place_order: Place) -> None:
    order = place_order(line_items=[{"name": "Sample", "quantity": "1", "base_price_money": usd(0)}])
    paid = square.orders.pay(order_id=str(order.id), idempotency_key=new_key(), payment_ids=[]).order
    assert paid
    assert paid.state == "COMPLETED"


def test_cash_gives_change(square: Square, place_order: Place) -> None:
    order = place_order()
    payment = square.payments.create(
        source_id="CASH",
        idempotency_key=new_key(),
        order_id=order.id,
        amount_money=usd(1000),
        cash_details={"buyer_supplied_money": usd(2000)},
    ).payment
    assert payment
    assert payment.cash_details
    assert cents(payment.cash_details.change_back_money) == 1000


def test_the_clock_header_dates_an_order_which_still_counts_as_changed_now(
    square: Square, place_order: Place, pay: Pay
) -> None:
    before = rfc3339(datetime.now(UTC))
    options: Any = {"additional_headers": {"X-Sandbox-Now": "2026-03-08T03:30:00-05:00"}}
    order = place_order(request_options=options)
    pay(order, request_options=options)
    paid = square.orders.get(order_id=str(order.id)).order
    assert paid
    assert (paid.created_at, paid.closed_at) == ("2026-03-08T08:30:00.000Z", "2026-03-08T08:30:00.000Z")
    assert str(paid.updated_at) >= before


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"line_items": [{"name": "Pizza", "quantity": "-1", "base_price_money": usd(1)}]}, "INVALID_VALUE"),
        ({"line_items": [{"name": "Pizza", "quantity": "1"}]}, "MISSING_REQUIRED_PARAMETER"),
        ({"line_items": [{"quantity": "1", "catalog_object_id": "NOPE"}]}, "NOT_FOUND"),
        ({"discounts": [{"percentage": "101"}]}, "VALUE_TOO_HIGH"),
        (
            {
                "line_items": [
                    {
                        "name": "Pizza",
                        "quantity": "1",
                        "base_price_money": usd(1),
                        "applied_taxes": [{"tax_uid": "nope"}],
                    }
                ]
            },
            "INVALID_VALUE",
        ),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(place_order: Place, wish: dict[str, Any], code: str) -> None:
    with pytest.raises(ApiError) as error:
        place_order(**wish)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", code)]


def test_orders_are_retrieved_by_up_to_100_ids(square: Square, place_order: Place) -> None:
    ids = [str(place_order().id) for _ in range(3)]
    found = square.orders.batch_get(order_ids=[*ids, "missing"]).orders
    assert found
    assert [order.id for order in found] == ids
    with pytest.raises(ApiError) as error:
        square.orders.batch_get(order_ids=["x"] * 101)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "ARRAY_LENGTH_TOO_LONG")]
