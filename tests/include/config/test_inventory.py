from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from include.config import ConfigError, Inventory, load_inventory
from include.config.suppliers import Supplier
from include.config.units import UNITS
from tests.include.config.conftest import Edit

INGREDIENTS = """\
uncounted: [Water]
returns: {restocking_reasons: [Not made]}
ingredients:
  - {name: Flour, unit: kg, supplier: Mill, pack: 50 lb, pack_name: sack, price: "20.00", opening: 4 packs}
  - {name: Mozzarella, unit: kg, group: cheese, pack: 10 kg, price: "90.00"}
  - {name: Feta, unit: kg, group: cheese}
  - {name: Oil, unit: l}
  - {name: Onions, unit: kg, waste: "10"}
  - {name: Water bottle, unit: each, sold_as: water_500}
"""
SUPPLIERS = """\
suppliers:
  - {name: Mill, recipients: [mill@example.com], order_days: [monday], cutoff: "10:30", lead_time_days: 2}
"""
RECIPES = """\
preparations:
  - {name: Dough, makes: 10 kg, yield: "95", ingredients: {Flour: 6 kg, Water: 4 l}}
  - {name: Sauce, makes: 2 l, ingredients: {Onions: 1 kg, Oil: 1 l}}
portions:
  - {of: Feta, quantity: {Small: 40 g, others: 80 g}}
bases:
  - {name: Base, ingredients: {Dough: {Small: 250 g, Medium: 360 g, Large: 500 g, others: 700 g}}}
recipes:
  - item: Hawaiian Pizza
    bases: [Base]
    ingredients: {Mozzarella: 100 g, Feta: 1 portion, Onions: 20 g}
  - item: Pepperoni Pizza
    bases: [Base]
    ingredients: {Mozzarella: {Small: 90 g, Medium: 120 g, Large: 180 g}}
modifiers:
  - {list: Crust, modifier: Thin crust, replaces: {Dough: {Dough: 0.7 as much}}}
  - {list: Leave out, modifier: No cheese, removes: [cheese]}
  - {list: Leave out, modifier: No onions, removes: [Onions]}
  - {list: Extra toppings, modifier: Extra cheese, adds: {Mozzarella: 50 g}}
  - {list: Leave out, modifier: No garlic, uses_nothing: true}
"""


@pytest.fixture
def kitchen(folder: Path) -> Path:
    """The demo chain with a small kitchen."""
    (folder / "ingredients.yaml").write_text(INGREDIENTS)
    (folder / "suppliers.yaml").write_text(SUPPLIERS)
    (folder / "recipes.yaml").write_text(RECIPES)
    return folder


def test_a_small_kitchen_is_read(kitchen: Path) -> None:
    inventory = load_inventory(kitchen)
    flour = inventory.ingredient("Flour")
    assert flour.pack is not None
    assert (flour.pack.quantity, flour.pack.name) == (Decimal("22.67962"), "sack")
    assert flour.at("Manhattan").opening_quantity == Decimal("90.71848")
    assert flour.sku == "ingredient:flour"
    bottle = inventory.ingredient("Water bottle")
    assert (bottle.sku, bottle.is_sold_by_square, bottle.pack) == ("water_500", True, None)
    mill = inventory.supplier("Mill")
    assert [mill.takes_orders_on(date(2026, 11, day)) for day in (23, 24)] == [True, False]
    assert inventory.returns.restocking_reasons == ("Not made",)
    assert inventory.restock.service_level == Decimal("0.95")


def test_without_ingredients_no_stock_is_kept(kitchen: Path) -> None:
    (kitchen / "ingredients.yaml").unlink()
    assert load_inventory(kitchen) == Inventory()


def test_it_is_read_again_when_a_file_has_changed(kitchen: Path, edit: Edit) -> None:
    before = load_inventory(kitchen)
    assert load_inventory(kitchen) is before
    edit("suppliers.yaml", 'cutoff: "10:30"', 'cutoff: "11:30", note: Ring twice')
    assert load_inventory(kitchen).supplier("Mill").note == "Ring twice"


