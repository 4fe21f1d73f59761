"""Bulk reads: whole pages of Square's objects as they came. An object is cut out of its page, not decoded."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from include.square.client import Square
from include.square.raw import call_bytes

# Square's limits of a call: SearchOrders, BatchRetrieveOrders, SearchCatalogObjects, SearchCustomers.
MOST_LOCATIONS = 10
ORDERS_A_PAGE = 1000
ORDER_IDS_A_CALL = 100
CATALOG_OBJECTS_A_PAGE = 1000
CUSTOMERS_A_PAGE = 100
CATALOG_TYPES = ("ITEM", "CATEGORY", "MODIFIER_LIST", "TAX", "DISCOUNT")

Page = list[bytes]


class _Page(msgspec.Struct):
    cursor: str | None = None
    orders: list[msgspec.Raw] = []
    objects: list[msgspec.Raw] = []
    customers: list[msgspec.Raw] = []
    locations: list[msgspec.Raw] = []


class _Location(msgspec.Struct):
    id: str
    name: str = ""


_decoder = msgspec.json.Decoder(_Page)
_location_decoder = msgspec.json.Decoder(_Location)


def order_pages(
    client: Square,
    location_ids: Sequence[str],
    *,
    start_at: datetime,
    end_at: datetime | None = None,
    by: str = "updated_at",
) -> Iterator[Page]:
    """Orders of up to ten locations, oldest first.

    :param by: ``updated_at`` or ``closed_at``: which instant lies between ``start_at`` and ``end_at``, both included.
    """
    if len(location_ids) > MOST_LOCATIONS:
        raise ValueError(f"SearchOrders takes {MOST_LOCATIONS} locations a call, not {len(location_ids)}")
    body = {
        "location_ids": list(location_ids),
        "limit": ORDERS_A_PAGE,
        "query": {
            "filter": {"date_time_filter": {by: _time_range(start_at, end_at)}},
            "sort": {"sort_field": by.upper(), "sort_order": "ASC"},
        },
    }
    for page in _pages(client, "v2/orders/search", body):
        yield _whole(page.orders)


def orders_by_id(client: Square, order_ids: Sequence[str]) -> Page:
    """The orders of these ids, in no order; what Square does not know is left out."""
    found: Page = []
    for at in range(0, len(order_ids), ORDER_IDS_A_CALL):
        body = {"order_ids": list(order_ids[at : at + ORDER_IDS_A_CALL])}
        found += _whole(_decoder.decode(call_bytes(client, "POST", "v2/orders/batch-retrieve", body)).orders)
    return found


def catalog_pages(client: Square, since: datetime | None) -> Iterator[Page]:
    """Catalog objects changed after an instant, deleted ones too; all that there are, without one."""
    body: dict[str, Any] = {
        "object_types": CATALOG_TYPES,
        "include_deleted_objects": True,
        "limit": CATALOG_OBJECTS_A_PAGE,
    }
    if since is not None:
        body["begin_time"] = _rfc3339(since)
    for page in _pages(client, "v2/catalog/search", body):
        yield _whole(page.objects)


def customer_pages(client: Square, start_at: datetime) -> Iterator[Page]:
    """Customers changed since an instant, in the order of their creation: new ones cannot shift the pages."""
    body = {
        "limit": CUSTOMERS_A_PAGE,
        "query": {
            "filter": {"updated_at": _time_range(start_at, None)},
            "sort": {"field": "CREATED_AT", "order": "ASC"},
        },
    }
    for page in _pages(client, "v2/customers/search", body):
        yield _whole(page.customers)


def locations(client: Square) -> Page:
    return _whole(_decoder.decode(call_bytes(client, "GET", "v2/locations")).locations)


def location_names(client: Square) -> dict[str, str]:
    """Location ids → names."""
    return {location.id: location.name for location in map(_location_decoder.decode, locations(client))}


def _pages(client: Square, path: str, body: dict[str, Any]) -> Iterator[_Page]:
    while True:
        page = _decoder.decode(call_bytes(client, "POST", path, body))
        yield page
        if not page.cursor:
            return
        body = body | {"cursor": page.cursor}


def _whole(objects: list[msgspec.Raw]) -> Page:
    return [bytes(each) for each in objects]


def _time_range(start_at: datetime, end_at: datetime | None) -> dict[str, str]:
    return {"start_at": _rfc3339(start_at)} | ({"end_at": _rfc3339(end_at)} if end_at else {})


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
