"""Order lines as JSON in which only the amounts are missing, so that a line costs one formatting operation at most."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from include.config import Location
from include.sales.simulation.amounts import TaxTable
from include.sales.simulation.menu import Menu

# A power of two: lines of one order are taken at an odd stride, so that all of them differ.
POOL_SIZE = 4096
_GROSS_WITHOUT_TAX = ("US", "CA", "JP")


class Line(NamedTuple):
    """A line of one order, in cents. `total` holds the additive taxes."""

    json: str
    tax: int
    total: int


@dataclass(frozen=True)
class LineTemplate:
    """A line before it is known what its order adds to it and takes off it.

    :param price: of all its units and their modifiers, in cents, inclusive taxes in it.
    :param tax_factors: what the price is multiplied by for each tax, see `TaxTable`.
    :param tax_numbers: which taxes are on it, and which of them are in the price.
    :param gross_holds_tax: whether Square leaves inclusive taxes in gross sales: not in the US, Canada and Japan.
    :param plain_json: takes gross, tax, total, and the share of each tax that is on it.
    :param discounted_json: takes gross, tax, discount, total, discount again, and the shares of taxes.
    """

    price: int
    tax_factors: tuple[int, ...]
    tax_numbers: tuple[int, ...]
    inclusive_numbers: tuple[int, ...]
    gross_holds_tax: bool
    plain_json: str
    discounted_json: str
    _plain_lines: dict[tuple[int, ...], Line] = field(default_factory=dict)

    def plain(self, tax_shares: tuple[int, ...]) -> Line:
        """Without a discount. A share is rounded up or down, so that there are few such lines: they are kept."""
        known = self._plain_lines.get(tax_shares)
        if known is None:
            gross, tax, total = self._amounts(self.price, tax_shares)
            shares = [tax_shares[number] for number in self.tax_numbers]
            known = Line(self.plain_json % (gross, tax, total, *shares), tax, total)
            self._plain_lines[tax_shares] = known
        return known

    def discounted(self, discount: int, tax_shares: tuple[int, ...]) -> Line:
        gross, tax, total = self._amounts(self.price - discount, tax_shares)
        shares = [tax_shares[number] for number in self.tax_numbers]
        return Line(self.discounted_json % (gross, tax, discount, total, discount, *shares), tax, total)

    def _amounts(self, discounted: int, tax_shares: tuple[int, ...]) -> tuple[int, int, int]:
        """Gross, tax and total."""
        inclusive = sum(tax_shares[number] for number in self.inclusive_numbers)
        tax = sum(tax_shares)
        return self.price - (0 if self.gross_holds_tax else inclusive), tax, discounted + tax - inclusive


def money(cents: "int | str", currency: str) -> str:
    return f'{{"amount":{cents},"currency":"{currency}"}}'


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def line_pool(menu: Menu, taxes: TaxTable, location: Location, id_prefix: str, random: Random) -> list[LineTemplate]:
    """What lines are drawn from, each thing as often in it as it is ordered."""
    return [_template(menu, taxes, location, id_prefix, random, number) for number in range(POOL_SIZE)]


def _template(
    menu: Menu, taxes: TaxTable, location: Location, id_prefix: str, random: Random, number: int
) -> LineTemplate:
    choice = menu.choose(random)
    quantity = random.choices((1, 2, 3), (90, 8, 2))[0]
    currency = location.currency
    modifiers = ",".join(
        f'{{"uid":"{number}-{place}","catalog_object_id":{text(f"{id_prefix}{modifier_list.name}/{modifier.name}")},'
        f'"name":{text(modifier.name)},"quantity":"1","base_price_money":{money(modifier.price_cents, currency)},'
        f'"total_price_money":{money(modifier.price_cents * quantity, currency)}}}'
        for place, (modifier_list, modifier) in enumerate(choice.modifiers, start=1)
    )
    unit_cents = choice.variation.price_cents
    price = (unit_cents + sum(modifier.price_cents for _, modifier in choice.modifiers)) * quantity
    head = _literal(
        f'{{"uid":"{number}","catalog_object_id":{text(id_prefix + choice.variation.sku)},"item_type":"ITEM",'
        f'"name":{text(choice.item.name)},"variation_name":{text(choice.variation.name)},"quantity":"{quantity}",'
        f'"base_price_money":{money(unit_cents, currency)},'
    )
    tail = _literal(f',"modifiers":[{modifiers}]' if modifiers else "") + "}"
    amount = money("%d", currency)
    gross_and_tax = f'"gross_sales_money":{amount},"total_tax_money":{amount}'
    tax_numbers = tuple(n for n, factor in enumerate(taxes.factors[choice.item.name]) if factor)
    applied_taxes = _applied("tax", "applied_taxes", [f"tax-{n + 1}" for n in tax_numbers], currency)
    applied_discount = _applied("discount", "applied_discounts", ["discount"], currency)
    return LineTemplate(
        price=price,
        tax_factors=taxes.factors[choice.item.name],
        tax_numbers=tax_numbers,
        inclusive_numbers=tuple(n for n in tax_numbers if taxes.taxes[n].inclusive),
        gross_holds_tax=location.country not in _GROSS_WITHOUT_TAX,
        plain_json=(
            f'{head}{gross_and_tax},"total_discount_money":{money(0, currency)},"total_money":{amount}'
            f"{applied_taxes}{tail}"
        ),
        discounted_json=(
            f'{head}{gross_and_tax},"total_discount_money":{amount},"total_money":{amount}'
            f"{applied_discount}{applied_taxes}{tail}"
        ),
    )


def _applied(kind: str, name: str, uids: Sequence[str], currency: str) -> str:
    shares = ",".join(f'{{"{kind}_uid":"{uid}","applied_money":{money("%d", currency)}}}' for uid in uids)
    return f',"{name}":[{shares}]' if shares else ""


def _literal(part: str) -> str:
    """A part of a template that is no placeholder."""
    return part.replace("%", "%%")
