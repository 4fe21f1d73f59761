"""Many days of random orders at one location, as Square would have answered them.

What an order says is the JSON that square_sync would bring, made without a call: a year of a thousand orders a day
takes seconds. The amounts are those that Square would reckon.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from include.config import Discount, Location, Products
from include.sales.simulation.amounts import TaxTable, discount_shares
from include.sales.simulation.curve import curve, instant
from include.sales.simulation.line_templates import POOL_SIZE, line_pool, money, text
from include.sales.simulation.menu import Menu
from include.sales.simulation.orders import draw_customer, draw_line_counts

_TIMES = [f"T{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}.000Z" for s in range(86400)]
_EPOCH = date(1970, 1, 1)

DISCOUNTED = 0.1
KNOWN_CUSTOMER = 0.45
REFUNDED = 0.015


@dataclass(frozen=True)
class Simulation:
    """:param location_id: what bronze knows the location by; ids of orders, products and customers begin with it."""

    products: Products
    location: Location
    location_id: str
    last_day: date
    days: int
    orders_per_day: int
    customers: int
    seed: int

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=self.days - 1)


def order_bodies(simulation: Simulation) -> Iterator[bytes]:
    """The orders as JSON, day after day; a refund comes as an order of its own after those of its day."""
    writer = _OrderWriter(simulation)
    for back in range(simulation.days - 1, -1, -1):
        for order in writer.day(simulation.last_day - timedelta(days=back)):
            yield order.encode()


class _OrderWriter:
    """Writes order after order; whatever does not change from one to the next is made once."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._currency = currency = simulation.location.currency
        self._prefix = prefix = f"{simulation.location_id}-"
        self._menu = Menu.of(simulation.products, simulation.location, simulation.seed)
        self._taxes = TaxTable.of(self._menu)
        random = Random(f"pool/{simulation.seed}")
        self._pool = line_pool(self._menu, self._taxes, simulation.location, prefix, random)
        self._tax_templates = [
            f'{{"uid":"tax-{number}","catalog_object_id":{text(prefix + tax.name)},"name":{text(tax.name)},'
            f'"percentage":"{tax.percentage}","type":"{"INCLUSIVE" if tax.inclusive else "ADDITIVE"}",'
            f'"scope":"LINE_ITEM","applied_money":{money("%d", currency)}}}'
            for number, tax in enumerate(self._taxes.taxes, start=1)
        ]
        self._rest = f',"currency":"{currency}"}}'
        self._location_json = (
            f'"location_id":"{simulation.location_id}","source":{{"name":"Storekeeper simulation"}},'
            '"state":"COMPLETED",'
        )
        self._discount_templates = [_discount_template(each, prefix, currency) for each in self._menu.discounts]

    def day(self, day: date) -> Iterator[str]:
        """The orders of one business day, in the order of their times, then its refunds."""
        simulation = self._simulation
        opening = curve(simulation.location.opening_hours.on(day))
        if opening is None:
            return
        random = Random(f"year/{simulation.seed}/{day}")
        count = simulation.orders_per_day
        minutes = sorted(random.choices(opening.minutes, cum_weights=opening.cumulative_weights, k=count))
        hours = {
            hour: int(instant(simulation.location, day, hour * 3600).timestamp())
            for hour in {minute // 60 for minute in opening.minutes}
        }
        tips = random.choices((0, 10, 15, 18, 20), (52, 12, 12, 12, 12), k=count)
        refunds: list[str] = []
        day_prefix = f"{self._prefix}{day:%y%m%d}-"
        drawn = zip(minutes, draw_line_counts(random, count), tips, strict=True)
        for number, (minute, line_count, tip) in enumerate(drawn, start=1):
            order_id = f"{day_prefix}{number}"
            placed_at = hours[minute // 60] + minute % 60 * 60
            order, paid_cents = self._order(random, order_id, placed_at, line_count, tip)
            yield order
            if random.random() < REFUNDED and paid_cents > 1:
                refunds.append(self._refund(order_id, placed_at + random.randrange(900, 3600), paid_cents // 2))
        yield from refunds

    def _order(
        self, random: Random, order_id: str, placed_at: int, line_count: int, tip_percent: int
    ) -> tuple[str, int]:
        """The order, and what was paid."""
        draw = random.random
        first, stride = int(draw() * POOL_SIZE), int(draw() * POOL_SIZE) | 1
        templates = [self._pool[(first + place * stride) % POOL_SIZE] for place in range(line_count)]
        taxables = [line.price for line in templates]
        tax_factors = [line.tax_factors for line in templates]
        if draw() < DISCOUNTED and self._discount_templates:
            number = int(draw() * len(self._discount_templates))
            discounts = discount_shares(self._menu.discounts[number], taxables)
            taxables = [price - off for price, off in zip(taxables, discounts, strict=True)]
            discount_cents = sum(discounts)
            discount_json = self._discount_templates[number] % discount_cents
            shares = self._taxes.shares(taxables, tax_factors)
            lines = [
                template.discounted(off, each)
                for template, off, each in zip(templates, discounts, self._by_line(shares, line_count), strict=True)
            ]
        else:
            discount_cents, discount_json = 0, ""
            shares = self._taxes.shares(taxables, tax_factors)
            lines = [
                template.plain(each)
                for template, each in zip(templates, self._by_line(shares, line_count), strict=True)
            ]
        customer = (
            f'"customer_id":"{self._prefix}{draw_customer(random, self._simulation.customers)}",'
            if draw() < KNOWN_CUSTOMER
            else ""
        )
        sold_cents = sum([line.total for line in lines])
        tip_cents = sold_cents * tip_percent // 100
        tender_type = "CARD" if tip_cents or draw() < 0.6 else "CASH"
        closed_at = _time(placed_at + 30 + int(draw() * 570))
        # The rest of a money whose amount stands before it.
        rest = self._rest
        tender = (
            f'{{"id":"{order_id}-p","type":"{tender_type}","created_at":"{closed_at}",'
            f'"amount_money":{{"amount":{sold_cents + tip_cents}{rest},"tip_money":{{"amount":{tip_cents}{rest}}}'
            if sold_cents
            else ""
        )
        taxes = ",".join([template % sum(each) for template, each in zip(self._tax_templates, shares, strict=True)])
        line_items = ",".join([line.json for line in lines])
        paid_cents = sold_cents + tip_cents
        order = (
            f'{{"id":"{order_id}",{self._location_json}"version":2,{customer}"created_at":"{_time(placed_at)}",'
            f'"updated_at":"{closed_at}","closed_at":"{closed_at}",'
            f'"line_items":[{line_items}],"taxes":[{taxes}],"discounts":[{discount_json}],"tenders":[{tender}],'
            f'"total_money":{{"amount":{paid_cents}{rest},'
            f'"total_tax_money":{{"amount":{sum([line.tax for line in lines])}{rest},'
            f'"total_discount_money":{{"amount":{discount_cents}{rest},"total_tip_money":{{"amount":{tip_cents}{rest}}}'
        )
        return order, paid_cents

    def _refund(self, sale_id: str, refunded_at: int, cents: int) -> str:
        """What Square writes when a part of a payment is given back: an order that returns an amount."""
        at, amount, nothing = _time(refunded_at), money(cents, self._currency), money(0, self._currency)
        return (
            f'{{"id":"{sale_id}-r",{self._location_json}"version":1,"created_at":"{at}","updated_at":"{at}",'
            f'"closed_at":"{at}","returns":[{{"uid":"return","source_order_id":"{sale_id}","return_line_items":['
            f'{{"uid":"amount","quantity":"1","item_type":"CUSTOM_AMOUNT","base_price_money":{amount},'
            f'"gross_return_money":{amount},"total_tax_money":{nothing},"total_discount_money":{nothing},'
            f'"total_money":{amount}}}]}}],"return_amounts":{{"total_money":{amount},"tax_money":{nothing},'
            f'"discount_money":{nothing},"tip_money":{nothing},"service_charge_money":{nothing}}},'
            f'"refunds":[{{"id":"{sale_id}-p_r","location_id":"{self._simulation.location_id}","status":"APPROVED",'
            f'"transaction_id":"{sale_id}","tender_id":"{sale_id}-p","created_at":"{at}",'
            f'"reason":"Customer was not satisfied","amount_money":{amount}}}],"total_money":{nothing},'
            f'"total_tax_money":{nothing},"total_discount_money":{nothing},"total_tip_money":{nothing}}}'
        )

    @staticmethod
    def _by_line(shares: list[list[int]], line_count: int) -> list[tuple[int, ...]]:
        return list(zip(*shares, strict=True)) if shares else [()] * line_count


def _discount_template(discount: Discount, prefix: str, currency: str) -> str:
    if discount.percentage is not None:
        kind, size = "FIXED_PERCENTAGE", f'"percentage":"{discount.percentage}"'
    else:
        kind, size = "FIXED_AMOUNT", f'"amount_money":{money(discount.amount_cents or 0, currency)}'
    return (
        f'{{"uid":"discount","catalog_object_id":{text(prefix + discount.name)},"name":{text(discount.name)},'
        f'"type":"{kind}",{size},"scope":"ORDER","applied_money":{money("%d", currency)}}}'
    )


def _time(epoch_seconds: int) -> str:
    days, seconds = divmod(epoch_seconds, 86400)
    return _date(days) + _TIMES[seconds]


@lru_cache(maxsize=4)
def _date(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).isoformat()
