"""Recipes: what a sale of each variation and modifier takes off the shelves, worked out and put into the database."""

from include.inventory.recipes.explosion import DatedRecipe, explode
from include.inventory.recipes.load import load_recipes

__all__ = ["DatedRecipe", "explode", "load_recipes"]