def test_a_location_may_have_settings_of_its_own(kitchen: Path, edit: Edit) -> None:
    edit(
        "ingredients.yaml",
        "opening: 4 packs",
        'opening: {Manhattan: 90 kg, elsewhere: 1 pack}, par: {Chicago Loop: 50 kg}, service_level: "99"',
    )
    flour = load_inventory(kitchen).ingredient("Flour")
    manhattan, chicago = flour.at("Manhattan"), flour.at("Chicago Loop")
    assert (manhattan.opening_quantity, chicago.opening_quantity) == (Decimal(90), Decimal("22.67962"))
    assert (manhattan.par_quantity, chicago.par_quantity) == (None, Decimal(50))
    assert manhattan.service_level == Decimal("0.99")


def test_a_closed_day_is_no_order_day() -> None:
    fields = {"name": "Mill", "recipients": ["mill@example.com"], "lead_time_days": 1}
    mill = Supplier.model_validate({**fields, "closed_dates": [date(2026, 12, 25)]})
    assert not mill.takes_orders_on(date(2026, 12, 25))
    assert mill.takes_orders_on(date(2026, 12, 26))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        # What a single field can tell.
        ("ingredients", "pack: 50 lb", "pack: 50 l", "ingredients.yaml:4: ingredients.0.pack: "
            "'50 l' cannot be told in kg: l is a volume, kg is a weight"),
        ("ingredients", "opening: 4 packs", "opening: {Manhattan: 3}", "ingredients.yaml:4: "
            "ingredients.0.opening.Manhattan: 3 is no quantity: write a number and its unit, as 220 g, 2.5 lb or "
            "1/2 cup"),
        ("ingredients", "pack: 10 kg, price", "price", "ingredients.yaml:5: ingredients.1: "
            "has a price or a pack_name, and no pack that it is of"),
        ("ingredients", "unit: each, sold_as", "unit: kg, sold_as", "ingredients.yaml:9: ingredients.5: "
            "is sold as it is: its unit is each, and it has no waste"),
        ("ingredients", 'waste: "10"', 'waste: "100"', "ingredients.yaml:8: ingredients.4.waste: "
            "'100': nothing of it would be left"),
        ("ingredients", 'price: "90.00"', 'price: [{price: "90.00"}, {price: "95.00"}]', "ingredients.yaml:5: "
            "ingredients.1: has two prices from the same day on"),
        ("ingredients", "sold_as: water_500", "sold_as: water_500, sku: water", "ingredients.yaml:9: ingredients.5: "
            "is sold as it is: its sku is 'water_500'"),
        ("recipes", 'yield: "95"', 'yield: "0"', "recipes.yaml:2: preparations.0.yield: "
            "'0': nothing of it would be left"),
        ("suppliers", '"10:30"', '"1030"', "suppliers.yaml:2: suppliers.0.cutoff: "
            "'1030' is no time of day: write it in quotes, as \"14:00\""),
        ("suppliers", "suppliers:", 'restock: {service_level: "20"}\nsuppliers:', "suppliers.yaml:1: "
            "restock.service_level: '20' is no service level: write a percentage from 50 to below 100 in quotes, "
            'as "95"'),
        ("recipes", "Mozzarella: 50 g", "Mozzarella: 50", "recipes.yaml:19: modifiers.3.adds.Mozzarella.others: "
            "50 is no quantity: write a number and its unit, as 220 g, 2.5 lb or 1/2 cup"),
        ("recipes", "uses_nothing: true", "uses_nothing: false", "recipes.yaml:20: modifiers.4: "
            "needs either adds, removes or replaces, or uses_nothing: true"),
        # Names.
        ("ingredients", "name: Feta", "name: Flour", "ingredients.yaml:6: ingredients.2.name: "
            "'Flour' is taken by line 4"),
        ("ingredients", "name: Oil,", "name: Oil, sku: water_500,", "ingredients.yaml:9: ingredients.5.sold_as: "
            "'water_500' is taken by line 7"),
        ("ingredients", "supplier: Mill", "supplier: Mile", "ingredients.yaml:4: ingredients.0.supplier: "
            "there is no supplier 'Mile'"),
        ("ingredients", "sold_as: water_500", "sold_as: wine", "ingredients.yaml:9: ingredients.5.sold_as: "
            "there is no variation with the SKU 'wine'"),
        ("ingredients", "opening: 4 packs", "opening: {Boston: 1 kg}", "ingredients.yaml:4: "
            "ingredients.0.opening.Boston: there is no location 'Boston'"),
        ("recipes", "name: Sauce", "name: Oil", "recipes.yaml:3: preparations.1.name: "
            "'Oil' is in ingredients.yaml too"),
        ("recipes", "{Onions: 1 kg", "{Leeks: 1 kg", "recipes.yaml:3: preparations.1.ingredients.Leeks: "
            "there is no ingredient or preparation 'Leeks'"),
        ("recipes", "of: Feta", "of: Fetta", "recipes.yaml:5: portions.0.of: "
            "there is no ingredient or preparation 'Fetta'"),
        ("recipes", "item: Hawaiian Pizza", "item: Hawaii", "recipes.yaml:9: recipes.0.item: "
            "there is no item 'Hawaii'"),
        ("recipes", "bases: [Base]", "bases: [Basis]", "recipes.yaml:10: recipes.0.bases.0: "
            "there is no base 'Basis'"),
        ("recipes", "list: Crust", "list: Crusts", "recipes.yaml:16: modifiers.0.list: "
            "there is no modifier list 'Crusts'"),
        ("recipes", "modifier: Thin crust", "modifier: Thin", "recipes.yaml:16: modifiers.0.modifier: "
            "there is no modifier of 'Crust' called 'Thin'"),
        ("recipes", "modifier: No cheese,", "modifier: No cheese, items: [Garlic Knots],", "recipes.yaml:17: "
            "modifiers.1.items.0: 'Garlic Knots' has no modifier list 'Leave out'"),
        ("recipes", "removes: [cheese]", "removes: [Brie]", "recipes.yaml:17: modifiers.1.removes.0: "
            "there is no ingredient, preparation or group 'Brie'"),
        ("recipes", "replaces: {Dough: {Dough", "replaces: {Dough: {Dow", "recipes.yaml:16: "
            "modifiers.0.replaces.Dough: there is no ingredient or preparation 'Dow'"),
        ("recipes", "item: Pepperoni Pizza", "item: Hawaiian Pizza", "recipes.yaml:12: recipes.1.item: "
            "'Hawaiian Pizza' is told by line 9: a further version of it needs another `from`"),
        ("recipes", "name: Base,", "name: Base, from: 2026-01-01,", "recipes.yaml:7: bases.0.from: "
            "there is no version of 'Base' before, without `from`"),
        # Quantities and variations.
        ("recipes", "{Flour: 6 kg", "{Flour: 6 l", "recipes.yaml:2: preparations.0.ingredients.Flour: "
            "'6 l' cannot be told in kg: l is a volume, kg is a weight"),
        ("recipes", "makes: 10 kg", "makes: 10 bowls", "recipes.yaml:2: preparations.0.makes: "
            "'10 bowls' cannot be told in bowls: there is no unit 'bowls', only UNITS_TOLD"),
        ("recipes", "makes: 10 kg", "makes: 0 kg", "recipes.yaml:2: preparations.0.makes: "
            "nothing can be made of a batch of nothing"),
        ("recipes", "{Onions: 1 kg, Oil: 1 l}", "{Onions: 1 portion}", "recipes.yaml:3: "
            "preparations.1.ingredients.Onions: '1 portion' cannot be told in kg: "
            "there is no unit 'portion', only UNITS_TOLD"),
        ("recipes", "Onions: 20 g", "Onions: 1 portion", "recipes.yaml:11: recipes.0.ingredients.Onions: "
            "`portions` does not say what a portion of 'Onions' is"),
        ("recipes", "Large: 180 g", "Lage: 180 g", "recipes.yaml:14: recipes.1.ingredients.Mozzarella.Lage: "
            "there is no variation 'Lage'"),
        ("recipes", ", Large: 180 g", "", "recipes.yaml:14: recipes.1.ingredients.Mozzarella: "
            "says nothing of 'Large', as which 'Pepperoni Pizza' is sold"),
        ("recipes", "Large: 500 g, others: 700 g", "X-Large: 500 g", "recipes.yaml:7: bases.0.ingredients.Dough: "
            "says nothing of 'Large', as which 'Hawaiian Pizza' is sold"),
        ("recipes", "others: 80 g", "Medium: 80 g", "recipes.yaml:5: portions.0.quantity: "
            "says nothing of 'Large', as which 'Hawaiian Pizza' is sold"),
        ("recipes", "adds: {Mozzarella: 50 g}", "adds: {Mozzarella: {Small: 50 g, Medium: 70 g, Large: 90 g}}",
            "recipes.yaml:19: modifiers.3.adds.Mozzarella: says nothing of 'X-Large', as which 'Greek Pizza' is sold"),
        ("recipes", "item: Pepperoni Pizza", "item: Bottled Water", "recipes.yaml:12: recipes.1.item: "
            "'Bottled Water' is sold as it is: it has no recipe"),
        # Modifiers.
        ("recipes", "removes: [Onions]", "removes: [Onions, Mozzarella]", "recipes.yaml:17: modifiers.1.modifier: "
            "can be chosen with 'No onions' on 'Hawaiian Pizza': both take out Mozzarella"),
        ("recipes", "removes: [Onions]", "removes: [Sauce]", "recipes.yaml:18: modifiers.2.removes.0: "
            "no recipe that it can be chosen for holds 'Sauce' by itself"),
        ("recipes", "{Dough: 0.7 as much}", "{Oil: 0.7 as much}", "recipes.yaml:16: modifiers.0.replaces: "
            "kg is a weight, l is a volume"),
        ("recipes", "adds: {Mozzarella: 50 g}", "adds: {Mozzarella: 1 as much}", "recipes.yaml:19: "
            "modifiers.3.adds.Mozzarella: '1 as much' cannot be told in kg: "
            "there is no unit 'as much', only UNITS_TOLD"),
    ],
)  # fmt: skip
def test_a_wrong_kitchen_is_told_with_file_line_and_field(
    kitchen: Path, edit: Edit, file: str, old: str, new: str, told: str
) -> None:
    edit(f"{file}.yaml", old, new)
    with pytest.raises(ConfigError) as caught:
        load_inventory(kitchen)
    assert told.replace("UNITS_TOLD", ", ".join(UNITS)) in str(caught.value).splitlines()


