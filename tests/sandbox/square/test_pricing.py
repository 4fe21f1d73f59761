"""The arithmetic of orders: whatever is ordered, the shares of the lines add up to the order's amounts."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.square.pricing import price
from sandbox.square.returns import return_order
from sandbox.square.shares import apportion
from tests.sandbox.square.conftest import usd

percentages = st.decimals(0, 30, places=3).map(str)
quantities = st.one_of(st.integers(1, 20).map(str), st.decimals("0.01", 10, places=2).map(str))
scopes = st.sampled_from(["ORDER", "LINE_ITEM"])
adjustment_uids = ("first", "second")


@st.composite
def adjustments(draw: st.DrawFn, *, with_amounts: bool) -> list[dict[str, Any]]:
    drawn = []
    for uid in adjustment_uids[: draw(st.integers(0, 2))]:
        adjustment: dict[str, Any] = {"uid": uid, "scope": draw(scopes)}
        if with_amounts and draw(st.booleans()):
            adjustment["amount_money"] = usd(draw(st.integers(0, 3000)))
        else:
            adjustment["percentage"] = draw(percentages)
        drawn.append(adjustment)
    return drawn


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    discounts = draw(adjustments(with_amounts=True))
    taxes = draw(adjustments(with_amounts=False))
    for tax in taxes:
        tax["type"] = draw(st.sampled_from(["ADDITIVE", "INCLUSIVE"]))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        line: dict[str, Any] = {
            "name": "Pizza",
            "quantity": draw(quantities),
            "base_price_money": usd(draw(st.integers(0, 5000))),
            "applied_discounts": [{"discount_uid": d["uid"]} for d in discounts if draw(st.booleans())],
            "applied_taxes": [{"tax_uid": t["uid"]} for t in taxes if draw(st.booleans())],
        }
        extras = draw(st.lists(st.integers(0, 500), max_size=2))
        line["modifiers"] = [{"name": "Extra", "base_price_money": usd(extra)} for extra in extras]
        lines.append(line)
    phases = st.sampled_from(
        ["SUBTOTAL_PHASE", "TOTAL_PHASE", "APPORTIONED_PERCENTAGE_PHASE", "APPORTIONED_AMOUNT_PHASE"]
    )
    charges = []
    for uid in adjustment_uids[: draw(st.integers(0, 2))]:
        charge: dict[str, Any] = {"uid": uid, "calculation_phase": draw(phases)}
        if charge["calculation_phase"] == "APPORTIONED_AMOUNT_PHASE":
            charge["amount_money"] = usd(draw(st.integers(0, 1000)))
        else:
            charge["percentage"] = draw(percentages)
        charges.append(charge)
    tip = draw(st.integers(0, 1000))
    tenders = [{"id": "tender", "amount_money": usd(tip), "tip_money": usd(tip)}]
    return {
        "id": "sale",
        "location_id": "L",
        "line_items": lines,
        "discounts": discounts,
        "taxes": taxes,
        "service_charges": charges,
        "tenders": tenders,
    }


def total(parts: list[dict[str, Any]], field: str) -> int:
    return sum(part[field]["amount"] for part in parts)


@given(orders())
def test_gross_less_discount_plus_tax_service_and_tip_is_the_total(order: dict[str, Any]) -> None:
    price(order, "USD", "US")
    gross = total(order["line_items"], "gross_sales_money")
    worked_out = (
        gross
        - order["total_discount_money"]["amount"]
        + order["total_tax_money"]["amount"]
        + order["total_service_charge_money"]["amount"]
        + order["total_tip_money"]["amount"]
    )
    assert worked_out == order["total_money"]["amount"]


@given(orders())
def test_the_lines_shares_add_up_to_the_orders_amounts(order: dict[str, Any]) -> None:
    price(order, "USD", "US")
    lines = order["line_items"]
    assert total(lines, "total_discount_money") == order["total_discount_money"]["amount"]
    assert total(lines, "total_tax_money") == order["total_tax_money"]["amount"]
    for kind, plural in (("discount", "discounts"), ("tax", "taxes")):
        for adjustment in order[plural]:
            shares = [
                share["applied_money"]["amount"]
                for line in lines
                for share in line.get(f"applied_{plural}", [])
                if share[f"{kind}_uid"] == adjustment["uid"]
            ]
            assert sum(shares) == adjustment["applied_money"]["amount"]
    assert total(order["discounts"], "applied_money") == order["total_discount_money"]["amount"]
    assert total(order["taxes"], "applied_money") == order["total_tax_money"]["amount"]


@given(orders())
def test_no_line_is_discounted_below_zero(order: dict[str, Any]) -> None:
    price(order, "USD", "US")
    assert all(line["total_money"]["amount"] >= 0 for line in order["line_items"])


@given(orders())
def test_pricing_a_priced_order_changes_nothing(order: dict[str, Any]) -> None:
    price(order, "USD", "US")
    before = str(order)
    price(order, "USD", "US")
    assert str(order) == before


@given(orders())
def test_a_return_of_the_whole_sale_takes_back_what_the_sale_took(order: dict[str, Any]) -> None:
    price(order, "USD", "US")
    at = "2026-03-01T12:00:00.000Z"
    refund = {
        "id": "refund",
        "payment_id": "tender",
        "amount_money": order["total_money"],
        "reason": "cold",
        "created_at": at,
    }
    returned = return_order(order, refund, is_whole_sale=True)
    for name, amount in order["net_amounts"].items():
        assert returned["net_amounts"][name]["amount"] == -amount["amount"]
    entry = returned["returns"][0]
    assert total(entry["return_line_items"], "total_money") == total(order["line_items"], "total_money")
    assert total(entry.get("return_taxes", []), "applied_money") == order["total_tax_money"]["amount"]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_apportioning_gives_everything_away_and_nothing_twice(amount: int, weights: list[int]) -> None:
    shares = apportion(amount, weights)
    assert sum(shares) == (amount if sum(weights) else 0)
    if sum(weights):
        assert all(
            abs(share - amount * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True)
        )


def test_inclusive_tax_is_taken_out_of_gross_sales_in_the_us_and_left_in_elsewhere() -> None:
    def order() -> dict[str, Any]:
        return {
            "line_items": [{"name": "Pizza", "quantity": "1", "base_price_money": {"amount": 1100}}],
            "taxes": [{"uid": "vat", "type": "INCLUSIVE", "percentage": "10"}],
        }

    american, british = order(), order()
    price(american, "USD", "US")
    price(british, "GBP", "GB")
    for priced, gross in ((american, 1000), (british, 1100)):
        assert priced["line_items"][0]["gross_sales_money"]["amount"] == gross
        assert priced["total_tax_money"]["amount"] == 100
        assert priced["total_money"]["amount"] == 1100
