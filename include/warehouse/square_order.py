"""The shape of Square's order, as far as silver needs it: what is declared here is checked while the JSON is read.

A structure is generic in the currency, so that the decoder for a location's orders refuses every amount in another one.
Source: Order and what it holds in Square's OpenAPI document. Amounts that Square leaves out where they are nothing
default to None; what no order can do without has no default.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

C = TypeVar("C")
T = TypeVar("T")

# Far above any order, and small enough that the sum of an order's amounts stays a bigint.
Cents = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Id = Annotated[str, Meta(min_length=1, max_length=192)]
Instant = Annotated[datetime, Meta(tz=True)]
Quantity = Annotated[str, Meta(pattern=r"^\d{1,7}(\.\d{1,5})?$")]
Percentage = Annotated[str, Meta(pattern=r"^-?\d{1,4}(\.\d{1,10})?$")]
# More than Square allows of anything, and few enough to be numbered by a smallint.
Many = Annotated[Sequence[T], Meta(max_length=5000)]
Version = Annotated[int, Meta(ge=0, lt=2**31)]


class Key(Struct, gc=False):
    """What bronze needs to know of an order."""

    id: Id
    location_id: Id
    updated_at: Instant
    # Orders that were not made through the API carry no version; updated_at decides between them.
    version: Version = 0


class Money(Struct, Generic[C], gc=False):
    amount: Cents
    currency: C


class Modifier(Struct, Generic[C], gc=False):
    total_price_money: Money[C]
    uid: str | None = None
    catalog_object_id: Id | None = None
    name: str | None = None
    quantity: Quantity | None = None
    base_price_money: Money[C] | None = None


class AppliedTax(Struct, Generic[C], gc=False):
    tax_uid: str
    applied_money: Money[C] | None = None


class Line(Struct, Generic[C], gc=False):
    uid: Id
    quantity: Quantity
    base_price_money: Money[C]
    gross_sales_money: Money[C]
    total_tax_money: Money[C]
    total_discount_money: Money[C]
    total_money: Money[C]
    total_service_charge_money: Money[C] | None = None
    variation_total_price_money: Money[C] | None = None
    catalog_object_id: Id | None = None
    name: str | None = None
    variation_name: str | None = None
    item_type: str | None = None
    modifiers: Many[Modifier[C]] | None = None
    applied_taxes: Many[AppliedTax[C]] | None = None


class ReturnLine(Struct, Generic[C], gc=False):
    quantity: Quantity
    gross_return_money: Money[C]
    total_tax_money: Money[C]
    total_discount_money: Money[C]
    total_money: Money[C]
    total_service_charge_money: Money[C] | None = None
    source_line_item_uid: str | None = None
    catalog_object_id: Id | None = None
    name: str | None = None
    variation_name: str | None = None


class Tax(Struct, Generic[C], gc=False):
    uid: str | None = None
    catalog_object_id: Id | None = None
    name: str | None = None
    type: str | None = None
    percentage: Percentage | None = None
    applied_money: Money[C] | None = None


class Discount(Struct, Generic[C], gc=False):
    catalog_object_id: Id | None = None
    name: str | None = None
    percentage: Percentage | None = None
    applied_money: Money[C] | None = None


class ServiceCharge(Struct, Generic[C], gc=False):
    catalog_object_id: Id | None = None
    name: str | None = None
    percentage: Percentage | None = None
    applied_money: Money[C] | None = None
    total_money: Money[C] | None = None
    total_tax_money: Money[C] | None = None
    treatment_type: str | None = None


class Tender(Struct, Generic[C], gc=False):
    type: str
    amount_money: Money[C] | None = None
    tip_money: Money[C] | None = None
    created_at: Instant | None = None


class Refund(Struct, Generic[C], gc=False):
    id: Id
    amount_money: Money[C]
    status: str
    created_at: Instant
    reason: str | None = None


class Rounding(Struct, Generic[C], gc=False):
    amount_money: Money[C] | None = None


class Amounts(Struct, Generic[C], gc=False):
    total_money: Money[C] | None = None
    tax_money: Money[C] | None = None
    discount_money: Money[C] | None = None
    tip_money: Money[C] | None = None
    service_charge_money: Money[C] | None = None


class Return(Struct, Generic[C], gc=False):
    source_order_id: str | None = None
    return_line_items: Many[ReturnLine[C]] | None = None
    return_service_charges: Many[ServiceCharge[C]] | None = None
    rounding_adjustment: Rounding[C] | None = None


class Source(Struct, gc=False):
    name: str | None = None


class Order(Struct, Generic[C], gc=False):
    id: Id
    location_id: Id
    state: Literal["OPEN", "COMPLETED", "CANCELED", "DRAFT"]
    created_at: Instant
    updated_at: Instant
    total_money: Money[C]
    total_tax_money: Money[C]
    total_discount_money: Money[C]
    total_tip_money: Money[C] | None = None
    total_service_charge_money: Money[C] | None = None
    version: Version = 0
    closed_at: Instant | None = None
    customer_id: Id | None = None
    source: Source | None = None
    line_items: Many[Line[C]] | None = None
    taxes: Many[Tax[C]] | None = None
    discounts: Many[Discount[C]] | None = None
    service_charges: Many[ServiceCharge[C]] | None = None
    rounding_adjustment: Rounding[C] | None = None
    tenders: Many[Tender[C]] | None = None
    refunds: Many[Refund[C]] | None = None
    returns: Many[Return[C]] | None = None
    return_amounts: Amounts[C] | None = None


key_decoder = msgspec.json.Decoder(Key)


@lru_cache(maxsize=64)
def order_decoder(currency: str) -> msgspec.json.Decoder[Order[Any]]:
    """Reads one order whose every amount is in ``currency``.

    :raises msgspec.ValidationError: on decode, naming what is wrong and where: ``… - at `$.line_items[0].quantity` ``.
    """
    return msgspec.json.Decoder(Order[Literal[currency]])  # type: ignore[valid-type]
