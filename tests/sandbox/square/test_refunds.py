"""Refunds: a new order records the return, the sale stays as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from square import Square
from square.core.api_error import ApiError
from square.types.order import Order

from tests.sandbox.square.conftest import Menu, cents, errors_of, new_key, usd

Place = Callable[..., Order]
Pay = Callable[..., Any]


def refund(square: Square, payment: Any, amount: int) -> Any:
    money: Any = usd(amount)
    return square.refunds.refund_payment(
        idempotency_key=new_key(), payment_id=payment.id, amount_money=money, reason="cold"
    ).refund


def order_of(square: Square, order_id: str) -> Any:
    return square.orders.get(order_id=order_id).order


def test_a_full_refund_mirrors_the_sale_item_by_item(square: Square, place_order: Place, pay: Pay, menu: Menu) -> None:
    line = {"quantity": "2", "catalog_object_id": menu["#small"], "modifiers": [{"catalog_object_id": menu["#cheese"]}]}
    water = {"quantity": "1", "name": "Water", "base_price_money": usd(200)}
    sale = place_order(
        line_items=[line, water],
        taxes=[{"catalog_object_id": menu["#tax"]}],
        discounts=[{"name": "Ten", "percentage": "10"}],
    )
    payment = pay(sale, tip_cents=300)
    paid = order_of(square, str(sale.id))
    returned = order_of(square, refund(square, payment, cents(payment.total_money)).order_id)

    assert returned.id != sale.id
    assert returned.state == "COMPLETED"
    assert returned.line_items is None
    entry = returned.returns[0]
    assert entry.source_order_id == sale.id
    assert [r.source_line_item_uid for r in entry.return_line_items] == [one.uid for one in paid.line_items]
    assert [cents(r.total_money) for r in entry.return_line_items] == [cents(o.total_money) for o in paid.line_items]
    assert entry.return_line_items[0].return_modifiers[0].source_modifier_uid == paid.line_items[0].modifiers[0].uid
    assert entry.return_taxes[0].source_tax_uid == paid.taxes[0].uid
    assert entry.return_line_items[0].applied_taxes[0].tax_uid == entry.return_taxes[0].uid
    assert returned.return_amounts == paid.net_amounts
    assert cents(returned.net_amounts.total_money) == -cents(paid.total_money)
    assert cents(returned.net_amounts.tip_money) == -300
    assert [(r.status, cents(r.amount_money)) for r in returned.refunds] == [("APPROVED", cents(paid.total_money))]
    assert order_of(square, str(sale.id)) == paid


def test_a_partial_refund_returns_one_custom_amount(square: Square, place_order: Place, pay: Pay) -> None:
    payment = pay(place_order())
    returned = order_of(square, refund(square, payment, 300).order_id)
    lines = returned.returns[0].return_line_items
    assert [(line.item_type, cents(line.total_money)) for line in lines] == [("CUSTOM_AMOUNT", 300)]
    assert cents(returned.net_amounts.total_money) == -300
    assert cents(returned.net_amounts.tax_money) == 0


def test_the_payment_knows_its_refunds_and_gives_back_no_more_than_it_took(
    square: Square, place_order: Place, pay: Pay
) -> None:
    payment = pay(place_order())
    first = refund(square, payment, 600)
    with pytest.raises(ApiError) as error:
        refund(square, payment, 401)
    assert errors_of(error) == [("REFUND_ERROR", "REFUND_AMOUNT_INVALID")]
    second = refund(square, payment, 400)

    known = square.payments.get(payment_id=payment.id).payment
    assert known
    assert known.refund_ids == [first.id, second.id]
    assert cents(known.refunded_money) == 1000
    assert {one.id for one in square.refunds.list()} == {first.id, second.id}


def test_an_approved_payment_cannot_be_refunded(square: Square, place_order: Place, pay: Pay) -> None:
    payment = pay(place_order(), autocomplete=False)
    with pytest.raises(ApiError) as error:
        refund(square, payment, 100)
    assert errors_of(error) == [("REFUND_ERROR", "PAYMENT_NOT_REFUNDABLE")]


def test_payments_are_listed_by_location_and_time_newest_first(square: Square, place_order: Place, pay: Pay) -> None:
    payments = []
    for day in (1, 2, 3):
        options: Any = {"additional_headers": {"X-Sandbox-Now": f"2026-03-0{day}T12:00:00Z"}}
        payments.append(pay(place_order(), request_options=options))
    found = square.payments.list(
        location_id=payments[0].location_id, begin_time="2026-03-02T00:00:00Z", end_time="2026-03-04T00:00:00Z", limit=1
    )
    assert [one.id for one in found] == [payments[2].id, payments[1].id]
