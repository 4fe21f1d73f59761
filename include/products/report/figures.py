"""What gold knows of products, as plain values. Money is in minor units; quantities are exact decimals."""

from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, order=True)
class Product:
    """What has a row of its own: an item, or a variation of it.

    Without a name it is what stands on no item, such as a refund of an amount.
    """

    category: str
    item_name: str
    variation_name: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.item_name)

    def __str__(self) -> str:
        return f"{self.item_name} {self.variation_name}".rstrip() or "Not on an item"


@dataclass(frozen=True)
class Sales:
    """What was sold, all of one currency.

    Gross holds the modifiers' part, as Square's item sales do: net = gross - discount - refund. Cost is that of the
    recipes' ingredients, modifiers included, less what went back on the shelf; it is not rounded.
    """

    sold_quantity: Decimal = Decimal()
    returned_quantity: Decimal = Decimal()
    modifier_quantity: Decimal = Decimal()
    gross_cents: int = 0
    modifier_gross_cents: int = 0
    discount_cents: int = 0
    refund_cents: int = 0
    net_cents: int = 0
    tax_cents: int = 0
    cost_cents: Decimal = Decimal()

    def __add__(self, other: "Sales") -> "Sales":
        return Sales(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def average_price_cents(self) -> Decimal | None:
        """What one brought before discounts, without its modifiers; None where none was sold."""
        if self.sold_quantity <= 0:
            return None
        return (self.gross_cents - self.modifier_gross_cents) / self.sold_quantity


@dataclass(frozen=True)
class Sold:
    """What an earlier period sold."""

    sold_quantity: Decimal = Decimal()
    net_cents: int = 0

    def __add__(self, other: "Sold") -> "Sold":
        return Sold(self.sold_quantity + other.sold_quantity, self.net_cents + other.net_cents)


@dataclass(frozen=True)
class Change:
    """How a period did against an earlier one: 0.125 is a growth by an eighth, None where nothing was sold before."""

    before_cents: int
    net_cents: int
    net_ratio: Decimal | None

    @classmethod
    def since(cls, before_cents: int, now_cents: int) -> "Change":
        change_cents = now_cents - before_cents
        return cls(before_cents, change_cents, Decimal(change_cents) / before_cents if before_cents > 0 else None)
