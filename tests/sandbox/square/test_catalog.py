"""The catalog: temporary ids, versions, search by time, deletion."""

from typing import Any

import httpx
import pytest
from square import Square
from square.core.api_error import ApiError

from tests.sandbox.square.conftest import MENU, Menu, errors_of, new_key, usd
from tests.sandbox_process import Sandbox


def upsert(square: Square, catalog_object: dict[str, Any]) -> Any:
    wish: Any = catalog_object
    return square.catalog.object.upsert(idempotency_key=new_key(), object=wish).catalog_object


def get(square: Square, object_id: str) -> Any:
    return square.catalog.object.get(object_id=object_id).object


def search(square: Square, **wish: Any) -> list[Any]:
    return square.catalog.search(**wish).objects or []


def tax(object_id: str = "#new", **fields: Any) -> dict[str, Any]:
    return {"type": "TAX", "id": object_id, "tax_data": {"name": "Tax", "percentage": "5"}, **fields}


def test_temporary_ids_are_replaced_wherever_they_are_named(square: Square, menu: Menu) -> None:
    item = get(square, menu["#margherita"])
    assert item.item_data.tax_ids == [menu["#tax"]]
    assert item.item_data.categories[0].id == menu["#pizza"]
    assert item.item_data.modifier_list_info[0].modifier_list_id == menu["#extras"]
    variations = [
        (v.id, v.item_variation_data.item_id, v.item_variation_data.ordinal) for v in item.item_data.variations
    ]
    assert variations == [(menu["#small"], item.id, 0), (menu["#large"], item.id, 1)]
    category = get(square, menu["#pizza"])
    assert category.category_data.parent_category.id == menu["#food"]


def test_a_nested_object_is_retrieved_by_its_own_id(square: Square, menu: Menu) -> None:
    assert get(square, menu["#cheese"]).modifier_data.modifier_list_id == menu["#extras"]
    assert get(square, menu["#small"]).item_variation_data.price_money.amount == 999


def test_a_stale_version_is_refused_and_changes_nothing(square: Square) -> None:
    first = upsert(square, tax())
    upsert(square, tax(first.id, version=first.version, tax_data={"name": "Second", "percentage": "6"}))
    for stale in ({"version": first.version}, {}):
        with pytest.raises(ApiError) as error:
            upsert(square, tax(first.id, **stale, tax_data={"name": "Third", "percentage": "7"}))
        assert errors_of(error) == [("INVALID_REQUEST_ERROR", "VERSION_MISMATCH")]
    assert get(square, first.id).tax_data.name == "Second"


def test_one_bad_object_keeps_the_whole_call_out(square: Square) -> None:
    objects: Any = [tax("#a"), {"type": "ITEM", "id": "#b", "item_data": {"name": "Pizza", "tax_ids": ["GONE"]}}]
    with pytest.raises(ApiError) as error:
        square.catalog.batch_upsert(idempotency_key=new_key(), batches=[{"objects": objects}])
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "INVALID_VALUE")]
    assert list(square.catalog.list()) == []


@pytest.mark.parametrize("sizes", [[1001], [1000] * 10 + [1]])
def test_limits_of_a_batch_and_of_a_call(sandbox: Sandbox, sizes: list[int]) -> None:
    batches = [{"objects": [tax(f"#{batch}-{n}") for n in range(size)]} for batch, size in enumerate(sizes)]
    with pytest.raises(httpx.HTTPStatusError) as error:
        sandbox.request(
            "POST", "/square/v2/catalog/batch-upsert", json={"idempotency_key": new_key(), "batches": batches}
        )
    assert error.value.response.json()["errors"][0]["code"] == "ARRAY_LENGTH_TOO_LONG"


def test_lists_give_every_object_once_page_by_page_filtered_by_type(square: Square, menu: Menu) -> None:
    taxes: Any = [tax(f"#{n}") for n in range(230)]
    square.catalog.batch_upsert(idempotency_key=new_key(), batches=[{"objects": taxes}])
    found = [one.id for one in square.catalog.list(types="TAX,CATEGORY")]
    assert len(found) == len(set(found)) == 230 + 3
    assert [one.id for one in square.catalog.list(types="modifier")] == [menu["#cheese"], menu["#no-onion"]]


