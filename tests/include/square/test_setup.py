"""Setting Square up, against the stand-in over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from square import Square
from square.core.api_error import ApiError

from include.config import Chain, Discount, Ingredient, Inventory, Variation, load_chain
from include.square.catalog import read_catalog
from include.square.raw import call
from include.square.retry import RetryingClient
from include.square.setup import set_up
from tests.sandbox_process import Sandbox

CHAIN = load_chain()
Json = dict[str, Any]


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Square]:
    with RetryingClient(timeout=30) as http:
        yield Square(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http)


def versions(client: Square) -> dict[tuple[str, str], int]:
    return {key: each["version"] for key, each in read_catalog(client).objects.items()}


def with_price(chain: Chain, sku: str, price: str) -> Chain:
    items = tuple(
        item.model_copy(
            update={
                "variations": tuple(
                    Variation.model_validate({"name": each.name, "sku": each.sku, "price": price})
                    if each.sku == sku
                    else each
                    for each in item.variations
                )
            }
        )
        for item in chain.products.items
    )
    return chain.model_copy(update={"products": chain.products.model_copy(update={"items": items})})


def test_all_that_the_chain_needs_is_made(client: Square) -> None:
    changes = set_up(client, CHAIN)
    assert "made location Santa Monica" in changes
    catalog = read_catalog(client)
    kinds = [kind for kind, _ in catalog.objects]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "CATEGORY": 7,
        "ITEM": 37,
        "ITEM_VARIATION": 99,
        "MODIFIER_LIST": 4,
        "MODIFIER": 18,
        "TAX": 5,
        "DISCOUNT": 3,
    }
    pizza = catalog.objects["ITEM", "Four Cheese Pizza"]["item_data"]
    assert pizza["reporting_category"]["id"] == catalog.id_of("CATEGORY", "Veggie")
    assert len(pizza["tax_ids"]) == 5
    veggie = catalog.objects["CATEGORY", "Veggie"]["category_data"]
    assert veggie["parent_category"]["id"] == catalog.id_of("CATEGORY", "Pizza")
    tax = catalog.objects["TAX", "Denver sales tax"]
    assert tax["tax_data"]["inclusion_type"] == "INCLUSIVE"
    assert len(tax["present_at_location_ids"]) == 1
    locations = {each["name"]: each for each in call(client, "GET", "v2/locations")["locations"]}
    assert locations["Santa Monica"]["timezone"] == "America/Los_Angeles"
    counts = client.inventory.batch_get_counts(catalog_object_ids=[catalog.id_of("ITEM_VARIATION", "water_500")])
    assert [count.quantity for count in counts] == ["240"] * 4


def test_a_second_run_changes_nothing(client: Square) -> None:
    set_up(client, CHAIN)
    before = versions(client)
    assert set_up(client, CHAIN) == []
    assert versions(client) == before


def test_a_new_price_moves_that_variation_only(client: Square) -> None:
    set_up(client, CHAIN)
    before = versions(client)
    assert set_up(client, with_price(CHAIN, "four_cheese_l", "18.50")) == ["changed item variation four_cheese_l"]
    after = versions(client)
    # The stand-in, as Square, moves the item that holds a changed variation along.
    moved = {name for (kind, name), version in after.items() if version != before[kind, name]}
    assert moved <= {"four_cheese_l", "Four Cheese Pizza"}
    changed = read_catalog(client).objects["ITEM_VARIATION", "four_cheese_l"]
    assert changed["item_variation_data"]["price_money"]["amount"] == 1850


def test_a_renamed_item_is_found_by_its_skus(client: Square) -> None:
    set_up(client, CHAIN)
    first = CHAIN.products.items[0]
    items = (first.model_copy(update={"name": "Meat Mountain"}), *CHAIN.products.items[1:])
    chain = CHAIN.model_copy(update={"products": CHAIN.products.model_copy(update={"items": items})})
    assert set_up(client, chain) == ["changed item Meat Mountain"]
    assert ("ITEM", first.name) not in read_catalog(client).objects


def test_what_others_added_in_square_stays(client: Square) -> None:
    set_up(client, CHAIN)
    item = read_catalog(client).objects["ITEM", "Greek Pizza"]
    item["item_data"]["abbreviation"] = "GRK"
    variation = {
        "type": "ITEM_VARIATION",
        "id": "#family",
        "item_variation_data": {"name": "Family", "sku": "by_hand", "pricing_type": "VARIABLE_PRICING"},
    }
    item["item_data"]["variations"].append(variation)
    call(client, "POST", "v2/catalog/batch-upsert", {"idempotency_key": "by-hand", "batches": [{"objects": [item]}]})
    assert set_up(client, CHAIN) == []
    products = CHAIN.products
    moved = tuple(
        each.model_copy(update={"modifier_lists": ("Crust",)}) if each.name == "Greek Pizza" else each
        for each in products.items
    )
    chain = CHAIN.model_copy(update={"products": products.model_copy(update={"items": moved})})
    assert set_up(client, chain) == ["changed item Greek Pizza"]
    found = read_catalog(client)
    assert found.objects["ITEM", "Greek Pizza"]["item_data"]["abbreviation"] == "GRK"
    assert ("ITEM_VARIATION", "by_hand") in found.objects


def test_a_new_variation_and_a_new_modifier_join_what_is_there(client: Square) -> None:
    smaller = CHAIN.products.model_copy(
        update={
            "items": tuple(
                item.model_copy(update={"variations": item.variations[:1]}) for item in CHAIN.products.items
            ),
            "modifier_lists": tuple(
                each.model_copy(update={"modifiers": each.modifiers[:1]}) for each in CHAIN.products.modifier_lists
            ),
            "discounts": (Discount.model_validate({"name": "Lunch special", "percentage": "5"}),),
        }
    )
    set_up(client, CHAIN.model_copy(update={"products": smaller}))
    changes = set_up(client, CHAIN)
    assert "made item variation hawaiian_l" in changes
    assert "made modifier Crust/Deep dish" in changes
    assert "changed discount Lunch special" in changes
    assert not [change for change in changes if change.startswith(("made item H", "changed item H"))]
    assert set_up(client, CHAIN) == []


@pytest.mark.parametrize("fails", [1, 2, 3, 4, 5, 6])
def test_it_goes_on_after_a_lost_reply(client: Square, sandbox: Sandbox, fails: int) -> None:
    """The stand-in commits and drops the connection, at one call after the other."""
    with httpx.Client(transport=_LosesOneReply(fails)) as http, pytest.raises(httpx.ReadError):
        set_up(Square(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http), CHAIN)
    set_up(client, CHAIN)
    assert set_up(client, CHAIN) == []
    names = [each["name"] for each in call(client, "GET", "v2/locations")["locations"]]
    assert sorted(names) == sorted(location.name for location in CHAIN.locations)
    objects = call(client, "GET", "v2/catalog/list", query={"types": "ITEM"})["objects"]
    assert len(objects) == 37


class _LosesOneReply(httpx.HTTPTransport):
    """Writes reach Square, but the reply of one of them does not come back."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._left = number

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        is_write = request.method == "POST" and not request.url.path.endswith("batch-retrieve")
        self._left -= is_write
        if is_write and self._left == 0:
            response.read()
            raise httpx.ReadError("the reply was lost", request=request)
        return response


