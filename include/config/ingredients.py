"""ingredients.yaml: what stock is kept of, what it is bought in, and what it costs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from include.config.model import Cents, Many, Model, Name, Percentage
from include.config.suppliers import ServiceLevel
from include.config.units import StockUnit, read_quantity, show_quantity

# The key under which a value stands that holds at every location without one of its own.
ELSEWHERE = "elsewhere"
# Of what holds until the first version with a date.
ALWAYS = date.min


def _in_stock_unit(value: Any, info: ValidationInfo) -> Decimal:
    unit = info.data.get("unit")
    if unit is None:
        # Its unit is told as a problem already.
        return Decimal(1)
    return read_quantity(value, unit, pack=info.data.get("pack_quantity"))


def _elsewhere(value: Any) -> Any:
    return value if isinstance(value, dict) else {ELSEWHERE: value}


def _versions(value: Any) -> Any:
    return [{"price": value}] if isinstance(value, str) else value


Quantity = Annotated[Decimal, BeforeValidator(_in_stock_unit)]
Value = TypeVar("Value")
# One value, or one by location.
ByLocation = Annotated[dict[Name, Value], BeforeValidator(_elsewhere)]


@dataclass(frozen=True)
class Pack:
    """What an ingredient is ordered in. :param quantity: in the ingredient's unit."""

    quantity: Decimal
    name: str


@dataclass(frozen=True)
class LocationStock:
    """What is set for an ingredient at one location; None: nothing. Quantities are in the ingredient's unit."""

    opening_quantity: Decimal | None
    par_quantity: Decimal | None
    maximum_quantity: Decimal | None
    service_level: Decimal | None


class Price(Model):
    """What a pack costs from a day on."""

    from_date: date = Field(default=ALWAYS, validation_alias="from")
    price_cents: Cents = Field(validation_alias="price")


def default_sku(name: str) -> str:
    slug = re.sub(r"\W+", "-", name.casefold()).strip("-")
    return f"ingredient:{slug}"


def _sku(fields: Mapping[str, Any]) -> str:
    return fields.get("sold_as") or default_sku(fields.get("name", ""))


class Ingredient(Model):
    """What stock is kept of. All its quantities are in its unit, however the file writes them.

    `sold_as`: the SKU of a variation of products.yaml that is this very thing (a bottle of water): Square takes its
    sales off by itself.
    """

    name: Name
    unit: StockUnit
    sold_as: Name | None = None
    # Of the variation in Square that carries its count.
    sku: Name = Field(default_factory=_sku)
    # By which a modifier takes out several ("cheese").
    group: Name | None = None
    supplier: Name | None = None
    pack_quantity: Annotated[Quantity, Field(gt=0)] | None = Field(default=None, validation_alias="pack")
    pack_name: Name | None = None
    prices: Annotated[Many[Price], BeforeValidator(_versions)] = Field(default=(), validation_alias="price")
    # What of it is lost before it is used: peel, stalks, what sticks to the tin.
    waste_percentage: Percentage = Field(default="0", validation_alias="waste")
    opening: ByLocation[Quantity] = Field(default_factory=dict)
    par: ByLocation[Quantity] = Field(default_factory=dict)
    maximum: ByLocation[Quantity] = Field(default_factory=dict)
    service_level: ByLocation[ServiceLevel] = Field(default_factory=dict)

    @field_validator("waste_percentage")
    @classmethod
    def _something_is_left(cls, value: str) -> str:
        if Decimal(value) >= 100:
            raise ValueError(f"{value!r}: nothing of it would be left")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "Ingredient":
        if self.pack_quantity is None and (self.prices or self.pack_name):
            raise ValueError("has a price or a pack_name, and no pack that it is of")
        if len({price.from_date for price in self.prices}) < len(self.prices):
            raise ValueError("has two prices from the same day on")
        if self.sold_as and self.sku != self.sold_as:
            raise ValueError(f"is sold as it is: its sku is {self.sold_as!r}")
        if self.sold_as and (self.unit != "each" or Decimal(self.waste_percentage)):
            raise ValueError("is sold as it is: its unit is each, and it has no waste")
        return self

    @property
    def is_sold_by_square(self) -> bool:
        return self.sold_as is not None

    @property
    def pack(self) -> Pack | None:
        """What it is ordered in; None of what nobody orders."""
        if self.pack_quantity is None:
            return None
        return Pack(self.pack_quantity, self.pack_name or f"pack of {show_quantity(self.pack_quantity, self.unit)}")

    def at(self, location: str) -> LocationStock:
        """What is set for it at a location."""

        def of(values: Mapping[str, Decimal]) -> Decimal | None:
            return values.get(location, values.get(ELSEWHERE))

        return LocationStock(of(self.opening), of(self.par), of(self.maximum), of(self.service_level))


class Returns(Model):
    """Which refunds put what was returned back on the shelf: those whose reason is one of these words."""

    restocking_reasons: Many[Name] = ()


class Ingredients(Model):
    """The whole of ingredients.yaml."""

    ingredients: Many[Ingredient] = ()
    # What recipes may name and nobody counts: water from the tap.
    uncounted: Many[Name] = ()
    returns: Returns = Returns()
