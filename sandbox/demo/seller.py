"""What the stand-in knows of the seller: locations and catalog, read over HTTP, as anybody would."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx

Json = dict[str, Any]


class NotSetUpError(Exception):
    """The stand-in has no catalog or no locations yet; the message says what to do."""


@dataclass(frozen=True)
class Item:
    """A variation with what an order line says of it, and the modifier lists that its item may be changed by."""

    variation: Json
    name: str
    modifier_lists: Sequence[Sequence[Json]]


@dataclass(frozen=True)
class Place:
    """A location with the taxes that are due there."""

    location_id: str
    zone: ZoneInfo
    country: str
    currency: str
    locality: str
    taxes: Sequence[Json]


@dataclass(frozen=True)
class Seller:
    places: Sequence[Place]
    items: dict[str, Item]
    discounts: Sequence[Json]


def read_seller(client: httpx.Client) -> Seller:
    """:param client: with Square's base URL and token. :raises NotSetUpError: when nothing can be sold yet."""
    objects = _catalog(client)
    modifier_lists = {
        each["id"]: each["modifier_list_data"].get("modifiers", [])
        for each in objects
        if each["type"] == "MODIFIER_LIST"
    }
    items = {
        variation["item_variation_data"]["sku"]: Item(
            variation,
            each["item_data"]["name"],
            [modifier_lists[info["modifier_list_id"]] for info in each["item_data"].get("modifier_list_info", [])],
        )
        for each in objects
        if each["type"] == "ITEM"
        for variation in each["item_data"]["variations"]
    }
    taxes = [each for each in objects if each["type"] == "TAX"]
    places = [
        Place(
            location["id"],
            ZoneInfo(location["timezone"]),
            location["country"],
            location["currency"],
            location["name"],
            [tax for tax in taxes if _is_at(tax, location["id"])],
        )
        for location in client.get("v2/locations").raise_for_status().json().get("locations", [])
        if location["status"] == "ACTIVE"
    ]
    if not places or not items:
        raise NotSetUpError("Square's stand-in has no locations or no items yet: run the DAG square_setup first")
    return Seller(places, items, [each for each in objects if each["type"] == "DISCOUNT"])


def _catalog(client: httpx.Client) -> list[Json]:
    objects: list[Json] = []
    query = {"types": "ITEM,MODIFIER_LIST,TAX,DISCOUNT"}
    while True:
        page = client.get("v2/catalog/list", params=query).raise_for_status().json()
        objects += page.get("objects", [])
        if not page.get("cursor"):
            return objects
        query["cursor"] = page["cursor"]


def _is_at(each: Json, location_id: str) -> bool:
    if each.get("present_at_all_locations", True):
        return location_id not in each.get("absent_at_location_ids", [])
    return location_id in each.get("present_at_location_ids", [])
