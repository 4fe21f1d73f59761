"""Four weeks of two locations of the demo chain, with all that its ready reports read; and its orders as plain JSON."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from include.config import Chain, load_chain, load_inventory
from include.config.reports import load_reports
from include.inventory.ledger.deduction import deduct_all
from include.inventory.ledger.entries import Entry, Kind, book
from include.inventory.recipes.load import load_recipes
from include.sales.simulation.warehouse import load_simulation
from include.sales.simulation.years import Simulation, order_bodies
from include.sql_reports.definitions.definition import Definition
from include.sql_reports.query.guard import check
from include.sql_reports.query.parameters import resolve
from include.sql_reports.query.running import Preview, preview
from include.warehouse.orders import load_orders
from include.warehouse.sync import sync_gold
from tests.conftest import Database, Databases
from tests.include.warehouse.square_json import Json, encode, line, order, return_order

LOCATIONS = ("Manhattan", "Santa Monica")
LAST_DAY = date(2026, 3, 15)
# The Monday after, when all of that Sunday is over.
NOW = datetime(2026, 3, 16, 9, tzinfo=ZoneInfo("America/New_York"))
INGREDIENTS = ("Mozzarella", "Pizza flour", "Mushrooms")


@dataclass(frozen=True)
class Sale:
    """What an order of Square's says, in the words of the reports."""

    location: str
    day: date
    hour: int
    at: datetime
    body: Json

    @property
    def lines(self) -> list[Json]:
        return self.body.get("line_items", [])  # type: ignore[no-any-return]

    @property
    def refund_cents(self) -> int:
        return sum(
            _cents(each, "gross_return_money") - _cents(each, "total_discount_money")
            for returned in self.body.get("returns", [])
            for each in returned["return_line_items"]
        )

    @property
    def net_cents(self) -> int:
        sold = sum(_cents(each, "gross_sales_money") - _cents(each, "total_discount_money") for each in self.lines)
        return sold - self.refund_cents


def _cents(body: Json, name: str) -> int:
    return int(body.get(name, {}).get("amount", 0))


@dataclass(frozen=True)
class Shop:
    """The warehouse, and what stands in it in plain Python."""

    database: Database
    sales: list[Sale]

    def run(self, key: str, **given: Any) -> Preview:
        """A ready report as `report_run` runs it, on the Monday after the last day."""
        definition = ready_reports()[key]
        return preview(
            check(definition.sql, definition.parameters),
            resolve(definition.parameters, given, now=NOW, timezone=definition.timezone),
            rows=10_000,
            timezone=definition.timezone,
            connect=lambda: self.database.connect("storekeeper_report"),
        )

    def rows(self, key: str, **given: Any) -> list[dict[str, Any]]:
        result = self.run(key, **given)
        return [dict(zip([column.name for column in result.columns], row, strict=True)) for row in result.rows]

    def between(self, first_day: date, last_day: date) -> list[Sale]:
        return [sale for sale in self.sales if first_day <= sale.day <= last_day]


def ready_reports() -> dict[str, Definition]:
    return {report.key: Definition.model_validate(report.values) for report in load_reports().reports}


@pytest.fixture(scope="session")
def shop(databases: Databases) -> Iterator[Shop]:
    with databases.one() as database:
        chain = load_chain()
        with ExitStack() as stack:
            connections = [stack.enter_context(psycopg.connect(database.url(), autocommit=True)) for _ in range(2)]
            bodies = _sell(connections, chain)
            connection = connections[0]
            with connection.transaction():
                load_recipes(connection, load_inventory(), LAST_DAY)
            deduct_all(connection, [])
            with connection.transaction():
                _keep_stock(connection)
                _call(connection)
                _order_online(connection)
                _synchronise(connection)
        yield Shop(database, [_sale(chain, body) for body in bodies])


def _sell(connections: list[psycopg.Connection], chain: Chain) -> list[Json]:
    """Simulated orders, and one of something that has no recipe, part of which comes back."""
    bodies: list[Json] = []
    for number, name in enumerate(LOCATIONS):
        simulation = Simulation(
            products=chain.products,
            location=chain.location(name),
            location_id=f"SIM{number}",
            last_day=LAST_DAY,
            days=28,
            orders_per_day=5 + number,
            customers=20,
            seed=number,
        )
        load_simulation(connections, simulation, name, into_gold=False, progress=lambda _text: None)
        bodies += [json.loads(body) for body in order_bodies(simulation)]
    own = [
        order("order-1", line(quantity=3, discount=100), location_id="SIM0", at="2026-03-12T18:00:00Z"),
        return_order("return-1", location_id="SIM0", at="2026-03-13T18:00:00Z"),
    ]
    with connections[0].transaction():
        load_orders(connections[0], [encode(body) for body in own])
    sync_gold(connections)
    return bodies + own


