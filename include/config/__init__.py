"""The chain as its owner describes it: locations, products, taxes and recipients, read from YAML."""

from include.config.chain import Chain, load_chain
from include.config.errors import ConfigError
from include.config.locations import Location, OpeningHours, OpeningTime
from include.config.products import Category, Discount, Item, Modifier, ModifierList, Products, Tax, Variation

__all__ = [
    "Category",
    "Chain",
    "ConfigError",
    "Discount",
    "Item",
    "Location",
    "Modifier",
    "ModifierList",
    "OpeningHours",
    "OpeningTime",
    "Products",
    "Tax",
    "Variation",
    "load_chain",
]
