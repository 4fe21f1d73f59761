"""Reads a report out of gold: a handful of set-based statements, all of one snapshot."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import dict_row

from include.config import Chain
from include.config.period import Period
from include.products.report.figures import Product, Sales, Sold
from include.products.report.periods import comparisons
from include.products.report.report import Before, Report, Row, RowBefore
from include.products.report.request import GroupBy, Request
from include.warehouse.progress import NotSyncedYetError, open_until, synced_locations
from include.warehouse.statements import statements_in

_statement = statements_in(Path(__file__).parent / "sql")
_FIGURES = tuple(field.name for field in fields(Sales))


def read_report(connection: psycopg.Connection, chain: Chain, request: Request) -> Report:
    """
    :param connection: with no statement run in it yet.
    :raises NotSyncedYetError: when gold does not hold the whole period yet, at one of the locations.
    """
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    # A handful of large groupings: compiling them costs more than it saves.
    connection.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
    locations = synced_locations(connection, chain, [location.name for location in request.locations])
    period = request.period
    open_until_at = open_until(connection, locations, period.first, period.last, request.run_at)
    if open_until_at is not None:
        behind = max(
            (location for location, _ in locations), key=lambda location: location.business_day(period.last)[1]
        )
        end_at = behind.business_day(period.last)[1].astimezone(behind.zone)
        raise NotSyncedYetError(
            f"{period} is not over at {behind.name} until {end_at:%Y-%m-%d %H:%M %Z}: this task tries again by itself"
        )
    location_keys = [synced.location_key for _, synced in locations]
    scope = {
        "location_keys": location_keys,
        "is_by_variation": request.group_by is GroupBy.VARIATION,
        "categories": list(request.categories) or None,
    }
    return Report(
        request=request,
        location_keys=tuple(location_keys),
        rows=tuple(_sales(connection, scope | _days(period))),
        befores=tuple(
            Before(comparison, tuple(_before(connection, scope | _days(comparison.period))))
            for comparison in comparisons(period)
        ),
    )


def _days(period: Period) -> dict[str, Any]:
    return {"first": period.first, "last": period.last}


def _sales(connection: psycopg.Connection, parameters: dict[str, Any]) -> Iterator[Row]:
    changed = [day for (day,) in connection.execute(_statement("thresholds"), parameters)]
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(_statement("sales"), parameters | {"thresholds": [parameters["first"], *changed]}):
            sales = Sales(**{name: row[name] for name in _FIGURES})
            yield Row(row["location_key"], _product(row), row["currency"], sales, row["obstacle"])


def _before(connection: psycopg.Connection, parameters: dict[str, Any]) -> Iterator[RowBefore]:
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(_statement("before"), parameters):
            sold = Sold(row["sold_quantity"], row["net_cents"])
            yield RowBefore(row["location_key"], _product(row), row["currency"], sold)


def _product(row: dict[str, Any]) -> Product:
    return Product(row["category"], row["item_name"], row["variation_name"])
