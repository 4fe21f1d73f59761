"""Works out every amount of an order, as Square does.

Discounts come first (line percentages, order percentages, line amounts, order amounts), then service charges that are
apportioned to lines, charges on the subtotal, taxes (inclusive ones are taken out of the price, additive ones come on
top of the rest), and last the charges on the total. An adjustment of the whole order is rounded once and divided over
its lines, so that the lines' shares add up to the order's amount.

Source: https://developer.squareup.com/docs/orders-api/price-adjustments and the descriptions of Order in Square's
OpenAPI document; the division of remainders reproduces its CreateOrder example.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from sandbox.square.call import Json, new_id
from sandbox.square.errors import SquareError, missing
from sandbox.square.shares import apportion, decimal, distribute, percentage

DEDUCTS_INCLUSIVE_TAX = ("US", "CA", "JP")
AMOUNTS = ("total", "tax", "discount", "tip", "service_charge")
PLURALS = {"discount": "discounts", "tax": "taxes", "service_charge": "service_charges"}
APPORTIONED = ("APPORTIONED_PERCENTAGE_PHASE", "APPORTIONED_AMOUNT_PHASE")


@dataclass(eq=False)
class Priced:
    """A line, or a charge of its own, while its amounts are worked out in minor units.

    `price` is what the buyer sees, with inclusive taxes; `taxable` what taxes are reckoned on.
    """

    json: Json
    price: int
    discount: int = 0
    charge: int = 0
    taxable_charge: int = 0
    inclusive_tax: int = 0
    additive_tax: int = 0
    applied: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def discounted(self) -> int:
        return self.price - self.discount

    @property
    def taxable(self) -> int:
        return self.discounted + self.taxable_charge

    @property
    def total(self) -> int:
        return self.discounted + self.charge + self.additive_tax

    def apply(self, kind: str, uid: str, money: Json) -> None:
        """Notes the line's share in an adjustment, under the uid it had before."""
        known = {a[f"{kind}_uid"]: a.get("uid") for a in self.json.get(f"applied_{PLURALS[kind]}") or []}
        share = {"uid": known.get(uid) or new_id(), f"{kind}_uid": uid, "applied_money": money}
        self.applied.setdefault(kind, []).append(share)


