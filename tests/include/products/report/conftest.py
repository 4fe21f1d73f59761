"""A chain of three locations in two markets, and one in Tokyo that sells in yen."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from include.config import Chain, Location, load_chain
from include.products.report.figures import Product
from include.products.report.reading import read_report
from include.products.report.report import Report
from include.products.report.request import Request, read_request
from tests.conftest import Database
from tests.include.sales.report.shop import Shop, chain_of

# Monday morning in New York, after the week of the 16th.
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 18)

PARAMS: dict[str, Any] = {
    "period": "last week",
    "date": None,
    "markets": [],
    "locations": [],
    "countries": [],
    "parent_companies": [],
    "categories": [],
    "group_by": "variation",
    "recipients": [],
    "output": "automatic",
    "mail": True,
}

Read = Callable[..., Report]


def request_of(chain: Chain, run_after: datetime = MONDAY, **params: Any) -> Request:
    return read_request(chain, PARAMS | params, run_after=run_after, started_at=run_after)


class Kitchen(Shop):
    """A shop with recipes: every unit of an ingredient costs a cent, so that quantities are costs."""

    def costs(
        self, product_key: int, cents: str, *, modifier: int = 0, since: date = date(2020, 1, 1), until: date = date.max
    ) -> None:
        """What the recipe of a product, or of a modifier on it, costs on some days."""
        ingredient = self._key(
            """
            INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, is_active)
            SELECT 'ingredient ' || count(*), 'g', 'ingredient:' || count(*), false, true FROM inventory.ingredient
            RETURNING ingredient_key
            """
        )
        self.connection.execute(
            "INSERT INTO inventory.ingredient_cost VALUES (%s, '2020-01-01', 'infinity', 1, 'USD')", [ingredient]
        )
        recipe = self._key(
            """
            INSERT INTO inventory.recipe (product_key, modifier_key, valid_from_date, valid_to_date)
            VALUES (%s, %s, %s, %s) RETURNING recipe_key
            """,
            product_key, modifier, since, until,
        )  # fmt: skip
        quantity = Decimal(cents)
        self.connection.execute(
            "INSERT INTO inventory.recipe_ingredient VALUES (%s, %s, %s)", [recipe, ingredient, quantity]
        )


@pytest.fixture
def manhattan() -> Location:
    return load_chain().location("Manhattan")


@pytest.fixture
def brooklyn(manhattan: Location) -> Location:
    return manhattan.model_copy(update={"name": "Brooklyn", "recipients": ("brooklyn@example.com",)})


@pytest.fixture
def chicago() -> Location:
    return load_chain().location("Chicago Loop")


@pytest.fixture
def tokyo(manhattan: Location) -> Location:
    changes = {
        "name": "Tokyo",
        "timezone": "Asia/Tokyo",
        "currency": "JPY",
        "market": "Kanto",
        "country": "JP",
        "parent_company": "Storekeeper KK",
        "recipients": (),
    }
    return manhattan.model_copy(update=changes)


@pytest.fixture
def chain(manhattan: Location, brooklyn: Location, chicago: Location) -> Chain:
    return chain_of(manhattan, brooklyn, chicago)


@pytest.fixture
def shop(connection: psycopg.Connection) -> Kitchen:
    return Kitchen(connection)


@pytest.fixture
def keys(shop: Kitchen, chain: Chain) -> Mapping[str, int]:
    """The locations, open, by name."""
    return {location.name: shop.opens(location) for location in chain.locations}


@pytest.fixture
def read(database: Database, shop: Kitchen, chain: Chain) -> Read:
    """The report of a run with these params, of all that was sold."""

    def read(chain: Chain = chain, run_after: datetime = MONDAY, **params: Any) -> Report:
        shop.closes_the_books()
        with database.connect() as connection:
            return read_report(connection, chain, request_of(chain, run_after, **params))

    return read


def by_product(report: Report) -> dict[Product, Any]:
    (total,) = report.totals
    return {each.product: each for each in total.standings}
