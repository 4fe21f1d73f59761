"""A placed order as the complete order that Square would answer: taxed, discounted, tipped, paid, perhaps returned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sandbox.demo import customers
from sandbox.demo.seller import Item, Json, Place, Seller
from sandbox.square.call import ALPHABET
from sandbox.square.pricing import price
from sandbox.square.returns import return_order
from sandbox.square.times import rfc3339

CARD = {"card_brand": "VISA", "last_4": "1111", "exp_month": 11, "exp_year": 2030, "card_type": "CREDIT"}
DELIVERY_CENTS = 350
_TIP_PERCENTS = (0, 10, 15, 18, 20, 25)
_TIP_WEIGHTS = (45, 10, 15, 15, 12, 3)


@dataclass
class OrderMaker:
    """Makes orders one after the other, and remembers the customers that they made.

    Everything that is drawn comes from one generator, so that a seed makes the same orders, ids included.
    """

    seller: Seller
    random: Random
    customer_ids: dict[int, str] = field(default_factory=dict)
    customers: list[Json] = field(default_factory=list)

    def make(self, place: Place, at: datetime, skus: Sequence[str]) -> Iterator[Json]:
        """The sale, and the order that its return makes, if something comes back.

        :param at: local wall clock of the location.
        """
        random = self.random
        placed_at = at.replace(tzinfo=place.zone).astimezone(UTC)
        order: Json = {
            "id": self._id(),
            "location_id": place.location_id,
            "source": {"name": "Register" if random.random() < 0.8 else "Online shop"},
            "created_at": rfc3339(placed_at),
        }
        if random.random() < 0.6:
            order["customer_id"] = self._customer(placed_at, place)
        order["line_items"] = [
            self._line(self.seller.items[sku], number, place) for number, sku in enumerate(skus, start=1)
        ]
        order["taxes"] = [_tax(tax, number) for number, tax in enumerate(place.taxes, start=1)]
        if self.seller.discounts and random.random() < 0.08:
            discount = random.choice(self.seller.discounts)
            order["discounts"] = [_discount(discount)]
            for line in order["line_items"]:
                line["applied_discounts"] = [{"uid": "discount", "discount_uid": "discount"}]
        if order["source"]["name"] == "Online shop":
            order["service_charges"] = [_delivery(place.currency)]
        price(order, place.currency, place.country)
        paid_at = placed_at + timedelta(seconds=random.randrange(60, 900))
        self._pay(order, paid_at)
        yield order
        if random.random() < 0.012:
            yield self._return(order, paid_at + timedelta(minutes=random.randrange(10, 240)))

    def _id(self) -> str:
        return "".join(self.random.choices(ALPHABET, k=24))

    def _customer(self, at: datetime, place: Place) -> str:
        number = customers.draw(self.random)
        if number not in self.customer_ids:
            self.customer_ids[number] = self._id()
            made = customers.customer(number, self.customer_ids[number], at, place.locality, place.country)
            self.customers.append(made)
        return self.customer_ids[number]

    def _line(self, item: Item, number: int, place: Place) -> Json:
        data = item.variation["item_variation_data"]
        line: Json = {
            "uid": f"line-{number}",
            "catalog_object_id": item.variation["id"],
            "catalog_version": item.variation["version"],
            "quantity": "1",
            "name": item.name,
            "variation_name": data["name"],
            "base_price_money": data["price_money"],
            "item_type": "ITEM",
            "applied_taxes": [{"uid": f"tax-{tax}", "tax_uid": f"tax-{tax}"} for tax in range(1, len(place.taxes) + 1)],
        }
        modifiers = [self.random.choice(offered) for offered in item.modifier_lists if self.random.random() < 0.15]
        if modifiers:
            line["modifiers"] = [
                {
                    "uid": f"modifier-{number}-{place}",
                    "catalog_object_id": modifier["id"],
                    "catalog_version": modifier["version"],
                    "name": modifier["modifier_data"]["name"],
                    "quantity": "1",
                    "base_price_money": modifier["modifier_data"]["price_money"],
                }
                for place, modifier in enumerate(modifiers, start=1)
            ]
        return line

    def _pay(self, order: Json, at: datetime) -> None:
        """Adds one tender or two, and the tip, which comes on top of what the order was reckoned to."""
        random = self.random
        total = order["total_money"]
        is_cash = random.random() < 0.2
        tip = 0 if is_cash else total["amount"] * random.choices(_TIP_PERCENTS, _TIP_WEIGHTS)[0] // 100
        first = total["amount"] // 2 if not is_cash and random.random() < 0.03 else 0
        parts = [(first, 0), (total["amount"] - first, tip)] if first else [(total["amount"], tip)]
        if total["amount"]:
            order["tenders"] = [self._tender(order, at, amount, tip, is_cash) for amount, tip in parts]
        paid, tip_money = {**total, "amount": total["amount"] + tip}, {**total, "amount": tip}
        order |= {
            "total_money": paid,
            "total_tip_money": tip_money,
            "net_amounts": order["net_amounts"] | {"total_money": paid, "tip_money": tip_money},
            "net_amount_due_money": {**total, "amount": 0},
            "state": "COMPLETED",
            "version": 2,
            "updated_at": rfc3339(at),
            "closed_at": rfc3339(at),
        }

    def _tender(self, order: Json, at: datetime, amount: int, tip: int, is_cash: bool) -> Json:
        currency = order["total_money"]["currency"]
        payment_id = self._id()
        tender: Json = {
            "id": payment_id,
            "location_id": order["location_id"],
            "transaction_id": order["id"],
            "created_at": rfc3339(at),
            "amount_money": {"amount": amount + tip, "currency": currency},
            "tip_money": {"amount": tip, "currency": currency},
            "type": "CASH" if is_cash else "CARD",
            "payment_id": payment_id,
        }
        if "customer_id" in order:
            tender["customer_id"] = order["customer_id"]
        if is_cash:
            given = -(-amount // 500) * 500
            tender["cash_details"] = {
                "buyer_tendered_money": {"amount": given, "currency": currency},
                "change_back_money": {"amount": given - amount, "currency": currency},
            }
        else:
            tender["card_details"] = {"status": "CAPTURED", "card": CARD, "entry_method": "EMV"}
        return tender

    def _return(self, sale: Json, at: datetime) -> Json:
        """All of the sale or an amount, as the stand-in's refunds write it; with ids that the seed makes."""
        total = sale["total_money"]
        tender = (sale.get("tenders") or [{"id": ""}])[0]
        is_whole_sale = self.random.random() < 0.6
        amount = total["amount"] if is_whole_sale else total["amount"] // 2
        refund = {
            "id": f"{tender['id']}_{self._id()}",
            "payment_id": tender["id"],
            "amount_money": {**total, "amount": amount},
            "reason": self.random.choice(("Wrong pizza", "Arrived cold", "Waited too long")),
            "created_at": rfc3339(at),
        }
        order = return_order(sale, refund, is_whole_sale=is_whole_sale)
        new_uids: dict[str, str] = {}
        renewed: Json = _with_new_uids(order, new_uids)
        return renewed | {"id": self._id()}


