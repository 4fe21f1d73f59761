"""Stock in Square: what it counts, and changes of that. Quantities are in the variation's measurement unit."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
from square import Square
from square.core.api_error import ApiError

from include.square.away import is_away
from include.square.raw import Json, call, call_bytes

# BatchChangeInventory takes that many; so many ids are asked for in one call, and so much comes in one page.
CHANGES_A_CALL = 100
VARIATIONS_A_CALL = 500
A_PAGE = 1000

# Variation id and location id.
Place = tuple[str, str]


class StockRefusedError(Exception):
    """Square does not take changes as they are; the message is its own."""


@dataclass(frozen=True)
class Count:
    """What Square says there is; :param calculated_at: when it last heard of a change."""

    quantity: Decimal
    calculated_at: datetime


class _Count(msgspec.Struct):
    catalog_object_id: str
    location_id: str
    quantity: Decimal
    calculated_at: datetime


class _Detail(msgspec.Struct):
    reference_id: str = ""


class _Change(msgspec.Struct):
    physical_count: _Detail | None = None
    adjustment: _Detail | None = None


class _Page(msgspec.Struct):
    counts: list[_Count] = []
    changes: list[_Change] = []
    cursor: str | None = None


_decoder = msgspec.json.Decoder(_Page)


def read_counts(client: Square, variation_ids: Sequence[str], location_ids: Sequence[str]) -> dict[Place, Count]:
    """What is in stock of these variations at these locations; what was never counted there is left out."""
    return {
        (count.catalog_object_id, count.location_id): Count(count.quantity, count.calculated_at)
        for at in range(0, len(variation_ids), VARIATIONS_A_CALL)
        for count in _counts(client, variation_ids[at : at + VARIATIONS_A_CALL], location_ids)
    }


def _counts(client: Square, variation_ids: Sequence[str], location_ids: Sequence[str]) -> Iterator[_Count]:
    body: Json = {
        "catalog_object_ids": list(variation_ids),
        "location_ids": list(location_ids),
        "states": ["IN_STOCK"],
        "limit": A_PAGE,
    }
    for page in _pages(client, "v2/inventory/counts/batch-retrieve", body):
        yield from page.counts


def read_references(client: Square, place: Place, since: datetime) -> set[str]:
    """The references of the changes at a place that Square has heard of since an instant."""
    variation_id, location_id = place
    body: Json = {
        "catalog_object_ids": [variation_id],
        "location_ids": [location_id],
        "updated_after": _rfc3339(since),
        "limit": A_PAGE,
    }
    return {
        detail.reference_id
        for page in _pages(client, "v2/inventory/changes/batch-retrieve", body)
        for change in page.changes
        for detail in (change.physical_count, change.adjustment)
        if detail
    }


def _pages(client: Square, path: str, body: Json) -> Iterator[_Page]:
    while True:
        page = _decoder.decode(call_bytes(client, "POST", path, body))
        yield page
        if not page.cursor:
            return
        body = body | {"cursor": page.cursor}


def physical_count(place: Place, quantity: Decimal, occurred_at: datetime, reference: str = "") -> Json:
    """What there is; Square reckons on from there with what occurred after it."""
    return {
        "type": "PHYSICAL_COUNT",
        "physical_count": {**_detail(place, quantity, occurred_at, reference), "state": "IN_STOCK"},
    }


def adjustment(
    place: Place, from_state: str, to_state: str, quantity: Decimal, occurred_at: datetime, reference: str = ""
) -> Json:
    """A quantity that goes from one state to another, as from IN_STOCK to SOLD."""
    detail = _detail(place, quantity, occurred_at, reference)
    return {"type": "ADJUSTMENT", "adjustment": {**detail, "from_state": from_state, "to_state": to_state}}


def change_stock(client: Square, idempotency_key: str, changes: Sequence[Json]) -> None:
    """Makes up to 100 changes, all or none of them, and once for the key however often it is asked for.

    :raises StockRefusedError: when Square does not take them.
    :raises ApiError: when it cannot be asked now (include.square.away).
    """
    body = {
        "idempotency_key": idempotency_key,
        "changes": list(changes),
        # A count stands for its moment, also where it finds what the last one found.
        "ignore_unchanged_counts": False,
    }
    try:
        call(client, "POST", "v2/inventory/changes/batch-create", body)
    except ApiError as error:
        if is_away(error):
            raise
        raise StockRefusedError(_reason(error)) from error


def _detail(place: Place, quantity: Decimal, occurred_at: datetime, reference: str) -> Json:
    variation_id, location_id = place
    detail = {
        "catalog_object_id": variation_id,
        "location_id": location_id,
        "quantity": f"{quantity.normalize():f}",
        "occurred_at": _rfc3339(occurred_at),
    }
    return detail | ({"reference_id": reference} if reference else {})


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reason(error: ApiError) -> str:
    try:
        errors = json.loads(str(error.body))["errors"]
        return "; ".join(f"{each['code']} {each.get('field', '')} {each.get('detail', '')}".strip() for each in errors)
    except (ValueError, KeyError, TypeError):
        return f"status {error.status_code}: {str(error.body)[:500]}"
