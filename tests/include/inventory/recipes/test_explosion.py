from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from include.config import Inventory
from include.config.ingredients import ALWAYS
from include.inventory.recipes import explode
from tests.include.inventory.recipes.kitchen import INGREDIENTS, RECIPES, write

Uses = Mapping[str, str]


def uses(inventory: Inventory) -> dict[tuple[str, str], list[tuple[date, date | None, Mapping[str, Decimal]]]]:
    """By SKU and modifier: from when to when, and what."""
    found: dict[tuple[str, str], list[tuple[date, date | None, Mapping[str, Decimal]]]] = {}
    for each in explode(inventory):
        stretch = (each.valid_from, each.valid_to, each.quantities)
        found.setdefault((each.sku, each.modifier[1] if each.modifier else ""), []).append(stretch)
    return found


def always(**quantities: str) -> list[tuple[date, date | None, Mapping[str, Decimal]]]:
    return [(ALWAYS, None, {name: Decimal(quantity) for name, quantity in quantities.items()})]


def test_yield_waste_variations_and_modifiers_are_reckoned_in(tmp_path: Path) -> None:
    found = uses(write(tmp_path))
    # 200 g of the usable 8 kg that 6 kg of flour give; a fifth of the cheese is rind.
    assert found["pie_s", ""] == always(Flour="0.15", Cheese="125")
    assert found["pie_l", ""] == always(Flour="0.3", Cheese="125")
    assert found["pie_s", "More cheese"] == always(Cheese="25")
    assert found["pie_l", "More cheese"] == always(Cheese="50")
    assert found["pie_l", "No cheese"] == always(Cheese="-125")
    assert found["pie_l", "Nothing"] == always()
    # Nobody has said what these use.
    assert ("pie_s", "Bread") not in found
    assert ("card", "") not in found
    # Nor can be taken out of what is not known; what is added is.
    assert ("card", "No cheese") not in found
    assert found["card", "More cheese"] == always(Cheese="50")
    assert found["water", ""] == always(Bottle="1")


def test_preparations_five_deep_are_what_comes_out_by_hand(tmp_path: Path) -> None:
    recipes = """\
preparations:
  - {name: One, makes: 3 kg, ingredients: {Flour: 2 kg, Tap water: 1 l}}
  - {name: Two, makes: 1 lb, yield: "90", ingredients: {One: 1 lb, Cheese: 50 g}}
  - {name: Three, makes: 7 l, ingredients: {Two: 3 kg, One: 1 kg}}
  - {name: Four, makes: 12 each, yield: "75", ingredients: {Three: 5 l, Cashews: 70 g}}
  - {name: Five, makes: 11 kg, ingredients: {Four: 6 each, Two: 1 kg}}
recipes:
  - {item: Pie, ingredients: {Five: {Small: 130 g, Large: 0.5 kg}}}
"""
    # By hand, with fractions, in g. A pound is 453.59237 g.
    # One: 2/3 flour. Two: 10/9 One and 50/453.59237 x 10/9 = 0.12247903 cheese, of which 0.15309879 were bought.
    # Three, a litre: 3/7 kg Two, 1/7 kg One. Four, one of 9: 5/9 l Three, 70/9 cashews.
    # Five, a kg: 6/11 Four, 1/11 kg Two.
    #   Three in it: 6/11 x 5/9 = 10/33 l
    #   Two in it:   1/11 + 10/33 x 3/7 = 17/77 kg
    #   One in it:   17/77 x 10/9 + 10/33 x 1/7 = 200/693 kg
    #   flour:       200/693 x 2/3 = 400/2079 kg = 0.192400...
    #   cheese:      17/77 x 1000 x 0.15309879 = 33.80103... g
    #   cashews:     6/11 x 70/9 = 140/33 g = 4.242424...
    found = uses(write(tmp_path, recipes))
    assert found["pie_l", ""] == always(Flour="0.09620", Cheese="16.90052", Cashews="2.12121")
    assert found["pie_s", ""] == always(Flour="0.02501", Cheese="4.39413", Cashews="0.55152")


def test_what_replaces_something_may_be_told_by_how_much_there_was(tmp_path: Path) -> None:
    recipes = RECIPES + (
        "  - {list: Changes, modifier: Vegan, replaces: {dairy: Cashews}}\n"
        "  - {list: Changes, modifier: Bread, replaces: {Dough: {Dough: 0.5 as much, Flour: 10 g}}}\n"
    )
    # What no cheese takes out, Vegan does too: they cannot both be offered.
    recipes = recipes.replace("  - {list: Changes, modifier: No cheese, removes: [dairy]}\n", "")
    found = uses(write(tmp_path, recipes))
    assert found["pie_s", "Vegan"] == always(Cashews="100", Cheese="-125")
    # Half of 0.3 kg comes back, and 10 g; 0.3 kg were taken out.
    assert found["pie_l", "Bread"] == always(Flour="-0.14")


def test_an_entry_for_some_items_goes_before_the_one_for_all(tmp_path: Path) -> None:
    recipes = RECIPES + "  - {list: Changes, modifier: More cheese, items: [Card], adds: {Cashews: 3 g}}\n"
    found = uses(write(tmp_path, recipes))
    assert found["card", "More cheese"] == always(Cashews="3")
    assert found["pie_s", "More cheese"] == always(Cheese="25")


def test_a_version_of_any_part_begins_a_new_stretch_of_what_it_changes(tmp_path: Path) -> None:
    recipes = RECIPES.replace(
        "recipes:",
        "  - {name: Dough, from: 2026-03-01, makes: 10 kg, yield: '80', ingredients: {Flour: 7 kg}}\nrecipes:\n"
        "  - {item: Card, from: 2026-02-01, uses_nothing: true}",
        1,
    )
    found = uses(write(tmp_path, recipes))
    march = date(2026, 3, 1)
    assert found["pie_s", ""] == [
        (ALWAYS, march, {"Flour": Decimal("0.15"), "Cheese": Decimal(125)}),
        (march, None, {"Flour": Decimal("0.175"), "Cheese": Decimal(125)}),
    ]
    assert found["pie_s", "No cheese"] == always(Cheese="-125")
    assert found["card", ""] == [(date(2026, 2, 1), None, {})]


def test_water_from_the_tap_is_not_counted(tmp_path: Path) -> None:
    inventory = write(tmp_path, "recipes: [{item: Card, ingredients: {Tap water: 1 cup}}]\n", INGREDIENTS)
    assert uses(inventory)["card", ""] == always()