def test_all_that_is_wrong_is_told_at_once(kitchen: Path, edit: Edit) -> None:
    edit("ingredients.yaml", 'waste: "10"', "waste: 10")
    edit("suppliers.yaml", "mill@example.com", "mill")
    edit("recipes.yaml", "{Onions: 1 kg", "{Leeks: 1 kg")
    with pytest.raises(ConfigError) as caught:
        load_inventory(kitchen)
    assert [problem.file for problem in caught.value.problems] == [
        "ingredients.yaml",
        "recipes.yaml",
        "suppliers.yaml",
    ]


def test_a_circle_is_told_with_all_its_names(kitchen: Path, edit: Edit) -> None:
    edit(
        "recipes.yaml",
        "portions:",
        "  - {name: Stock, makes: 2 l, ingredients: {Soup: 1 l}}\n"
        "  - {name: Soup, makes: 2 l, ingredients: {Broth: 1 l}}\n"
        "  - {name: Broth, makes: 2 l, ingredients: {Onions: 1 kg, Stock: 1 l}}\n"
        "  - {name: Foam, makes: 1 l, ingredients: {Foam: 1 l}}\n"
        "portions:",
    )
    with pytest.raises(ConfigError) as caught:
        load_inventory(kitchen)
    assert str(caught.value).splitlines() == [
        "recipes.yaml:6: preparations.4.ingredients.Stock: "
        "a preparation cannot need itself: Stock → Soup → Broth → Stock",
        "recipes.yaml:7: preparations.5.ingredients.Foam: a preparation cannot need itself: Foam → Foam",
    ]


def test_modifiers_of_a_list_of_which_one_is_chosen_may_take_out_the_same(kitchen: Path, edit: Edit) -> None:
    deep = "  - {list: Crust, modifier: Deep dish, replaces: {Dough: {Dough: 1.5 as much}}}\n"
    edit("recipes.yaml", "modifiers:\n", f"modifiers:\n{deep}")
    assert len(load_inventory(kitchen).recipes.modifiers) == 6
