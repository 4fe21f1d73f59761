"""Analyses of a kitchen's spring: whatever they are grouped by, they add up to the same."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from include.config import load_chain
from include.config.period import PeriodKind
from include.inventory.reports.analysis.chart import MOST_SERIES, Sums, chart_table
from include.inventory.reports.analysis.reading import Row, read_rows
from include.inventory.reports.analysis.request import Request, read_request
from include.inventory.reports.analysis.table import cells, headings
from tests.include.inventory.reports.conftest import Kitchen
from tests.include.warehouse.square_json import line, order

NOW = datetime(2026, 4, 1, 20, tzinfo=UTC)


def request(**params: Any) -> Request:
    defaults: dict[str, Any] = {
        "start": "2026-03-01", "end": "2026-03-31", "grain": "month", "group_by": "item", "measure": "cost",
        "locations": [], "mail": False,
    }  # fmt: skip
    return read_request(load_chain(), defaults | params, run_after=NOW, started_at=NOW)


@pytest.fixture
def spring(pizzeria: Kitchen) -> Kitchen:
    pizzeria.sold(
        order("a", line(quantity=2, modifiers={"olives": 150}), at="2026-03-02T18:00:00Z"),
        order("b", line(), at="2026-03-09T18:00:00Z"),
        order("c", line(quantity=3), at="2026-03-09T20:00:00Z", location_id="L-LA"),
        order("d", line(variation_id="soup", price=500), at="2026-03-31T18:00:00Z"),
        order("e", line(), at="2026-04-01T18:00:00Z"),
    )
    return pizzeria


def read(kitchen: Kitchen, asked: Request) -> list[Row]:
    return list(read_rows(kitchen.connection, asked, ["New York", "Los Angeles"]))


def test_items_hold_their_modifiers_and_count_without_them(spring: Kitchen) -> None:
    rows = read(spring, request(group_by="item"))
    assert [(row.name, int(row.quantity), row.revenue_cents, row.cost_cents) for row in rows] == [
        ("Margherita", 1, 500, 0),
        ("Margherita-M", 6, 6300, 720),
    ]
    assert [row.quantity for row in read(spring, request(group_by="modifier"))] == [2]


def test_every_grouping_adds_up_to_the_same(spring: Kitchen) -> None:
    for group_by in ("ingredient", "item", "variation", "location", "ingredient and location", "item and location"):
        for grain in PeriodKind:
            rows = read(spring, request(group_by=group_by, grain=grain))
            assert sum(row.revenue_cents for row in rows) == 6800, (group_by, grain)
            assert sum(row.cost_cents or 0 for row in rows) == 720, (group_by, grain)


def test_periods_and_locations_have_rows_of_their_own(spring: Kitchen) -> None:
    asked = request(group_by="item and location", grain="week")
    rows = [cells(asked, row) for row in read(spring, asked)]
    assert [row[:4] for row in rows] == [
        ("2026-W10", "New York", "Margherita-M", 2),
        ("2026-W11", "Los Angeles", "Margherita-M", 3),
        ("2026-W11", "New York", "Margherita-M", 1),
        ("2026-W14", "New York", "Margherita", 1),
    ]
    assert headings(asked) == (
        "Period", "At location", "Item", "Sold", "Revenue", "Cost", "Profit", "Margin", "Currency",
    )  # fmt: skip
    assert rows[0][4:] == (Decimal("23.00"), Decimal("2.40"), Decimal("20.60"), Decimal("0.8957"), "USD")


def test_one_location_alone(spring: Kitchen) -> None:
    rows = list(read_rows(spring.connection, request(group_by="location"), ["Los Angeles"]))
    assert [(row.name, row.revenue_cents) for row in rows] == [("Los Angeles", 3000)]


def chart_of(rows: Sequence[Row], **params: Any) -> tuple[list[Sequence[Any]], str, bool]:
    sums = Sums(request(**params))
    assert list(sums.follow(rows)) == list(rows)
    table, chart = chart_table(sums)
    return table, chart.kind, chart.is_stacked


def row(name: str, month: int, cost_cents: int, day: int = 1) -> Row:
    return Row(date(2026, month, day), None, name, "kg", Decimal(1), 1000, cost_cents, "USD")


def test_one_period_is_a_column_for_each_group() -> None:
    table, kind, _ = chart_of([row("dough", 3, 100), row("cheese", 3, 300)], group_by="ingredient")
    assert table == [("Ingredient", "Cost"), ("cheese", Decimal("3.00")), ("dough", Decimal("1.00"))]
    assert kind == "COLUMN"


def test_several_periods_show_the_largest_and_the_others_together() -> None:
    rows = [row(f"group {number}", month, number) for month in (1, 2) for number in range(1, MOST_SERIES + 3)]
    table, kind, is_stacked = chart_of(rows, group_by="ingredient")
    assert (kind, is_stacked) == ("COLUMN", True)
    assert list(table[0]) == ["Month", *(f"group {number}" for number in range(10, 2, -1)), "Others"]
    assert [line[0] for line in table[1:]] == ["2026-01", "2026-02"]
    assert table[1][-1] == Decimal("0.03")


def test_many_periods_are_lines() -> None:
    rows = [row("dough", month, 100, day) for month in (1, 2) for day in range(1, 29)]
    table, kind, is_stacked = chart_of(rows, group_by="ingredient", grain="day")
    assert (len(table), kind, is_stacked) == (57, "LINE", False)


def test_quantities_of_different_ingredients_are_not_added() -> None:
    rows = [row(f"group {number}", month, number) for month in (1, 2) for number in range(1, MOST_SERIES + 3)]
    table, _, is_stacked = chart_of(rows, group_by="ingredient", measure="quantity")
    assert "Others" not in table[0]
    assert not is_stacked


def test_nothing_sold_is_an_empty_chart() -> None:
    assert chart_of([], group_by="item")[0] == [("Item", "Cost")]


def test_without_days_it_is_the_year_up_to_the_newest_that_has_ended() -> None:
    asked = request(start=None, end=None)
    assert (asked.first, asked.last) == (date(2025, 4, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"end": "2026-04-01"}, "end: 2026-04-01 has not ended everywhere; 2026-03-31 is the newest day that has"),
        ({"start": "2026-04-01"}, "start: 2026-04-01 lies after the end"),
        ({"locations": ["Boston"]}, "the chain has no Boston"),
    ],
)
def test_a_param_that_cannot_be_is_told(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        request(**params)
