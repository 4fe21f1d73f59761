"""The shapes of Square's catalog objects, customers and locations, as far as silver needs them.

What does not fit is refused here, so that the SQL that reads it out of bronze's JSON meets nothing unexpected.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from include.warehouse.square_order import Id, Instant, Money


class Key(Struct):
    """What bronze needs to know of an object."""

    id: Id
    updated_at: Instant
    version: int = 0
    type: str = ""
    is_deleted: bool = False


class _Reference(Struct):
    id: str


class _Variation(Struct):
    name: str | None = None
    sku: str | None = None
    price_money: Money[str] | None = None


class _VariationObject(Struct):
    id: Id
    is_deleted: bool = False
    item_variation_data: _Variation | None = None


class _Item(Struct):
    name: str | None = None
    category_id: str | None = None
    categories: Sequence[_Reference] | None = None
    reporting_category: _Reference | None = None
    variations: Sequence[_VariationObject] | None = None


class _Modifier(Struct):
    name: str | None = None
    price_money: Money[str] | None = None


class _ModifierObject(Struct):
    id: Id
    is_deleted: bool = False
    modifier_data: _Modifier | None = None


class _ModifierList(Struct):
    name: str | None = None
    modifiers: Sequence[_ModifierObject] | None = None


class _Category(Struct):
    name: str | None = None


class CatalogObject(Key):
    item_data: _Item | None = None
    modifier_list_data: _ModifierList | None = None
    category_data: _Category | None = None


class _Address(Struct):
    locality: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Customer(Key, kw_only=True):
    created_at: Instant
    given_name: str | None = None
    family_name: str | None = None
    company_name: str | None = None
    email_address: str | None = None
    phone_number: str | None = None
    address: _Address | None = None


class SquareLocation(Struct):
    id: Id
    name: str
    currency: str
    status: str = "ACTIVE"


catalog_decoder = msgspec.json.Decoder(CatalogObject)
customer_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Customer)
location_decoder = msgspec.json.Decoder(SquareLocation)
