"""From Square's order to silver's rows: pure, one order at a time, in integer cents."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from include.warehouse.rejections import MalformedError, check_text
from include.warehouse.square_order import Line, Money, Order, ReturnLine, Rounding, order_decoder

Row = tuple[Any, ...]
# Outside of these an instant is a slip of somebody's clock, and would make partitions of fact_sales that nobody needs.
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
# So much of a name stands in the id of a product that has no other: short enough for an index.
NAME_IN_ID = 200


@dataclass(slots=True)
class TypedOrder:
    """The rows of one order for silver, each in the order of its table's columns.

    Less the order's key, with which they all begin, and less the business day after it in the order's own row.
    """

    order_id: str
    location_id: str
    # When it was closed, or was made while it is open: decides on the business day.
    sold_at: datetime
    order: Row = ()
    lines: list[Row] = field(default_factory=list)
    modifiers: list[Row] = field(default_factory=list)
    adjustments: list[Row] = field(default_factory=list)
    tenders: list[Row] = field(default_factory=list)
    return_lines: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)


def type_order(body: bytes, currency: str) -> TypedOrder:
    """
    :param body: one order of Square's, as JSON.
    :param currency: of its location.
    :raises MalformedError: when a field is missing or of the wrong type, an amount is in another currency, an instant
        is impossible, or the amounts do not add up.
    """
    check_text(body)
    try:
        order = order_decoder(currency).decode(body)
    except msgspec.MsgspecError as error:
        raise MalformedError(str(error)) from error
    for name in ("created_at", "updated_at", "closed_at"):
        at: datetime | None = getattr(order, name)
        if at is not None and not EARLIEST_YEAR <= at.year < LATEST_YEAR:
            raise MalformedError(f"{name} {at.isoformat()} is no plausible time")

    typed = TypedOrder(order.id, order.location_id, order.closed_at or order.created_at)
    sold = _lines(order, typed)
    returned = _returns(order, typed)
    _adjustments(order, typed)
    _payments(order, typed)
    typed.order = (
        order.id,
        order.version,
        order.location_id,
        order.customer_id,
        order.state,
        (order.source and order.source.name) or "",
        currency,
        *sold,
        *returned,
        order.created_at,
        order.updated_at,
        order.closed_at,
    )
    return typed


def _product_id(line: Line[Any] | ReturnLine[Any]) -> str:
    """The item variation's; of a line without one, e.g. a custom amount, one that is made of its name."""
    return line.catalog_object_id or f"line:{(line.name or '')[:NAME_IN_ID]}:{(line.variation_name or '')[:NAME_IN_ID]}"


@lru_cache(maxsize=1024)
def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _cents(money: Money[Any] | None) -> int:
    return 0 if money is None else money.amount


def _rounding(adjustment: Rounding[Any] | None) -> int:
    return 0 if adjustment is None else _cents(adjustment.amount_money)


def _contained_tax(stated: str, total: int, without: int, with_charge: int, inclusive: int) -> int:
    """How much of the inclusive tax the gross holds: none (US, Canada, Japan) or all of it.

    :param total: as stated; :param without: what it is if no tax is contained, the apportioned service charge left
        out; :param with_charge: the same with it.
    """
    for contained in (0, inclusive):
        if total in (with_charge - contained, without - contained):
            return contained
    raise MalformedError(f"the amounts do not add up: {stated}, which makes {with_charge}, but total_money is {total}")


def _lines(order: Order[Any], typed: TypedOrder) -> Row:
    """Adds the rows of lines and modifiers.

    :returns: the order's gross, discount, tax, inclusive tax, service charge, tip and total.
    """
    inclusive_taxes = {tax.uid for tax in order.taxes or () if tax.type == "INCLUSIVE"}
    gross = discount = tax = inclusive_tax = collected = 0
    for number, line in enumerate(order.line_items or (), start=1):
        line_gross, line_total = line.gross_sales_money.amount, line.total_money.amount
        line_discount, line_tax = line.total_discount_money.amount, line.total_tax_money.amount
        charge = _cents(line.total_service_charge_money)
        inclusive = (
            sum(_cents(each.applied_money) for each in line.applied_taxes or () if each.tax_uid in inclusive_taxes)
            if inclusive_taxes
            else 0
        )
        base = line_gross - line_discount + line_tax
        if line_total == base + charge:
            contained = 0
        else:
            stated = f"line {number}: gross {line_gross} - discount {line_discount} + tax {line_tax}"
            contained = _contained_tax(
                f"{stated} + service charge {charge}", line_total, base, base + charge, inclusive
            )
        _modifiers(number, line, inclusive, typed)
        typed.lines.append(
            (
                number,
                line.uid,
                _product_id(line),
                line.name or "",
                line.variation_name or "",
                line.item_type or "ITEM",
                _decimal(line.quantity),
                line.base_price_money.amount,
                line_gross,
                line_discount,
                line_tax,
                contained,
                charge,
                line_total,
            )
        )
        gross += line_gross
        discount += line_discount
        tax += line_tax
        inclusive_tax += contained
        collected += line_total
    return _sale(order, gross, discount, tax, inclusive_tax, collected)


def _modifiers(line_number: int, line: Line[Any], inclusive_tax: int, typed: TypedOrder) -> None:
    price = 0
    for number, modifier in enumerate(line.modifiers or (), start=1):
        total = modifier.total_price_money.amount
        price += total
        typed.modifiers.append(
            (
                line_number,
                number,
                modifier.uid or "",
                modifier.catalog_object_id or f"modifier:{(modifier.name or '')[:NAME_IN_ID]}",
                modifier.name or "",
                _decimal(modifier.quantity or "1"),
                _cents(modifier.base_price_money),
                total,
            )
        )
    if line.variation_total_price_money is None:
        return
    price += line.variation_total_price_money.amount
    if line.gross_sales_money.amount not in (price, price - inclusive_tax):
        raise MalformedError(
            f"the amounts do not add up: line {line_number}: variation and modifiers make {price}, "
            f"but gross_sales_money is {line.gross_sales_money.amount}"
        )


