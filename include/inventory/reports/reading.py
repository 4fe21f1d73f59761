"""Reads a day's figures: a handful of statements, all of one snapshot."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from psycopg.rows import dict_row

from include.inventory.reports.figures import AtSquare, Cost, DayReport, LocationDay, Moved, OnHand, Unmapped
from include.inventory.reports.progress import Place
from include.inventory.reports.request import Request
from include.inventory.reports.statements import statement

Figure = TypeVar("Figure")


def read_day(
    connection: psycopg.Connection,
    request: Request,
    places: Sequence[Place],
    *,
    title: str,
    is_chain: bool,
    open_until_at: datetime | None,
) -> DayReport:
    parameters = {
        "day": request.day,
        "location_keys": [place.location_key for place in places],
        "ends_at": [place.location.business_day(request.day)[1] for place in places],
    }

    def read(name: str, figure: Callable[..., Figure]) -> dict[int, list[Figure]]:
        return _by_location(connection, name, parameters, figure)

    moved, stock, unmapped = read("moved", Moved), read("stock", OnHand), read("unmapped", Unmapped)
    at_square = read("at_square", AtSquare)
    net_cents: dict[int, int] = dict(connection.execute(statement("net_sales"), parameters).fetchall())
    return DayReport(
        title=title,
        is_chain=is_chain,
        day=request.day,
        timezone=places[0].location.timezone,
        open_until_at=open_until_at,
        locations=[
            LocationDay(
                name=place.location.name,
                timezone=place.location.timezone,
                currency=place.location.currency,
                net_cents=net_cents.get(place.location_key, 0),
                moved=moved[place.location_key],
                stock=stock[place.location_key],
                unmapped=unmapped[place.location_key],
                at_square=at_square[place.location_key],
            )
            for place in places
        ],
    )


def _by_location(
    connection: psycopg.Connection, name: str, parameters: dict[str, Any], figure: Callable[..., Figure]
) -> dict[int, list[Figure]]:
    figures: dict[int, list[Figure]] = defaultdict(list)
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(statement(name), parameters):
            location_key = row.pop("location_key")
            if "unit_cost_cents" in row:
                row["cost"] = Cost(row.pop("unit_cost_cents"), row.pop("currency"))
            figures[location_key].append(figure(**row))
    return figures
