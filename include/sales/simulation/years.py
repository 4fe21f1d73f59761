"""Many days of random orders at one location, as Square would have answered them: rows for COPY into bronze.

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


def order_rows(simulation: Simulation) -> Iterator[tuple[int, bytes]]:
    """The orders in COPY's text format: order_id, version, location_id, updated_at, body.

    :returns: for each business day, how many orders it has, and their rows.
    """
    writer = _OrderWriter(simulation)
    for back in range(simulation.days - 1, -1, -1):
        rows = writer.day(simulation.last_day - timedelta(days=back))
        yield len(rows), "".join(rows).encode()


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
            '"state":"COMPLETED","version":2,'
        )
        self._discount_templates = [_discount_template(each, prefix, currency) for each in self._menu.discounts]

    def day(self, day: date) -> list[str]:
        """The rows of one business day, in the order of their times."""
        simulation = self._simulation
        opening = curve(simulation.location.opening_hours.on(day))
        if opening is None:
            return []
        random = Random(f"year/{simulation.seed}/{day}")
        count = simulation.orders_per_day
        minutes = sorted(random.choices(opening.minutes, cum_weights=opening.cumulative_weights, k=count))
        hours = {
            minute // 60: int(instant(simulation.location, day, minute // 60 * 3600).timestamp())
            for minute in opening.minutes
        }
        tips = random.choices((0, 10, 15, 18, 20), (52, 12, 12, 12, 12), k=count)
        return [
            self._order(
                random, f"{self._prefix}{day:%y%m%d}-{number}", hours[minute // 60] + minute % 60 * 60, line_count, tip
            )
            for number, (minute, line_count, tip) in enumerate(
                zip(minutes, draw_line_counts(random, count), tips, strict=True), start=1
            )
        ]

    def _order(self, random: Random, order_id: str, placed_at: int, line_count: int, tip_percent: int) -> str:
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
        return (
            f"{order_id}\t2\t{self._simulation.location_id}\t{closed_at}\t"
            f'{{"id":"{order_id}",{self._location_json}{customer}"created_at":"{_time(placed_at)}",'
            f'"updated_at":"{closed_at}","closed_at":"{closed_at}",'
            f'"line_items":[{line_items}],"taxes":[{taxes}],"discounts":[{discount_json}],"tenders":[{tender}],'
            f'"total_money":{{"amount":{sold_cents + tip_cents}{rest},'
            f'"total_tax_money":{{"amount":{sum([line.tax for line in lines])}{rest},'
            f'"total_discount_money":{{"amount":{discount_cents}{rest},"total_tip_money":{{"amount":{tip_cents}{rest}}}\n'
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
