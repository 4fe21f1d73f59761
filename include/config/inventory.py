"""What stock is kept of, who delivers it, and what goes into what is sold: three YAML files, read together."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from include.config.chain import FILES as CHAIN_FILES
from include.config.chain import changed_at, config_folder, load_chain
from include.config.cookbook import Cookbook
from include.config.document import Document, read, validate
from include.config.errors import ConfigError, Problem
from include.config.ingredients import Ingredient, Ingredients, Returns
from include.config.inventory_checks import check_inventory
from include.config.model import Model
from include.config.products import Products
from include.config.recipe_checks import check_recipes
from include.config.recipes import Preparation, Recipes
from include.config.suppliers import Restock, Supplier, Suppliers

# Without ingredients.yaml no stock is kept.
FILES = ("ingredients", "suppliers", "recipes")


class Inventory(Model):
    """What a chain keeps stock of, where it comes from and where it goes."""

    ingredients: tuple[Ingredient, ...] = ()
    # What recipes may name and nobody counts.
    uncounted: tuple[str, ...] = ()
    returns: Returns = Returns()
    suppliers: tuple[Supplier, ...] = ()
    restock: Restock = Restock()
    recipes: Recipes = Recipes()
    # What the recipes are of; None when no stock is kept.
    products: Products | None = None

    @property
    def preparations(self) -> tuple[Preparation, ...]:
        return self.recipes.preparations

    def cookbook(self, day: date) -> Cookbook:
        """The recipes that hold on a day."""
        return Cookbook(self.ingredients, self.uncounted, self.recipes, day)

    def ingredient(self, name: str) -> Ingredient:
        """:raises KeyError: when there is none of that name."""
        for ingredient in self.ingredients:
            if ingredient.name == name:
                return ingredient
        raise KeyError(f"there is no ingredient {name!r}")

    def supplier(self, name: str) -> Supplier:
        """:raises KeyError: when there is none of that name."""
        for supplier in self.suppliers:
            if supplier.name == name:
                return supplier
        raise KeyError(f"there is no supplier {name!r}, only {', '.join(each.name for each in self.suppliers)}")


def load_inventory(folder: Path | None = None) -> Inventory:
    """Reads what a folder (default: `STOREKEEPER_CONFIG`, else the demo chain) says of stock; cached until a file
    changes. Takes half a second the first time: not for where DAG files are parsed.

    :raises ConfigError: with every problem of all files, each with file, line and field.
    """
    folder = folder or config_folder()
    return _load(folder, changed_at(folder, (*CHAIN_FILES, *FILES)))


@lru_cache(maxsize=8)
def _load(folder: Path, _changed_at: tuple[int, ...]) -> Inventory:
    if not (folder / "ingredients.yaml").exists():
        return Inventory()
    chain = load_chain(folder)
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for name in FILES:
        file = folder / f"{name}.yaml"
        try:
            documents[name] = read(file) if file.exists() else Document(file.name, {})
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    ingredients = validate(Ingredients, documents["ingredients"], problems)
    suppliers = validate(Suppliers, documents["suppliers"], problems)
    recipes = validate(Recipes, documents["recipes"], problems)
    problems.extend(check_inventory(documents, chain))
    if not problems and ingredients and recipes:
        problems.extend(check_recipes(documents["recipes"], ingredients, recipes, chain.products))
    if problems or ingredients is None or suppliers is None or recipes is None:
        raise ConfigError(problems)
    return Inventory(
        ingredients=ingredients.ingredients,
        uncounted=ingredients.uncounted,
        returns=ingredients.returns,
        suppliers=suppliers.suppliers,
        restock=suppliers.restock,
        recipes=recipes,
        products=chain.products,
    )
