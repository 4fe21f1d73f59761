"""What there is, location by location and ingredient by ingredient, and how it will go on: the rules, on the ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import class_row

from include.config import Chain, Location, OpeningHours
from include.config.ingredients import Ingredient
from include.config.inventory import Inventory
from include.config.suppliers import Supplier
from include.inventory.restock.deliveries import Delivery, next_two
from include.inventory.restock.demand import WINDOW_DAYS, demand
from include.inventory.restock.outlook import Level, Limits, Outlook, Shelf, outlook, packs_of
from include.inventory.restock.places import read_locations
from include.inventory.restock.shortages import OpenShortage
from include.inventory.restock.statements import statement

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """An ingredient at a location."""

    location_key: int
    ingredient_key: int
    location: Location
    ingredient: Ingredient
    # None where nobody delivers it, or where it has no pack to be ordered in.
    supplier: Supplier | None
    # What can be ordered now; None without a supplier.
    delivery: Delivery | None
    shelf: Shelf
    # When the first of what is on order is to come.
    expected_date: date | None
    open_shortage: OpenShortage | None
    outlook: Outlook

    @property
    def pack_count(self) -> int:
        """How many packs are to be ordered."""
        pack = self.ingredient.pack
        return packs_of(self.outlook.wanted_quantity, pack.quantity) if pack and self.supplier else 0


@dataclass(frozen=True)
class _Row:
    location_key: int
    ingredient_key: int
    ingredient_name: str
    on_hand: Decimal
    on_order: Decimal
    expected_date: date | None
    first_use_date: date | None
    shortage_key: int | None
    level: str | None


def read_items(connection: psycopg.Connection, chain: Chain, inventory: Inventory, at: datetime) -> list[Item]:
    """Every ingredient that stock is kept of, at every location where somebody has said how much there is.

    :param at: the run's instant, which all forecasts begin at.
    """
    locations = read_locations(connection, chain)
    ingredients = {ingredient.name: ingredient for ingredient in inventory.ingredients}
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(statement("items")).fetchall()
    # What the configuration does not describe yet, or no longer, waits until it is loaded.
    rows = [row for row in rows if row.location_key in locations and row.ingredient_name in ingredients]
    history = _History(connection, locations, at)
    return [
        _item(row, locations[row.location_key], ingredients[row.ingredient_name], inventory, history, at)
        for row in rows
    ]


class _History:
    """What was used in the last weeks, and on which days a location sold."""

    def __init__(self, connection: psycopg.Connection, locations: dict[int, Location], at: datetime) -> None:
        self.use: dict[tuple[int, int], dict[date, Decimal]] = defaultdict(dict)
        self.sold: dict[int, set[date]] = defaultdict(set)
        todays = [location.business_date(at) for location in locations.values()]
        if not todays:
            return
        window: dict[str, Any] = {"first_date": min(todays) - WINDOW_DAYS * DAY, "last_date": max(todays)}
        for location_key, ingredient_key, day, quantity, is_sold in connection.execute(statement("use"), window):
            self.use[location_key, ingredient_key][day] = quantity
            if is_sold:
                self.sold[location_key].add(day)

    def open_days(self, location_key: int, today: date, first_use_date: date | None) -> list[date]:
        if first_use_date is None:
            return []
        begin = max(today - WINDOW_DAYS * DAY, first_use_date)
        return [day for day in self.sold[location_key] if begin <= day < today]


def _item(
    row: _Row, location: Location, ingredient: Ingredient, inventory: Inventory, history: _History, at: datetime
) -> Item:
    today = location.business_date(at)
    use = history.use[row.location_key, row.ingredient_key]
    shelf = Shelf(today, row.on_hand, row.on_order, use.get(today, Decimal()))
    supplier = inventory.supplier(ingredient.supplier) if ingredient.supplier and ingredient.pack else None
    delivery, following = next_two(supplier, location.zone, at) if supplier else (None, None)
    expected = demand(
        use, history.open_days(row.location_key, today, row.first_use_date), closed_weekdays(location.opening_hours)
    )
    stock = ingredient.at(location.name)
    limits = Limits(
        service_level=stock.service_level or inventory.restock.service_level,
        cover_days=inventory.restock.cover_days,
        par=stock.par_quantity,
        maximum=stock.maximum_quantity,
    )
    return Item(
        location_key=row.location_key,
        ingredient_key=row.ingredient_key,
        location=location,
        ingredient=ingredient,
        supplier=supplier,
        delivery=delivery,
        shelf=shelf,
        expected_date=row.expected_date,
        open_shortage=OpenShortage(row.shortage_key, Level(row.level)) if row.shortage_key and row.level else None,
        outlook=outlook(shelf, expected, limits, following.date if following else None),
    )


def closed_weekdays(hours: OpeningHours) -> set[int]:
    """0 is Monday."""
    # Any week: it has each weekday once.
    week = [date(2026, 1, 5) + each * DAY for each in range(7)]
    return {day.weekday() for day in week if not hours.on(day)}
