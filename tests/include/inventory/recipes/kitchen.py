"""A kitchen in YAML, as the loaders read it, small enough to reckon by hand."""

import shutil
from pathlib import Path

from include.config import Inventory, load_inventory
from include.config.chain import DEMO_FOLDER

PRODUCTS = """\
currency: USD
categories: [{name: Food}]
modifier_lists:
  - name: Changes
    modifiers: [{name: More cheese}, {name: No cheese}, {name: Vegan}, {name: Bread, price: "1.00"}, {name: Nothing}]
items:
  - name: Pie
    category: Food
    modifier_lists: [Changes]
    variations: [{name: Small, sku: pie_s, price: "10.00"}, {name: Large, sku: pie_l, price: "15.00"}]
  - {name: Water, category: Food, variations: [{name: Bottle, sku: water, price: "2.00"}]}
  - {name: Card, category: Food, modifier_lists: [Changes], variations: [{name: Gift, sku: card, price: "9.00"}]}
"""
INGREDIENTS = """\
uncounted: [Tap water]
ingredients:
  - {name: Flour, unit: kg, pack: 25 kg, price: "20.00", supplier: Mill}
  - {name: Cheese, unit: g, group: dairy, pack: 2 kg, price: "16.00", waste: "20"}
  - {name: Cashews, unit: g}
  - {name: Bottle, unit: each, sold_as: water, pack: 12 each, price: "6.00"}
"""
SUPPLIERS = "suppliers: [{name: Mill, recipients: [mill@example.com], lead_time_days: 1}]\n"
RECIPES = """\
preparations:
  - {name: Dough, makes: 10 kg, yield: "80", ingredients: {Flour: 6 kg, Tap water: 4 l}}
recipes:
  - {item: Pie, ingredients: {Dough: {Small: 200 g, Large: 400 g}, Cheese: 100 g, Tap water: 1 l}}
modifiers:
  - {list: Changes, modifier: More cheese, adds: {Cheese: {Small: 20 g, others: 40 g}}}
  - {list: Changes, modifier: No cheese, removes: [dairy]}
  - {list: Changes, modifier: Nothing, uses_nothing: true}
"""


def write(
    folder: Path, recipes: str = RECIPES, ingredients: str = INGREDIENTS, suppliers: str = SUPPLIERS
) -> Inventory:
    """Writes a kitchen beside the demo's locations, and reads it."""
    shutil.copy(DEMO_FOLDER / "locations.yaml", folder)
    (folder / "products.yaml").write_text(PRODUCTS)
    (folder / "ingredients.yaml").write_text(ingredients)
    (folder / "suppliers.yaml").write_text(suppliers)
    (folder / "recipes.yaml").write_text(recipes)
    return load_inventory(folder)