def test_an_unknown_square_location_is_told_with_those_that_exist(client: Square) -> None:
    set_up(client, CHAIN)
    wrong = CHAIN.locations[0].model_copy(update={"square_location_id": "NOWHERE"})
    with pytest.raises(LookupError, match=r"'NOWHERE'.*'Manhattan'.*Chicago Loop \("):
        set_up(client, CHAIN.model_copy(update={"locations": (wrong,)}))


def test_a_refused_token_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(ApiError), RetryingClient(timeout=5) as http:
        set_up(Square(base_url=sandbox.square_url, token="wrong", httpx_client=http), CHAIN)


def test_files_of_ones_own_are_set_up(client: Square, tmp_path: Path) -> None:
    (tmp_path / "locations.yaml").write_text(
        "chain: Corner\noperations_recipients: [a@example.com]\nreport_recipients: []\nlocations:\n"
        "  - {name: Corner, timezone: Europe/Dublin, opening_hours: {monday: 09:00-17:00}, market: Here, country: IE,\n"
        "     parent_company: Corner, currency: USD}\n"
    )
    (tmp_path / "products.yaml").write_text(
        "currency: USD\ncategories: [{name: Things}]\n"
        'items: [{name: Thing, category: Things, variations: [{name: One, sku: thing, price: "1.00"}]}]\n'
    )
    assert set_up(client, load_chain(tmp_path)) == ["made location Corner", "made category Things", "made item Thing"]