def _sale(chain: Chain, body: Json) -> Sale:
    location = chain.location(LOCATIONS[int(body["location_id"].removeprefix("SIM"))])
    at = datetime.fromisoformat(body["closed_at"])
    local = at.astimezone(ZoneInfo(location.timezone))
    return Sale(location.name, location.business_date(at), local.hour, at, body)


def _keep_stock(connection: psycopg.Connection) -> None:
    """A day's worth of one ingredient and plenty of the others; some waste, a count, and a delivery on its way."""
    keys: dict[str, int] = dict(connection.execute("SELECT name, ingredient_key FROM inventory.ingredient").fetchall())
    locations: dict[str, int] = dict(connection.execute("SELECT name, location_key FROM gold.dim_location").fetchall())
    noon = datetime.combine(LAST_DAY, datetime.min.time(), UTC) + timedelta(hours=20)

    def entry(kind: Kind, location: str, ingredient: str, quantity: str, reason: str = "") -> Entry:
        key = f"{kind} {location} {ingredient}"
        return Entry(key, kind, locations[location], keys[ingredient], Decimal(quantity), noon, reason, "Sam")

    opening = {"Mozzarella": "1", "Pizza flour": "9999", "Mushrooms": "0"}
    book(connection, [entry("opening", place, name, opening[name]) for place in LOCATIONS for name in INGREDIENTS])
    book(connection, [entry("waste", "Manhattan", "Mozzarella", "0.5", "dropped")])
    connection.execute(
        """
        WITH ordered AS (
            INSERT INTO inventory.purchase_order (
                location_key, supplier_key, state, run_id, proposed_at, answer_by_at, order_by_at, expected_date,
                currency, decided_at, decided_by
            )
            SELECT
                %(location_key)s, supplier_key, 'ordered', 'r', %(at)s, %(at)s, %(at)s, '2026-03-14',
                'USD', %(at)s, 'Sam'
            FROM inventory.ingredient
            WHERE ingredient_key = %(ingredient_key)s
            RETURNING purchase_order_key
        )
        INSERT INTO inventory.purchase_order_line (
            purchase_order_key, ingredient_key, pack_name, pack_quantity, pack_price_cents, proposed_pack_count,
            ordered_pack_count, on_hand, on_order, reorder_point, maximum_quantity
        )
        SELECT purchase_order_key, %(ingredient_key)s, 'case', 10, 4500, 2, 2, 1, 0, 5, 40 FROM ordered
        """,
        {"location_key": locations["Manhattan"], "ingredient_key": keys["Mozzarella"], "at": noon},
    )


def _call(connection: psycopg.Connection) -> None:
    """At Manhattan's front desk on the last Tuesday: three answered, two missed, one while it was closed."""
    at = datetime(2026, 3, 10, 17, tzinfo=UTC)
    calls = [("ANSWERED", None, 3), ("RANG_OUT", None, 2), ("RANG_OUT", "closed", 1)]
    outcomes = [(outcome, because) for outcome, because, count in calls for _ in range(count)]
    connection.cursor().executemany(
        """
        INSERT INTO calls.call (
            call_key, feed, call_id, location, department, business_date, outcome, is_counted, uncounted_because,
            caller_number, ring_seconds, wait_seconds, talk_seconds, legs_tried, started_at, ended_at
        )
        VALUES (
            %s, 'ari', %s, 'Manhattan', 'Front desk', '2026-03-10', %s, %s, %s, '+16465550101', 5, 10, 0, 1, %s, %s
        )
        """,
        [
            (number, str(number), outcome, outcome != "ANSWERED" and because is None, because, at, at)
            for number, (outcome, because) in enumerate(outcomes)
        ],
    )


def _order_online(connection: psycopg.Connection) -> None:
    """A large order of Friday evening, of which Santa Monica was told a minute later."""
    at = datetime(2026, 3, 14, 1, tzinfo=UTC)
    connection.execute(
        """
        WITH online_order AS (
            INSERT INTO online_orders.online_order (
                provider, order_id, version, updated_at, location_name, provider_location, placed_at, total_cents,
                currency, is_cancelled, items
            )
            VALUES ('shop', 's-1', 1, %(at)s, 'Santa Monica', 'SM', %(at)s, 60000, 'USD', false, '[{"name": "Pizza"}]')
            RETURNING online_order_key
        )
        INSERT INTO online_orders.alert
            (online_order_key, kind, reason, recipients, total_cents, message_id, decided_at)
        SELECT
            online_order_key, 'placed', 'over $500', '{a@example.com}', 60000, gen_random_uuid(),
            %(at)s + interval '60 s'
        FROM online_order
        """,
        {"at": at},
    )


def _synchronise(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO bronze.watermark (source, scope, updated_at)"
        " SELECT 'orders', location_id, %s FROM gold.dim_location",
        [NOW - timedelta(minutes=10)],
    )