def _tax(tax: Json, number: int) -> Json:
    data = tax["tax_data"]
    return {
        "uid": f"tax-{number}",
        "catalog_object_id": tax["id"],
        "catalog_version": tax["version"],
        "name": data["name"],
        "percentage": data["percentage"],
        "type": data["inclusion_type"],
        "scope": "LINE_ITEM",
    }


def _discount(discount: Json) -> Json:
    data = discount["discount_data"]
    size = {name: data[name] for name in ("percentage", "amount_money") if name in data}
    return {
        "uid": "discount",
        "catalog_object_id": discount["id"],
        "catalog_version": discount["version"],
        "name": data["name"],
        "type": data["discount_type"],
        "scope": "ORDER",
        **size,
    }


def _delivery(currency: str) -> Json:
    return {
        "uid": "delivery",
        "name": "Delivery",
        "amount_money": {"amount": DELIVERY_CENTS, "currency": currency},
        "calculation_phase": "SUBTOTAL_PHASE",
        "taxable": False,
    }


def _with_new_uids(value: Any, uids: dict[str, str], key: str = "") -> Any:
    """The stand-in draws uids by chance; the same orders shall be the same to the letter."""
    if isinstance(value, dict):
        return {name: _with_new_uids(each, uids, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_new_uids(each, uids, key) for each in value]
    is_own = key == "uid" or (key.endswith("_uid") and not key.startswith("source_"))
    return uids.setdefault(value, f"return-{len(uids) + 1}") if is_own else value
