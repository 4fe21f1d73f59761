"""What is wrong in recipes whose names are right: quantities, variations that were forgotten, circles, clashes.

Each day from which on something else holds is checked by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from include.config.circles import circles
from include.config.cookbook import Cookbook, version_days
from include.config.document import Document
from include.config.errors import Field, Problem
from include.config.ingredients import Ingredients
from include.config.products import Item, Products
from include.config.recipes import AS_MUCH, OTHERS, Base, ModifierRecipe, Portion, Preparation, Recipe, Recipes, Version
from include.config.units import split_quantity


def check_recipes(document: Document, ingredients: Ingredients, recipes: Recipes, products: Products) -> list[Problem]:
    """:param document: recipes.yaml, which `recipes` was read from; all names in it are known."""
    check = _RecipeCheck(document, recipes, products)
    cookbooks = [
        Cookbook(ingredients.ingredients, ingredients.uncounted, recipes, day) for day in version_days(recipes)
    ]
    for cookbook in cookbooks:
        check.circles(cookbook)
        check.quantities(cookbook)
        check.forgotten(cookbook)
    if not check.problems:
        # These need amounts that are right.
        for cookbook in cookbooks:
            check.exchanges(cookbook)
            check.clashes(cookbook)
        check.vain()
    return list(check.problems)


# Where a quantity is written: the version and the field in it, of what, and how much by variation.
Written = tuple[Version, Field, str, Mapping[str, str]]


class _RecipeCheck:
    def __init__(self, document: Document, recipes: Recipes, products: Products) -> None:
        self.document, self.recipes, self.products = document, recipes, products
        # The same problem on several days is one.
        self.problems: dict[Problem, None] = {}
        self._places: dict[int, Field] = {
            id(version): (section, index)
            for section in Recipes.model_fields
            for index, version in enumerate(getattr(recipes, section))
        }
        self._found: set[tuple[int, str]] = set()

    def circles(self, cookbook: Cookbook) -> None:
        needs = {name: tuple(made.ingredients) for name, made in cookbook.preparations.items()}
        for circle in circles(needs):
            made = cookbook.preparations[circle[-2]]
            self._tell(made, ("ingredients", circle[-1]), f"a preparation cannot need itself: {' → '.join(circle)}")

    def quantities(self, cookbook: Cookbook) -> None:
        """Each quantity that is written, whether anything needs it or not."""
        for made in cookbook.preparations.values():
            self._measured(cookbook, made.name, made.makes, made, ("makes",))
            for component, text in made.ingredients.items():
                self._measured(cookbook, component, text, made, ("ingredients", component))
        for version, field, component, quantities in _written(cookbook):
            for variation, text in quantities.items():
                where = field if variation == OTHERS else (*field, variation)
                self._measured(cookbook, component, text, version, where)

    def forgotten(self, cookbook: Cookbook) -> None:
        """Variations that a recipe says nothing of, or that there are none of."""
        names = {variation.name for item in self.products.items for variation in item.variations}
        for version, field, _, quantities in _written(cookbook):
            if not isinstance(version, Recipe):
                self._known(version, field, quantities, names)
        for item in self.products.items:
            own = [variation.name for variation in item.variations if not cookbook.is_sold_as_it_is(variation)]
            recipe = cookbook.recipes.get(item.name)
            if recipe is not None:
                if not own:
                    self._tell(recipe, ("item",), f"{item.name!r} is sold as it is: it has no recipe")
                for component, quantities in recipe.ingredients.items():
                    self._known(recipe, ("ingredients", component), quantities, set(own))
                sources: list[Recipe | Base] = [recipe, *(cookbook.bases[base] for base in recipe.bases)]
                for source in sources:
                    for component, quantities in source.ingredients.items():
                        self._said(cookbook, (source, ("ingredients", component), component, quantities), item, own)
            for _, _, modifier in cookbook.modifiers_of(item, self.products):
                for written in _added(modifier):
                    self._said(cookbook, written, item, [variation.name for variation in item.variations])

    def clashes(self, cookbook: Cookbook) -> None:
        """What two modifiers take out that can be chosen together: it would be taken out twice."""
        selection = {each.name: each.selection for each in self.products.modifier_lists}
        for item in self.products.items:
            modifiers = list(cookbook.modifiers_of(item, self.products))
            for variation in item.variations:
                components = cookbook.components(item, variation) or {}
                taken = [(*each, cookbook.matching(components, each[2].left_out()).keys()) for each in modifiers]
                for (one_list, one, _, out), (other_list, _, modifier, other_out) in combinations(taken, 2):
                    twice = sorted(out & other_out)
                    if twice and (one_list != other_list or selection[one_list] == "multiple"):
                        message = f"can be chosen with {one!r} on {item.name!r}: both take out {', '.join(twice)}"
                        self._tell(modifier, ("modifier",), message)

    def exchanges(self, cookbook: Cookbook) -> None:
        """What cannot be measured as what it replaces is, and what is taken out of recipes that do not hold it."""
        for item in self.products.items:
            for list_name, name, modifier in cookbook.modifiers_of(item, self.products):
                for variation in item.variations:
                    components = cookbook.components(item, variation) or {}
                    self._found.update(
                        (id(modifier), each) for each in modifier.left_out() if cookbook.matching(components, [each])
                    )
                    try:
                        cookbook.change(item, variation, list_name, name)
                    except ValueError as error:
                        self._tell(modifier, ("replaces",), str(error))

    def vain(self) -> None:
        for modifier in self.recipes.modifiers:
            for name in modifier.left_out():
                if (id(modifier), name) not in self._found:
                    field = (
                        ("replaces", name) if name in modifier.replaces else ("removes", modifier.removes.index(name))
                    )
                    self._tell(modifier, field, f"no recipe that it can be chosen for holds {name!r} by itself")

    def _measured(self, cookbook: Cookbook, component: str, text: str, version: Version, field: Field) -> None:
        number, unit = split_quantity(text)
        if field == ("makes",) and not number:
            self._tell(version, field, "nothing can be made of a batch of nothing")
        elif unit == "portion" and not isinstance(version, Preparation | Portion):
            if component not in cookbook.portions:
                self._tell(version, field, f"`portions` does not say what a portion of {component!r} is")
        elif component not in cookbook.uncounted and (unit != AS_MUCH or field[0] != "replaces"):
            try:
                cookbook.amount(component, text)
            except ValueError as error:
                self._tell(version, field, str(error))

    def _known(self, version: Version, field: Field, quantities: Mapping[str, str], variations: Iterable[str]) -> None:
        for variation in quantities.keys() - {*variations, OTHERS}:
            self._tell(version, (*field, variation), f"there is no variation {variation!r}")

    def _said(self, cookbook: Cookbook, written: Written, item: Item, variations: Iterable[str]) -> None:
        version, field, component, quantities = written
        for variation in variations:
            text = quantities.get(variation, quantities.get(OTHERS))
            portion = cookbook.portions.get(component)
            if text is None:
                self._tell(version, field, f"says nothing of {variation!r}, as which {item.name!r} is sold")
            elif split_quantity(text)[1] == "portion" and portion and not {variation, OTHERS} & portion.quantity.keys():
                self._tell(portion, ("quantity",), f"says nothing of {variation!r}, as which {item.name!r} is sold")

    def _tell(self, version: Version, field: Field, message: str) -> None:
        self.problems[self.document.problem((*self._places[id(version)], *field), message)] = None


def _written(cookbook: Cookbook) -> Iterator[Written]:
    """Every quantity that depends on the variation."""
    for portion in cookbook.portions.values():
        yield portion, ("quantity",), portion.of, portion.quantity
    versions: list[Base | Recipe] = [*cookbook.bases.values(), *cookbook.recipes.values()]
    for version in versions:
        for component, quantities in version.ingredients.items():
            yield version, ("ingredients", component), component, quantities
    for modifier in cookbook.modifiers.values():
        yield from _added(modifier)


def _added(modifier: ModifierRecipe) -> Iterator[Written]:
    for component, quantities in modifier.adds.items():
        yield modifier, ("adds", component), component, quantities
    for replaced, instead in modifier.replaces.items():
        for component, quantities in instead.items():
            yield modifier, ("replaces", replaced, component), component, quantities