def _sale(order: Order[Any], gross: int, discount: int, tax: int, inclusive_tax: int, collected: int) -> Row:
    """Holds the order's stated amounts against the sums of its lines (the parameters) and charges."""
    service_charge = _cents(order.total_service_charge_money)
    charged = 0
    for charge in order.service_charges or ():
        charged += _cents(charge.applied_money)
        # An apportioned charge stands in the lines' totals already.
        if charge.treatment_type != "APPORTIONED_TREATMENT":
            tax += _cents(charge.total_tax_money)
            collected += _cents(charge.total_money or charge.applied_money)
    tip = _cents(order.total_tip_money)
    rounding = _rounding(order.rounding_adjustment)
    stated = (
        ("total_discount_money", order.total_discount_money.amount, discount),
        ("total_tax_money", order.total_tax_money.amount, tax),
        ("total_service_charge_money", service_charge, charged),
        ("total_money", order.total_money.amount, collected + tip + rounding),
    )
    for name, amount, expected in stated:
        if amount != expected:
            raise MalformedError(f"the amounts do not add up: {name} is {amount}, but its parts make {expected}")
    total = order.total_money.amount
    # Less the inclusive tax that the charges hold, and with the rounding.
    service_charge = total - (gross - discount + tax - inclusive_tax + tip)
    return gross, discount, tax, inclusive_tax, service_charge, tip, total


def _returns(order: Order[Any], typed: TypedOrder) -> Row:
    """Adds the rows of returned lines.

    :returns: what the order returns of gross, discount, tax, inclusive tax, service charge, tip and total.
    """
    if not order.returns:
        return 0, 0, 0, 0, 0, 0, 0
    gross = inclusive_tax = charge_tax = rounding = 0
    for return_number, each in enumerate(order.returns, start=1):
        for number, line in enumerate(each.return_line_items or (), start=1):
            row = _return_line(return_number, each.source_order_id, number, line)
            typed.return_lines.append(row)
            gross += line.gross_return_money.amount
            inclusive_tax += row[-2]
        for charge in each.return_service_charges or ():
            if charge.treatment_type != "APPORTIONED_TREATMENT" and charge.total_money is not None:
                charge_tax += _cents(charge.applied_money) + _cents(charge.total_tax_money) - charge.total_money.amount
        rounding += _rounding(each.rounding_adjustment)
    amounts = order.return_amounts
    if amounts is None or amounts.total_money is None:
        raise MalformedError("the order returns something, but return_amounts.total_money is missing")
    discount, tax = _cents(amounts.discount_money), _cents(amounts.tax_money)
    service_charge, tip = _cents(amounts.service_charge_money), _cents(amounts.tip_money)
    total = amounts.total_money.amount
    parts = gross - discount + tax - inclusive_tax + service_charge - charge_tax + tip
    if total - parts not in (0, rounding, -rounding):
        raise MalformedError(
            f"the amounts do not add up: return_amounts.total_money is {total}, but its parts make {parts}"
        )
    service_charge = total - (gross - discount + tax - inclusive_tax + tip)
    return gross, discount, tax, inclusive_tax, service_charge, tip, total


def _return_line(return_number: int, source_order_id: str | None, number: int, line: ReturnLine[Any]) -> Row:
    gross, discount = line.gross_return_money.amount, line.total_discount_money.amount
    tax, total = line.total_tax_money.amount, line.total_money.amount
    charge = _cents(line.total_service_charge_money)
    base = gross - discount + tax
    stated = f"returned line {return_number}.{number}: gross {gross} - discount {discount} + tax {tax}"
    contained = _contained_tax(f"{stated} + service charge {charge}", total, base, base + charge, tax)
    return (
        return_number,
        number,
        source_order_id,
        line.source_line_item_uid,
        _product_id(line),
        line.name or "",
        line.variation_name or "",
        _decimal(line.quantity),
        gross,
        discount,
        tax,
        contained,
        total,
    )


def _adjustments(order: Order[Any], typed: TypedOrder) -> None:
    for kind, adjustments in _kinds(order):
        for number, each in enumerate(adjustments or (), start=1):
            is_inclusive = kind == "tax" and each.type == "INCLUSIVE"
            amount = _cents(each.applied_money)
            typed.adjustments.append(
                (
                    kind,
                    number,
                    each.catalog_object_id,
                    each.name or "",
                    None if each.percentage is None else _decimal(each.percentage),
                    is_inclusive,
                    amount,
                )
            )


def _kinds(order: Order[Any]) -> tuple[tuple[str, Sequence[Any] | None], ...]:
    return ("discount", order.discounts), ("tax", order.taxes), ("service_charge", order.service_charges)


def _payments(order: Order[Any], typed: TypedOrder) -> None:
    for number, tender in enumerate(order.tenders or (), start=1):
        typed.tenders.append(
            (number, tender.type, _cents(tender.amount_money), _cents(tender.tip_money), tender.created_at)
        )
    for refund in {refund.id: refund for refund in reversed(order.refunds or ())}.values():
        amount = refund.amount_money
        typed.refunds.append(
            (
                refund.id,
                order.location_id,
                refund.status,
                refund.reason or "",
                amount.amount,
                amount.currency,
                refund.created_at,
            )
        )
