"""The chain as its owner describes it, read from YAML: who and where it is, what it sells, what goes into that."""

from include.config.chain import Chain, load_chain
from include.config.errors import ConfigError
from include.config.ingredients import Ingredient, LocationStock, Pack
from include.config.inventory import Inventory, load_inventory
from include.config.locations import Location, OpeningHours, OpeningTime
from include.config.products import Category, Discount, Item, Modifier, ModifierList, Products, Tax, Variation
from include.config.suppliers import Restock, Supplier

__all__ = [
    "Category",
    "Chain",
    "ConfigError",
    "Discount",
    "Ingredient",
    "Inventory",
    "Item",
    "Location",
    "LocationStock",
    "Modifier",
    "ModifierList",
    "OpeningHours",
    "OpeningTime",
    "Pack",
    "Products",
    "Restock",
    "Supplier",
    "Tax",
    "Variation",
    "load_chain",
    "load_inventory",
]