def test_search_since_a_time_finds_what_changed_after_it(square: Square, menu: Menu) -> None:
    before = get(square, menu["#small"])
    assert search(square, begin_time=before.updated_at) == []
    data = {"item_id": menu["#margherita"], "name": "Small", "pricing_type": "FIXED_PRICING", "price_money": usd(1050)}
    upsert(
        square,
        {"type": "ITEM_VARIATION", "id": before.id, "version": before.version, "item_variation_data": data},
    )
    assert [one.id for one in search(square, begin_time=before.updated_at)] == [menu["#margherita"]]
    item = get(square, menu["#margherita"])
    assert [v.item_variation_data.price_money.amount for v in item.item_data.variations] == [1050, 1499]


@pytest.mark.parametrize(
    ("object_type", "query"),
    [
        ("ITEM", {"exact_query": {"attribute_name": "name", "attribute_value": "margherita"}}),
        ("ITEM", {"prefix_query": {"attribute_name": "name", "attribute_prefix": "Marg"}}),
        ("ITEM", {"set_query": {"attribute_name": "name", "attribute_values": ["Margherita", "Salami"]}}),
        ("ITEM", {"text_query": {"keywords": ["gher"]}}),
        ("ITEM_VARIATION", {"exact_query": {"attribute_name": "name", "attribute_value": "Small"}}),
    ],
)
@pytest.mark.usefixtures("menu")
def test_search_by_attributes(square: Square, object_type: str, query: Any) -> None:
    assert len(search(square, object_types=[object_type], query=query)) == 1


def test_search_pages_with_a_cursor(square: Square, menu: Menu) -> None:
    first = square.catalog.search(object_types=["CATEGORY"], limit=1)
    second = square.catalog.search(object_types=["CATEGORY"], limit=1, cursor=first.cursor)
    assert [one.id for one in [*(first.objects or []), *(second.objects or [])]] == [menu["#food"], menu["#pizza"]]
    assert second.cursor is None


def test_related_objects_come_along(square: Square, menu: Menu) -> None:
    answer = square.catalog.object.get(object_id=menu["#margherita"], include_related_objects=True)
    related = {one.id for one in answer.related_objects or []}
    assert related == {menu["#tax"], menu["#pizza"], menu["#extras"]}


def test_deleting_an_item_deletes_its_variations_and_leaves_a_trace(square: Square, menu: Menu) -> None:
    answer = square.catalog.object.delete(object_id=menu["#margherita"])
    assert answer.deleted_object_ids == [menu["#margherita"], menu["#small"], menu["#large"]]
    with pytest.raises(ApiError) as error:
        get(square, menu["#small"])
    assert error.value.status_code == 404
    assert search(square, object_types=["ITEM"]) == []
    deleted = search(square, object_types=["ITEM"], include_deleted_objects=True)
    assert [(one.id, one.is_deleted) for one in deleted] == [(menu["#margherita"], True)]


def test_a_variation_left_out_of_its_item_is_deleted(square: Square, menu: Menu) -> None:
    item = square.catalog.object.get(object_id=menu["#margherita"]).object.dict(exclude_none=True)
    item["item_data"]["variations"] = item["item_data"]["variations"][:1]
    upsert(square, item)
    answer = square.catalog.batch_get(object_ids=[menu["#small"], menu["#large"]])
    assert [one.id for one in answer.objects or []] == [menu["#small"]]


def test_repeating_an_upsert_with_its_key_makes_nothing_twice(square: Square) -> None:
    batches: Any = [{"objects": MENU}]
    key = new_key()
    first, second = (square.catalog.batch_upsert(idempotency_key=key, batches=batches) for _ in range(2))
    assert first.id_mappings == second.id_mappings
    assert len(list(square.catalog.list(types="ITEM"))) == 1
