"""The mail that tells a location what runs short, what follows from it, and what to decide."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import psycopg

from include.config import Location
from include.inventory.restock.approval import approval_url
from include.inventory.restock.orders import PurchaseOrder
from include.inventory.restock.outlook import Level
from include.inventory.restock.proposing import Held
from include.inventory.restock.reading import Item
from include.inventory.restock.statements import statement
from include.inventory.restock.words import WORDS, about, counted, listed, local_time, packs, weekday
from include.mail.outbox import enqueue
from include.mail.render import money, render

MOST_PRODUCTS = 5
FAR = Decimal("Infinity")

Pair = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """What the mail says of one ingredient."""

    name: str
    is_new: bool
    is_out: bool
    lasts: str
    on_hand: str
    on_order: str
    reorder_point: str
    # What to order, or why nothing is to be.
    advice: str
    products: str


@dataclass(frozen=True)
class Decision:
    """A proposal that waits for an answer."""

    order: PurchaseOrder
    url: str
    label: str
    terms: str


def by_urgency(items: Sequence[Item]) -> list[Item]:
    """What has run out first, then what runs out soonest; what nothing is known of last."""

    def urgency(item: Item) -> tuple[bool, Decimal, str]:
        left = item.outlook.days_left
        return item.outlook.level is not Level.OUT, FAR if left is None else left, item.ingredient.name

    return sorted(items, key=urgency)


def tell_location(
    connection: psycopg.Connection,
    location: Location,
    short: Sequence[Item],
    *,
    news: Collection[Pair],
    proposals: Sequence[PurchaseOrder],
    held: Mapping[Pair, Held],
    recipients: Sequence[str],
    base_url: str,
    run_id: str,
    at: datetime,
) -> None:
    """Writes the mail.

    :param short: everything that is short at the location, told before or not.
    :param news: what is told for the first time, or has run out.
    :param proposals: the run's own.
    """
    short = by_urgency(short)
    products = read_stopped_products(connection, short)
    lines = {line.ingredient_key: order for order in proposals for line in order.lines}
    rows = [_row(item, news, lines.get(item.ingredient_key), held, products) for item in short]
    decisions = [_decision(order, location, base_url) for order in proposals]
    headline = subject(location, [item for item in short if (item.location_key, item.ingredient_key) in news], short)
    mail = render(
        "restock",
        subject=headline,
        location=location,
        at=at,
        rows=rows,
        decisions=decisions,
        **WORDS,
    )
    enqueue(
        connection,
        dedupe_key=f"restock/{location.name}/{run_id}",
        recipients=recipients,
        subject=headline,
        html=mail.html,
        text=mail.text,
    )


def _decision(order: PurchaseOrder, location: Location, base_url: str) -> Decision:
    costs = "" if order.total_cents is None else f": {money(order.total_cents, order.currency)}"
    return Decision(
        order=order,
        url=approval_url(base_url, order),
        label=f"Decide on {order.supplier_name}{costs}",
        terms=f"{order.number}, {counted(len(order.lines), 'ingredient')}: "
        f"ordered by {local_time(order.order_by_at, location.zone)}, it comes on {weekday(order.expected_date)}. "
        f"Without an answer by {local_time(order.answer_by_at, location.zone)} nothing is ordered.",
    )


def subject(location: Location, news: Sequence[Item], short: Sequence[Item]) -> str:
    """The most urgent of what is new, for those who read no further."""
    if not news:
        return f"{location.name}: {counted(len(short), 'ingredient')} still short, please decide"
    first = news[0]
    says = "is out" if first.outlook.level is Level.OUT else "runs short"
    more = f", and {len(news) - 1} more" if len(news) > 1 else ""
    return f"{location.name}: {first.ingredient.name} {says}{more}"


def _row(
    item: Item,
    news: Collection[Pair],
    order: PurchaseOrder | None,
    held: Mapping[Pair, Held],
    products: Mapping[int, Sequence[str]],
) -> Row:
    unit, pair = item.ingredient.unit, (item.location_key, item.ingredient_key)
    point = item.outlook.reorder_point
    names = products.get(item.ingredient_key, ())
    is_out = item.outlook.level is Level.OUT
    return Row(
        name=item.ingredient.name,
        is_new=pair in news,
        is_out=is_out,
        lasts=_lasts(item),
        on_hand=about(item.shelf.on_hand, unit),
        on_order=_on_order(item),
        reorder_point="" if point is None else about(point, unit),
        advice=_advice(item, order, held.get(pair)),
        products=f"{'Stops' if is_out else 'Would stop'} {listed(names, MOST_PRODUCTS)}" if names else "",
    )


def _lasts(item: Item) -> str:
    days, day = item.outlook.days_left, item.outlook.runs_out_date
    if item.outlook.level is Level.OUT:
        return "out"
    if days is None or day is None:
        return "use not known" if item.outlook.daily_use is None else "over a year"
    return f"{days.normalize():f} {'day' if days == 1 else 'days'}" if days else "some hours"


def _on_order(item: Item) -> str:
    if not item.shelf.on_order:
        return "nothing on order"
    when = f", due {weekday(item.expected_date)}" if item.expected_date else ""
    return f"{about(item.shelf.on_order, item.ingredient.unit)} on order{when}"


def _advice(item: Item, order: PurchaseOrder | None, held: Held | None) -> str:
    """What to order, or why nothing is proposed."""
    if order is not None:
        line = next(line for line in order.lines if line.ingredient_key == item.ingredient_key)
        amount = about(line.quantity, item.ingredient.unit)
        by = local_time(order.order_by_at, item.location.zone)
        return f"Order {packs(line.proposed_pack_count, line.pack_name)} ({amount}) from {order.supplier_name} by {by}"
    if held is not None and held.state == "proposed":
        return f"{held.number} waits for an answer"
    if held is not None:
        again = local_time(held.order_by_at, item.location.zone)
        return f"Decided with {held.number}; proposed again after {again}, or when it runs out"
    if item.outlook.reorder_point is None:
        if item.supplier is None:
            return "Nobody delivers it by suppliers.yaml: see to it yourself"
        return "Not used in the last four weeks, and no par level is set: nothing is suggested"
    if item.supplier is None:
        wanted = about(item.outlook.wanted_quantity, item.ingredient.unit)
        return f"{wanted} wanted, and nobody delivers it by suppliers.yaml: see to it yourself"
    if item.shelf.on_order:
        return "Enough is on order"
    return "The most that may be kept of it is there"


def read_stopped_products(connection: psycopg.Connection, items: Sequence[Item]) -> dict[int, list[str]]:
    """By ingredient: the items whose recipes use it today, then the modifiers."""
    found: dict[int, list[str]] = defaultdict(list)
    if items:
        parameters = {
            "ingredient_keys": [item.ingredient_key for item in items],
            "today": items[0].shelf.today,
        }
        for key, name, is_modifier in connection.execute(statement("stopped_products"), parameters):
            found[key].append(f"{name} (extra)" if is_modifier else name)
    return found
