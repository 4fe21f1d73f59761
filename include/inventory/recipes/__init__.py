"""Recipes: what a sale of each variation and modifier takes off the shelves, worked out and put into the database."""

from include.inventory.recipes.load import Loaded, load_recipes

__all__ = ["Loaded", "load_recipes"]
