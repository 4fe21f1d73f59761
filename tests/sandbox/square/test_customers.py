from typing import Any

import pytest
from square import Square
from square.core.api_error import ApiError

from tests.sandbox.square.conftest import errors_of, new_key


def create(square: Square, name: str, now: str = "", **fields: Any) -> Any:
    options: Any = {"additional_headers": {"X-Sandbox-Now": now}} if now else None
    return square.customers.create(given_name=name, request_options=options, **fields).customer


def test_a_customer_is_changed_by_what_is_named_and_its_version_counts(square: Square) -> None:
    ann = create(square, "Ann", email_address="ann@example.com")
    changed = square.customers.update(customer_id=ann.id, note="likes olives", version=ann.version).customer
    assert changed
    assert (changed.given_name, changed.note, changed.version) == ("Ann", "likes olives", ann.version + 1)


def test_a_customer_needs_a_name_or_an_address(square: Square) -> None:
    with pytest.raises(ApiError) as error:
        square.customers.create(note="nobody")
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "BAD_REQUEST")]


def test_search_finds_who_came_in_a_time_range(square: Square) -> None:
    for day, name in enumerate(("Ann", "Bob", "Cem"), start=1):
        create(square, name, now=f"2026-03-0{day}T12:00:00Z")
    span: Any = {"created_at": {"start_at": "2026-03-02T00:00:00Z", "end_at": "2026-03-02T23:00:00Z"}}
    found = square.customers.search(query={"filter": span}, count=True)
    assert [one.given_name for one in found.customers or []] == ["Bob"]
    assert found.count == 1


def test_search_finds_who_has_changed_since(square: Square) -> None:
    ann = create(square, "Ann", now="2020-01-01T00:00:00Z")
    since: Any = {"filter": {"updated_at": {"start_at": create(square, "Bob").updated_at}}}
    square.customers.update(customer_id=ann.id, note="came back")
    assert {one.given_name for one in square.customers.search(query=since).customers or []} == {"Ann", "Bob"}


def test_search_pages_in_order_of_creation(square: Square) -> None:
    for day, name in enumerate(("Zoe", "Ann", "Max"), start=1):
        create(square, name, now=f"2026-03-0{day}T12:00:00Z")
    query: Any = {"sort": {"field": "CREATED_AT", "order": "ASC"}}
    first = square.customers.search(query=query, limit=2)
    second = square.customers.search(query=query, limit=2, cursor=first.cursor)
    names = [one.given_name for one in [*(first.customers or []), *(second.customers or [])]]
    assert names == ["Zoe", "Ann", "Max"]
    assert second.cursor is None


def test_search_by_email_address_is_exact_or_fuzzy(square: Square) -> None:
    ann = create(square, "Ann", email_address="ann@example.com")
    for wish in ({"exact": "ANN@example.com"}, {"fuzzy": "nn@exa"}):
        text_filter: Any = {"filter": {"email_address": wish}}
        assert [one.id for one in square.customers.search(query=text_filter).customers or []] == [ann.id]


def test_list_goes_through_all_pages(square: Square) -> None:
    wishes: Any = {new_key(): {"given_name": f"Customer {n}"} for n in range(100)}
    square.customers.batch_create(customers=wishes)
    create(square, "Ann")
    assert len({one.id for one in square.customers.list()}) == 101


def test_each_customer_of_a_bulk_is_made_once_for_its_key(square: Square) -> None:
    wishes: Any = {"key-1": {"given_name": "Ann"}, "key-2": {"note": "nobody"}}
    first, second = (square.customers.batch_create(customers=wishes).responses or {} for _ in range(2))
    assert first["key-1"].customer == second["key-1"].customer
    assert first["key-2"].errors
    assert len(list(square.customers.list())) == 1