STOCK = Inventory(
    ingredients=tuple(
        Ingredient.model_validate(fields)
        for fields in (
            {"name": "Flour", "unit": "kg", "opening": {"elsewhere": "25.5 kg", "Manhattan": "40 kg"}},
            {"name": "Tomatoes", "unit": "kg", "opening": "12.34567 kg"},
            {"name": "Pizza box", "unit": "each"},
            {"name": "Still water", "unit": "each", "sold_as": "water_500", "opening": "100 each"},
        )
    )
)


def counted(client: Square, sku: str) -> list[str]:
    """What is counted of a SKU, in the order of the chain's locations."""
    names = {each["id"]: each["name"] for each in call(client, "GET", "v2/locations")["locations"]}
    variation_id = read_catalog(client).id_of("ITEM_VARIATION", sku)
    counts = {names[str(each.location_id)]: str(each.quantity) for each in client.inventory.get(variation_id)}
    return [counts[location.name] for location in CHAIN.locations if location.name in counts]


def test_ingredients_are_counted_in_their_unit_and_not_for_sale(client: Square) -> None:
    changes = set_up(client, CHAIN, STOCK)
    assert [line for line in changes if "Flour" in line or "flour" in line] == [
        "made item Flour",
        *(
            f"counted {'40' if location.name == 'Manhattan' else '25.5'} of ingredient:flour at {location.name}"
            for location in CHAIN.locations
        ),
    ]
    catalog = read_catalog(client)
    flour = catalog.objects["ITEM_VARIATION", "ingredient:flour"]["item_variation_data"]
    assert (flour["sellable"], flour["stockable"], flour["track_inventory"]) == (False, True, True)
    assert flour["measurement_unit_id"] == catalog.id_of("MEASUREMENT_UNIT", "METRIC_KILOGRAM/5")
    item = catalog.items_by_sku["ingredient:flour"]["item_data"]
    assert item["reporting_category"]["id"] == catalog.id_of("CATEGORY", "Ingredients")
    assert counted(client, "ingredient:tomatoes") == ["12.34567"] * len(CHAIN.locations)
    assert counted(client, "ingredient:pizza-box") == []


def test_an_ingredient_that_is_sold_is_counted_where_it_is_sold(client: Square) -> None:
    set_up(client, CHAIN, STOCK)
    catalog = read_catalog(client)
    assert ("ITEM", "Still water") not in catalog.objects
    assert counted(client, "water_500") == ["100"] * len(CHAIN.locations)
    assert counted(client, "pellegrino_750") == ["96"] * len(CHAIN.locations)


def test_ingredients_set_up_twice_change_nothing(client: Square) -> None:
    set_up(client, CHAIN)
    first = set_up(client, CHAIN, STOCK)
    assert "changed item variation water_500" not in first
    before = versions(client)
    assert set_up(client, CHAIN, STOCK) == []
    assert versions(client) == before


def test_an_ingredient_is_not_taken_for_a_thing_on_the_menu_of_its_name(client: Square) -> None:
    set_up(client, CHAIN)
    name = CHAIN.products.items[0].name
    stock = Inventory(ingredients=(Ingredient.model_validate({"name": name, "unit": "kg"}),))
    assert f"made item {name}" in set_up(client, CHAIN, stock)
    assert set_up(client, CHAIN, stock) == []


def test_a_unit_that_others_made_with_fewer_decimals_is_left_alone(client: Square) -> None:
    unit = {
        "type": "MEASUREMENT_UNIT",
        "id": "#theirs",
        "measurement_unit_data": {"measurement_unit": {"weight_unit": "METRIC_KILOGRAM"}, "precision": 2},
    }
    call(client, "POST", "v2/catalog/object", {"idempotency_key": "by-hand", "object": unit})
    set_up(client, CHAIN, STOCK)
    found = read_catalog(client)
    assert {name for kind, name in found.objects if kind == "MEASUREMENT_UNIT"} == {
        "METRIC_KILOGRAM/2",
        "METRIC_KILOGRAM/5",
        "UNIT/5",
    }
