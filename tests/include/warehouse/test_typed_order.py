"""Square's JSON typed: what is refused, with what reason, and that nothing else ever comes out."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.warehouse.rejections import MalformedError
from include.warehouse.typed_order import TypedOrder, type_order
from tests.include.warehouse.square_json import Json, encode, line, money, order, return_order


def test_an_order_is_typed_into_rows() -> None:
    typed = type_order(encode(order("o", line(modifiers={"olives": 150}, quantity=2, tax=184), tip=300)), "USD")
    assert (typed.order_id, typed.location_id, typed.sold_at) == ("o", "L-NY", typed.order[-1])
    assert typed.order[:14] == ("o", 1, "L-NY", None, "COMPLETED", "Till", "USD", 2300, 0, 184, 0, 0, 300, 2784)
    assert typed.lines == [
        (1, "line-1", "margherita-m", "Margherita", "Medium", "ITEM", Decimal(2), 1000, 2300, 0, 184, 0, 0, 2484)
    ]
    assert typed.modifiers == [(1, 1, "line-1-olives", "olives", "Olives", Decimal(1), 150, 300)]
    assert [row[:4] for row in typed.tenders] == [(1, "CARD", 2784, 300)]


def spoil(**fields: Any) -> Callable[[Json], None]:
    def change(body: Json) -> None:
        body.update(fields)

    return change


def spoil_line(**fields: Any) -> Callable[[Json], None]:
    def change(body: Json) -> None:
        body["line_items"][0].update(fields)

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (spoil(total_money=None), "Expected `object`, got `null` - at `$.total_money`"),
        (
            spoil(total_money={"amount": 10.5, "currency": "USD"}),
            "Expected `int`, got `float` - at `$.total_money.amount`",
        ),
        (spoil(total_money={"amount": "1000", "currency": "USD"}), "Expected `int`, got `str`"),
        (spoil(total_money=money(999)), "total_money is 999, but its parts make 1000"),
        (spoil(total_discount_money=money(1)), "total_discount_money is 1, but its parts make 0"),
        (spoil(total_tax_money=money(-1)), "total_tax_money is -1, but its parts make 0"),
        (spoil(total_service_charge_money=money(5)), "total_service_charge_money is 5"),
        (spoil(state="SHIPPED"), "Invalid enum value 'SHIPPED' - at `$.state`"),
        (spoil(closed_at="2026-02-30T12:00:00Z"), "Invalid RFC3339 encoded datetime - at `$.closed_at`"),
        (spoil(closed_at="2026-02-03T12:00:00"), "timezone component - at `$.closed_at`"),
        (spoil(closed_at="0026-02-03T12:00:00Z"), "closed_at 0026-02-03T12:00:00+00:00 is no plausible time"),
        (spoil(customer_id="a\0b"), "a text holds the character NUL"),
        (spoil_line(quantity="one"), "at `$.line_items[0].quantity`"),
        (spoil_line(quantity="-1"), "at `$.line_items[0].quantity`"),
        (spoil_line(base_price_money=money(1000, "EUR")), "Invalid enum value 'EUR' - at `$.line_items[0].base_price"),
        (spoil_line(gross_sales_money=money(10**17)), "at `$.line_items[0].gross_sales_money.amount`"),
        (spoil_line(gross_sales_money=money(900)), "line 1: gross 900 - discount 0 + tax 0"),
        (spoil_line(variation_total_price_money=money(900)), "variation and modifiers make 900"),
    ],
)
def test_a_malformed_order_is_refused_with_its_reason(change: Callable[[Json], None], reason: str) -> None:
    body = order("o", line())
    change(body)
    with pytest.raises(MalformedError) as caught:
        type_order(encode(body), "USD")
    assert reason in str(caught.value)


@pytest.mark.parametrize("field", ["id", "location_id", "state", "created_at", "updated_at", "total_money"])
def test_what_no_order_can_do_without_is_required(field: str) -> None:
    body = order("o", line())
    del body[field]
    with pytest.raises(MalformedError, match=f"missing required field `{field}`"):
        type_order(encode(body), "USD")


def test_a_return_must_add_up() -> None:
    body = return_order(gross=1000, tax=80)
    body["return_amounts"]["total_money"] = money(1000)
    with pytest.raises(MalformedError, match=r"return_amounts.total_money is 1000, but its parts make 1080"):
        type_order(encode(body), "USD")


def test_a_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(MalformedError, match="utf-8"):
        type_order(encode(order("o", line())).replace(b"Margherita", b"Margherita \xff"), "USD")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in paths(each, (*path, key)))]


WHOLE = order("o", line(modifiers={"olives": 150}, tax=92, discount=20), tip=300, service_charge=100) | {
    name: value for name, value in return_order().items() if name in ("returns", "return_amounts", "refunds")
}


@given(path=st.sampled_from(paths(WHOLE)[1:]), value=json_values)
def test_whatever_stands_in_a_field_the_order_is_typed_or_refused(path: tuple[Any, ...], value: Any) -> None:
    body = json.loads(json.dumps(WHOLE))
    place = body
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        typed = type_order(encode(body), "USD")
    except MalformedError:
        return
    assert isinstance(typed, TypedOrder)


@given(st.binary() | st.text().map(str.encode))
def test_whatever_is_no_order_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError):
        type_order(body, "USD")
