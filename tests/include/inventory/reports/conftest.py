"""A kitchen in New York, Los Angeles and Berlin: recipes with costs, sales that go the whole way, and what is asked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from include.warehouse import gold
from tests.conftest import Database
from tests.include.inventory.ledger.conftest import Store
from tests.include.warehouse.conftest import LOCATIONS, location

DAY = date(2026, 3, 2)
FOREVER = date(2020, 1, 1)


class Kitchen(Store):
    """Cents are per unit of the ingredient."""

    def costs(
        self, ingredient: str, cents: str, *, since: date = FOREVER, until: date = date.max, currency: str = "USD"
    ) -> None:
        self.connection.execute(
            "INSERT INTO inventory.ingredient_cost VALUES (%s, %s, %s, %s, %s)",
            [self.ingredient(ingredient), since, until, Decimal(cents), currency],
        )

    def sold(self, *orders: Any) -> None:
        """The orders come in, gold takes them over, the ledger books them, the views show them."""
        self.load(*orders)
        self.take()
        self.refresh()

    def refresh(self) -> None:
        for view in gold.VIEWS:
            self.connection.execute(f"REFRESH MATERIALIZED VIEW {view}".encode())

    def totals(self, view: str, *columns: str, day: date | None = None) -> tuple[Any, ...]:
        """Sums of the columns, trailing zeros cut."""
        sums = ", ".join(f"trim_scale(sum({column}))" for column in columns)
        where = "WHERE business_date = %s" if day else ""
        return tuple(
            self.connection.execute(
                f"SELECT {sums} FROM reporting.{view} {where}".encode(),  # noqa: S608
                [day] if day else [],
            ).fetchone()
            or ()
        )


@pytest.fixture
def kitchen(database: Database) -> Iterator[Kitchen]:
    with database.connect() as connection:
        kitchen = Kitchen(connection)
        for location_id, described in LOCATIONS.items():
            kitchen.add_location(location_id, location(*described))
        yield kitchen


@pytest.fixture
def pizzeria(kitchen: Kitchen) -> Kitchen:
    """A Margherita costs 0.25 kg x 120 + 0.1 kg x 900 = 120 cents; olives on it 0.03 x 1500 - 0.05 x 900 = 0."""
    kitchen.recipe("margherita-m", {"dough": "0.25", "cheese": "0.1"})
    kitchen.recipe("margherita-m", {"olives": "0.03", "cheese": "-0.05"}, modifier="olives")
    kitchen.costs("dough", "120")
    kitchen.costs("cheese", "900")
    kitchen.costs("olives", "1500")
    return kitchen
