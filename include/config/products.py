"""products.yaml: what the chain sells, and what is added to and taken off the price."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from include.config.model import Cents, Currency, Many, Model, Name, Percentage


class Category(Model):
    """A category with its sub-categories; names are unique in the whole tree."""

    name: Name
    categories: "Many[Category]" = ()

    def tree(self) -> "Iterator[Category]":
        """This category, and all below it."""
        yield self
        for category in self.categories:
            yield from category.tree()


class Variation(Model):
    """What is sold, at a price. `initial_count`: a stock is kept, and begins with that many at every location."""

    name: Name
    sku: Name
    price_cents: Cents = Field(validation_alias="price")
    initial_count: Annotated[int, Field(ge=0)] | None = None


class Item(Model):
    """A thing on the menu: its variations, the modifier lists it may be changed by, the taxes on it (unset: all)."""

    name: Name
    category: Name
    description: str = ""
    modifier_lists: Many[Name] = ()
    taxes: Many[Name] | None = None
    variations: Annotated[Many[Variation], Field(min_length=1)]


class Modifier(Model):
    name: Name
    price_cents: Cents = Field(default=0, validation_alias="price")


class ModifierList(Model):
    name: Name
    selection: Literal["single", "multiple"] = "multiple"
    modifiers: Annotated[Many[Modifier], Field(min_length=1)]


class Tax(Model):
    """A tax at the locations named (unset: all). `percentage` is a decimal string, as Square has it."""

    name: Name
    percentage: Percentage
    inclusive: bool = False
    locations: Many[Name] | None = None


class Discount(Model):
    """A percentage or an amount off the whole order."""

    name: Name
    percentage: Percentage | None = None
    amount_cents: Cents | None = Field(default=None, validation_alias="amount")

    @model_validator(mode="after")
    def _one_of_both(self) -> "Discount":
        if (self.percentage is None) == (self.amount_cents is None):
            raise ValueError("needs either a percentage or an amount")
        return self


class Products(Model):
    """The whole of products.yaml."""

    currency: Currency
    categories: Annotated[Many[Category], Field(min_length=1)]
    items: Annotated[Many[Item], Field(min_length=1)]
    modifier_lists: Many[ModifierList] = ()
    taxes: Many[Tax] = ()
    discounts: Many[Discount] = ()

    def all_categories(self) -> Iterator[Category]:
        """Each of the tree, followed by those below it."""
        for category in self.categories:
            yield from category.tree()
