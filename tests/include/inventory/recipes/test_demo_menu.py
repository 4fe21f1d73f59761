from collections import Counter
from decimal import Decimal

import pytest

from include.config import Inventory, load_inventory
from include.inventory.recipes import DatedRecipe, explode
from sandbox.demo.pizzaplace import placed_orders


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return load_inventory()


@pytest.fixture(scope="module")
def recipes(inventory: Inventory) -> dict[tuple[str, tuple[str, str] | None], DatedRecipe]:
    return {(each.sku, each.modifier): each for each in explode(inventory)}


def cost_cents(inventory: Inventory, recipe: DatedRecipe) -> Decimal:
    total = Decimal()
    for name, quantity in recipe.quantities.items():
        ingredient = inventory.ingredient(name)
        assert ingredient.pack_quantity is not None
        total += quantity * ingredient.prices[-1].price_cents / ingredient.pack_quantity
    return total


Recipes = dict[tuple[str, tuple[str, str] | None], DatedRecipe]


def test_everything_that_can_be_ordered_has_a_recipe(inventory: Inventory, recipes: Recipes) -> None:
    products = inventory.products
    assert products is not None
    modifiers = {each.name: each.modifiers for each in products.modifier_lists}
    wanted = {
        (variation.sku, modifier)
        for item in products.items
        for variation in item.variations
        for modifier in [None, *((name, each.name) for name in item.modifier_lists for each in modifiers[name])]
    }
    assert recipes.keys() == wanted
    assert all(recipes[sku, modifier].quantities for sku, modifier in wanted if modifier is None)


def test_every_ingredient_is_used_bought_and_there(inventory: Inventory, recipes: Recipes) -> None:
    used = {name for recipe in recipes.values() for name in recipe.quantities}
    for ingredient in inventory.ingredients:
        assert ingredient.name in used
        assert ingredient.pack is not None
        assert ingredient.prices
        assert ingredient.supplier is not None
        assert ingredient.at("Manhattan").opening_quantity


def test_what_square_counts_itself_begins_with_as_much_in_both(inventory: Inventory) -> None:
    assert inventory.products is not None
    counted = {
        variation.sku: variation.initial_count
        for item in inventory.products.items
        for variation in item.variations
        if variation.initial_count is not None
    }
    sold = {each.sold_as: each.at("Manhattan").opening_quantity for each in inventory.ingredients if each.sold_as}
    assert sold == counted


def test_what_goes_into_a_dish_costs_what_it_costs_a_restaurant(inventory: Inventory, recipes: Recipes) -> None:
    assert inventory.products is not None
    sold = Counter(sku for order in placed_orders() for sku in order.skus)
    cost = revenue = Decimal()
    for item in inventory.products.items:
        for variation in item.variations:
            each = cost_cents(inventory, recipes[variation.sku, None])
            assert Decimal("0.15") < each / variation.price_cents < Decimal("0.40"), variation.sku
            cost += each * sold[variation.sku]
            revenue += variation.price_cents * sold[variation.sku]
    assert Decimal("0.25") < cost / revenue < Decimal("0.35")


def test_nothing_that_is_left_out_is_more_than_there_was(recipes: Recipes) -> None:
    for (sku, modifier), recipe in recipes.items():
        if modifier and modifier[0] == "Leave out":
            whole = recipes[sku, None].quantities
            assert all(-whole[name] <= quantity < 0 for name, quantity in recipe.quantities.items())