class Pricing:
    """One order's calculation. Raises SquareError where the order's own numbers make no sense."""

    def __init__(self, order: Json, currency: str, country: str) -> None:
        self.order = order
        self.currency = currency
        self.deducts_inclusive_tax = country in DEDUCTS_INCLUSIVE_TAX
        self.lines = [self._line(line) for line in order.get("line_items") or []]
        self.charges: list[Priced] = []

    def money(self, amount: int) -> Json:
        return {"amount": amount, "currency": self.currency}

    def run(self) -> None:
        """Writes all amounts into the order."""
        self._discounts()
        charges = [_with_uid(charge) for charge in self.order.get("service_charges") or []]
        for charge in (c for phase in APPORTIONED for c in charges if _phase(c) == phase):
            self._apportioned_charge(charge)
        subtotal = sum(line.discounted for line in self.lines)
        self._charges((c for c in charges if _phase(c) == "SUBTOTAL_PHASE"), subtotal)
        self._taxes()
        total = sum(priced.total for priced in self.lines + self.charges)
        self._charges((c for c in charges if _phase(c) == "TOTAL_PHASE"), total)
        self._write()

    def amount(self, money: Json | None, name: str) -> int:
        """Raises SquareError if the money is missing, negative or of another currency than the location's."""
        if not money or money.get("amount") is None:
            raise missing(name)
        if money.get("currency", self.currency) != self.currency:
            detail = f"The location's currency is {self.currency}."
            raise SquareError("INVALID_VALUE", detail, field=f"{name}.currency")
        amount = money["amount"]
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise SquareError("EXPECTED_INTEGER", "Expected an integer", field=f"{name}.amount")
        if amount < 0:
            raise SquareError("VALUE_TOO_LOW", "Amounts must not be negative", field=f"{name}.amount")
        return amount

    def _line(self, line: Json) -> Priced:
        _with_uid(line)
        if not line.get("quantity"):
            raise missing("order.line_items.quantity")
        quantity = decimal(line["quantity"], "order.line_items.quantity")
        unit = self.amount(line.get("base_price_money"), "order.line_items.base_price_money")
        price = round(unit * quantity)
        line["variation_total_price_money"] = self.money(price)
        for modifier in line.get("modifiers") or []:
            _with_uid(modifier)
            modifier.setdefault("quantity", "1")
            unit = self.amount(modifier.get("base_price_money"), "order.line_items.modifiers.base_price_money")
            total = round(unit * decimal(modifier["quantity"], "order.line_items.modifiers.quantity") * quantity)
            modifier["total_price_money"] = self.money(total)
            price += total
        return Priced(line, price)

    def _discounts(self) -> None:
        discounts = [_with_uid(discount) for discount in self.order.get("discounts") or []]
        for is_percentage in (True, False):
            for scope in ("LINE_ITEM", "ORDER"):
                for discount in discounts:
                    if ("percentage" in discount) == is_percentage and discount.setdefault("scope", "ORDER") == scope:
                        self._discount(discount)

    def _discount(self, discount: Json) -> None:
        lines = self._targets(discount, "discount")
        bases = [line.discounted for line in lines]
        if "percentage" in discount:
            rate = percentage(discount["percentage"], "order.discounts.percentage")
            discount.setdefault("type", "FIXED_PERCENTAGE")
            if discount["scope"] == "ORDER":
                shares = distribute([base * rate for base in bases])
            else:
                shares = [round(base * rate) for base in bases]
        else:
            amount = self.amount(discount.get("amount_money"), "order.discounts.amount_money")
            discount.setdefault("type", "FIXED_AMOUNT")
            if discount["scope"] == "ORDER":
                shares = apportion(min(amount, sum(bases)), bases)
            else:
                shares = [min(amount, base) for base in bases]
        for line, share in zip(lines, shares, strict=True):
            line.discount += share
            line.apply("discount", discount["uid"], self.money(share))
        discount["applied_money"] = self.money(sum(shares))

    def _apportioned_charge(self, charge: Json) -> None:
        charge.setdefault("scope", "ORDER")
        lines = self._targets(charge, "service_charge")
        bases = [line.discounted for line in lines]
        amount = self._charge_amount(charge, sum(bases))
        for line, share in zip(lines, apportion(amount, bases), strict=True):
            line.charge += share
            line.taxable_charge += share if charge.get("taxable") else 0
            line.apply("service_charge", charge["uid"], self.money(share))
        applied = self.money(amount if sum(bases) else 0)
        charge |= {"applied_money": applied, "total_money": applied, "total_tax_money": self.money(0)}
        charge.setdefault("treatment_type", "APPORTIONED_TREATMENT")
        charge.setdefault("type", "CUSTOM")

    def _charges(self, charges: Iterable[Json], base: int) -> None:
        for charge in charges:
            if charge.get("taxable") and _phase(charge) == "TOTAL_PHASE":
                detail = "A charge on the total cannot be taxable"
                raise SquareError("INVALID_VALUE", detail, field="order.service_charges.taxable")
            charge.setdefault("treatment_type", "LINE_ITEM_TREATMENT")
            charge.setdefault("type", "CUSTOM")
            self.charges.append(Priced(charge, self._charge_amount(charge, base)))

    def _charge_amount(self, charge: Json, base: int) -> int:
        if "percentage" in charge:
            return round(base * percentage(charge["percentage"], "order.service_charges.percentage"))
        return self.amount(charge.get("amount_money"), "order.service_charges.amount_money")

    def _taxes(self) -> None:
        taxes = [_with_uid(tax) for tax in self.order.get("taxes") or []]
        rates: dict[str, Fraction] = {}
        for tax in taxes:
            tax.setdefault("scope", "ORDER")
            tax.setdefault("type", "ADDITIVE")
            rates[tax["uid"]] = percentage(tax.get("percentage"), "order.taxes.percentage")
        targets = {tax["uid"]: self._targets(tax, "tax") for tax in taxes}
        inclusive = [tax for tax in taxes if tax["type"] == "INCLUSIVE"]
        net: dict[Priced, Fraction | int] = {priced: priced.taxable for priced in self.lines + self.charges}
        if inclusive:
            for priced in net:
                rate = sum(rates[tax["uid"]] for tax in inclusive if priced in targets[tax["uid"]])
                net[priced] = Fraction(priced.taxable) / (1 + rate)
        for tax in taxes:
            taxed = targets[tax["uid"]]
            shares = distribute([net[priced] * rates[tax["uid"]] for priced in taxed])
            for priced, share in zip(taxed, shares, strict=True):
                if tax["type"] == "INCLUSIVE":
                    priced.inclusive_tax += share
                else:
                    priced.additive_tax += share
                priced.apply("tax", tax["uid"], self.money(share))
            tax["applied_money"] = self.money(sum(shares))

    def _targets(self, adjustment: Json, kind: str) -> list[Priced]:
        """What an adjustment applies to: all of the order, or the lines that name it."""
        taxed = [charge for charge in self.charges if charge.json.get("taxable")] if kind == "tax" else []
        if adjustment["scope"] == "ORDER":
            return self.lines + taxed
        return [
            priced
            for priced in self.lines + taxed
            if adjustment["uid"] in [a[f"{kind}_uid"] for a in priced.json.get(f"applied_{PLURALS[kind]}") or []]
        ]

    def _write(self) -> None:
        for line in self.lines:
            gross = line.price - (line.inclusive_tax if self.deducts_inclusive_tax else 0)
            line.json.setdefault("item_type", "ITEM" if line.json.get("name") else "CUSTOM_AMOUNT")
            line.json |= {
                "gross_sales_money": self.money(gross),
                "total_tax_money": self.money(line.inclusive_tax + line.additive_tax),
                "total_discount_money": self.money(line.discount),
                "total_service_charge_money": self.money(line.charge),
                "total_money": self.money(line.total),
            }
            for kind in PLURALS:
                line.json.pop(f"applied_{PLURALS[kind]}", None)
                if kind in line.applied:
                    line.json[f"applied_{PLURALS[kind]}"] = line.applied[kind]
        for charge in self.charges:
            charge.json |= {
                "calculation_phase": _phase(charge.json),
                "applied_money": self.money(charge.price),
                "total_money": self.money(charge.total),
                "total_tax_money": self.money(charge.inclusive_tax + charge.additive_tax),
            }
            charge.json["applied_taxes"] = charge.applied.get("tax", [])
        everything = self.lines + self.charges
        tenders = self.order.get("tenders") or []
        tip = sum(tender.get("tip_money", {}).get("amount", 0) for tender in tenders)
        totals = {
            "total": sum(priced.total for priced in everything) + tip,
            "tax": sum(priced.inclusive_tax + priced.additive_tax for priced in everything),
            "discount": sum(line.discount for line in self.lines),
            "tip": tip,
            "service_charge": sum(line.charge for line in self.lines) + sum(c.price for c in self.charges),
        }
        for name in AMOUNTS:
            self.order[f"{name}_money" if name == "total" else f"total_{name}_money"] = self.money(totals[name])
        self.order["net_amounts"] = {f"{name}_money": self.money(totals[name]) for name in AMOUNTS}
        paid = sum(tender["amount_money"]["amount"] for tender in tenders)
        self.order["net_amount_due_money"] = self.money(totals["total"] - paid)


def price(order: Json, currency: str, country: str) -> None:
    """Writes all amounts into the order, uids where they are missing, and what Square fills in by itself."""
    Pricing(order, currency, country).run()


def _with_uid(part: Json) -> Json:
    if not part.get("uid"):
        part["uid"] = new_id()
    return part


def _phase(charge: Json) -> str:
    return str(charge.get("calculation_phase") or "SUBTOTAL_PHASE")
