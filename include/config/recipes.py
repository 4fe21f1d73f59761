"""recipes.yaml: what goes into what is sold."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from include.config.ingredients import ALWAYS
from include.config.model import Many, Model, Name, Percentage
from include.config.units import split_quantity

# The key under which a quantity stands that holds for every variation without one of its own.
OTHERS = "others"


def _quantity(value: Any) -> str:
    split_quantity(value)
    return str(value)


def _others(value: Any) -> Any:
    return value if isinstance(value, dict) else {OTHERS: value}


def _instead(value: Any) -> Any:
    """``Vegan cheese`` → as much of it as is left out."""
    return {value: f"1 {AS_MUCH}"} if isinstance(value, str) else value


# As the file writes it: "220 g", "1/2 cup", "1 portion".
Quantity = Annotated[str, BeforeValidator(_quantity)]
# The quantities of one component by the variation's name.
ByVariation = Annotated[dict[Name, Quantity], BeforeValidator(_others)]
# By what goes in: the name of an ingredient or of a preparation.
Components = dict[Name, ByVariation]
# Of what is taken instead of something: "0.7 as much".
AS_MUCH = "as much"


class Version(Model):
    """What may be written several times, each time to hold from a later day on."""

    from_date: date = Field(default=ALWAYS, validation_alias="from")


class Preparation(Version):
    """What is made beforehand, of ingredients and other preparations: a batch of dough, a pot of sauce."""

    name: Name
    # What a batch gives, as "10 kg", and how much of that is used in the end.
    makes: Quantity
    yield_percentage: Percentage = Field(default="100", validation_alias="yield")
    group: Name | None = None
    ingredients: Mapping[Name, Quantity]

    @field_validator("yield_percentage")
    @classmethod
    def _something_is_left(cls, value: str) -> str:
        if not Decimal(value):
            raise ValueError(f"{value!r}: nothing of it would be left")
        return value


class Portion(Version):
    """How much of something goes on a variation by the house's rule: what `1 portion` of it is."""

    of: Name
    quantity: ByVariation


class Base(Version):
    """What several recipes have in common."""

    name: Name
    ingredients: Components


class Recipe(Version):
    """What goes into an item's variations. One that uses nothing says so."""

    item: Name
    bases: Many[Name] = ()
    ingredients: Components = Field(default_factory=dict)
    uses_nothing: bool = False

    @model_validator(mode="after")
    def _says_what(self) -> "Recipe":
        if self.uses_nothing == bool(self.bases or self.ingredients):
            raise ValueError("needs either ingredients (or bases), or uses_nothing: true")
        return self


class ModifierRecipe(Version):
    """What a modifier changes on the items named, or on all that no other entry of it names."""

    list_name: Name = Field(validation_alias="list")
    modifier: Name
    items: Many[Name] = ()
    adds: Components = Field(default_factory=dict)
    # Ingredients, preparations or groups that are left out.
    removes: Many[Name] = ()
    # By what is left out: what is taken instead, where it would have been in.
    replaces: dict[Name, Annotated[Components, BeforeValidator(_instead)]] = Field(default_factory=dict)
    uses_nothing: bool = False

    @model_validator(mode="after")
    def _says_what(self) -> "ModifierRecipe":
        if self.uses_nothing == bool(self.adds or self.removes or self.replaces):
            raise ValueError("needs either adds, removes or replaces, or uses_nothing: true")
        return self

    def left_out(self) -> tuple[str, ...]:
        """What it takes out, whether it puts something in its place or not."""
        return (*self.removes, *self.replaces)


class Recipes(Model):
    """The whole of recipes.yaml."""

    preparations: Many[Preparation] = ()
    portions: Many[Portion] = ()
    bases: Many[Base] = ()
    recipes: Many[Recipe] = ()
    modifiers: Many[ModifierRecipe] = ()
