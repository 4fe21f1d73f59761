"""Reads a report out of gold: a handful of set-based statements, all of one snapshot."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import class_row, dict_row

from include.config import Chain
from include.config.period import Period
from include.sales.report.comparisons import comparisons
from include.sales.report.figures import Amounts, GroupSales, LocationAmounts, ModifierSales, Refund
from include.sales.report.report import Before, Report
from include.sales.report.request import Request
from include.warehouse.progress import open_until, synced_locations

SQL = Path(__file__).parent / "sql"
Row = TypeVar("Row")
AMOUNT_NAMES = tuple(field.name for field in fields(Amounts))


class CurrencyError(ValueError):
    """A location sold in another currency than its configuration names."""


@dataclass(frozen=True)
class Scope:
    """What the statements are bound to."""

    location_keys: list[int]
    period: Period
    group_by: str

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "location_keys": self.location_keys,
            "first": self.period.first,
            "last": self.period.last,
            "group_by": self.group_by,
        }


def read_report(
    connection: psycopg.Connection, chain: Chain, request: Request, *, location_name: str | None = None
) -> Report:
    """The report of one location, or of all that the request names.

    :param connection: with no statement run in it yet.
    :raises NotSyncedYetError: when gold does not hold the period yet.
    :raises CurrencyError: when a location sold in a currency that is not its own.
    """
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    names = [location_name] if location_name else request.location_names
    locations = synced_locations(connection, chain, names)
    open_until_at = open_until(connection, locations, request.period.first, request.period.last, request.run_at)
    scope = Scope([synced.location_key for _, synced in locations], request.period, request.group_by)

    amounts = _read_amounts(connection, "totals", scope.parameters)
    totals = []
    for location, synced in locations:
        own = {currency: row for (key, currency), row in amounts.items() if key == synced.location_key}
        if foreign := own.keys() - {location.currency}:
            raise CurrencyError(
                f"{location.name} sold in {', '.join(sorted(foreign))} in {request.period}, but its currency is "
                f"{location.currency}: correct locations.yaml, or the location in Square"
            )
        totals.append(
            LocationAmounts(
                synced.location_key,
                location.name,
                location.market,
                location.currency,
                own.get(location.currency, Amounts()),
            )
        )
    of_places = request.group_by.is_of_places
    return Report(
        title=location_name or chain.name,
        is_chain=location_name is None,
        period=request.period,
        group_by=request.group_by,
        timezone=locations[0][0].timezone,
        open_until_at=open_until_at,
        locations=tuple(totals),
        # A part of a day against a whole one would always look bad.
        befores=_read_befores(connection, scope, totals) if open_until_at is None else (),
        groups=() if of_places else _read(connection, "groups", scope, GroupSales),
        modifiers=() if of_places else _read(connection, "modifiers", scope, ModifierSales),
        refunds=() if location_name is None else _read(connection, "refunds", scope, Refund),
    )


def _read(connection: psycopg.Connection, name: str, scope: Scope, row_type: type[Row]) -> tuple[Row, ...]:
    with connection.cursor(row_factory=class_row(row_type)) as cursor:
        return tuple(cursor.execute((SQL / f"{name}.sql").read_bytes(), scope.parameters))


def _read_amounts(
    connection: psycopg.Connection, name: str, parameters: dict[str, Any]
) -> dict[tuple[int, str], Amounts]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return {
            (row["location_key"], row["currency"]): _amounts(row)
            for row in cursor.execute((SQL / f"{name}.sql").read_bytes(), parameters)
        }


def _read_befores(
    connection: psycopg.Connection, scope: Scope, locations: Iterable[LocationAmounts]
) -> tuple[Before, ...]:
    asked = comparisons(scope.period)
    spans = [(number, period) for number, comparison in enumerate(asked) for period in comparison.periods]
    parameters = scope.parameters | {
        "comparisons": [number for number, _ in spans],
        "firsts": [period.first for _, period in spans],
        "lasts": [period.last for _, period in spans],
    }
    currencies = {location.location_key: location.currency for location in locations}
    found: dict[int, dict[int, Amounts]] = defaultdict(dict)
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute((SQL / "comparisons.sql").read_bytes(), parameters):
            if row["currency"] == currencies[row["location_key"]]:
                found[row["comparison"]][row["location_key"]] = _amounts(row).divided_by(row["period_count"])
    return tuple(Before(comparison.label, found[number]) for number, comparison in enumerate(asked) if found[number])


def _amounts(row: dict[str, Any]) -> Amounts:
    return Amounts(**{name: row[name] for name in AMOUNT_NAMES})
