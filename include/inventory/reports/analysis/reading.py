"""Asks the views of the schema reporting; the rows come as they are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from include.inventory.reports.analysis.request import GroupBy, Measure, Request
from include.warehouse.statements import statements_in

ROWS_AT_A_TIME = 5_000
_statement = statements_in(Path(__file__).parent / "sql")


@dataclass(frozen=True)
class Row:
    """One group in one period. Of an ingredient `detail` is its unit, of a variation its name.

    Without a known cost `cost_cents` is None: costs in another currency than the sales.
    """

    period_date: date
    location_name: str | None
    name: str
    detail: str | None
    quantity: Decimal
    revenue_cents: int
    cost_cents: int | None
    currency: str

    @property
    def profit_cents(self) -> int | None:
        return None if self.cost_cents is None else self.revenue_cents - self.cost_cents

    def value(self, measure: Measure) -> Decimal | int:
        """In cents, or the ingredient's unit."""
        match measure:
            case Measure.QUANTITY:
                return self.quantity
            case Measure.REVENUE:
                return self.revenue_cents
            case Measure.COST:
                return self.cost_cents or 0
            case Measure.PROFIT:
                return self.profit_cents or 0


def read_rows(connection: psycopg.Connection, request: Request, location_names: Sequence[str]) -> Iterator[Row]:
    """By period, location and group; each amount is rounded to a cent where it is added up, once.

    :param location_names: as gold calls the locations.
    """
    parameters = {
        "grain": str(request.grain),
        "group_by": str(request.group_by),
        "is_by_location": request.is_by_location,
        "first": request.first,
        "last": request.last,
        "location_names": list(location_names),
    }
    name = "by_ingredient" if request.group_by is GroupBy.INGREDIENT else "by_product"
    with connection.cursor(name="analysis", row_factory=class_row(Row)) as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        cursor.execute(_statement(name), parameters)
        yield from cursor
