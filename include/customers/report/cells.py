"""How a KPI's columns look in a workbook, and how its values become cells."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from include.customers.kpis import Column, Headline, Kind, Row
from include.outputs.number_formats import DATE_FORMAT, DATETIME_FORMAT, MONTH_FORMAT, money_format
from include.outputs.xlsx_cells import Cell, Number, SheetColumn

FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.RATIO: "0.0%",
    Kind.NUMBER: "#,##0.0",
    Kind.DATE: DATE_FORMAT,
    Kind.MONTH: MONTH_FORMAT,
    Kind.TIME: DATETIME_FORMAT,
}
# In characters.
WIDTHS = {Kind.TEXT: 22, Kind.MONEY: 15, Kind.TIME: 20}
NARROWEST = 12


def sheet_column(column: Column, currency: str) -> SheetColumn:
    """:param currency: of the amounts, ISO 4217."""
    width = max(len(column.title) + 4, WIDTHS.get(column.kind, NARROWEST))
    return SheetColumn(column.title, _format(column.kind, currency), width)


def cells(columns: Sequence[Column], rows: Iterable[Row], currency: str) -> Iterable[Sequence[Any]]:
    """The rows with their amounts in major units."""
    amounts = [number for number, column in enumerate(columns) if column.kind is Kind.MONEY]
    return _in_major_units(rows, amounts, major_units(currency)) if amounts else rows


def headline_cell(headline: Headline, currency: str) -> Cell:
    """A cell of a column whose rows hold different things."""
    match headline.kind, headline.value:
        case Kind.MONEY, int(minor):
            return Number(major_units(currency)(minor), money_format(currency))
        case Kind.COUNT | Kind.RATIO | Kind.NUMBER as kind, int() | Decimal() as number:
            return Number(number, FORMATS[kind])
        case _, value:
            return value


def major_units(currency: str) -> Callable[[int], float]:
    """What a cell holds for minor units. A cell is a double: the division gives the one nearest to the amount, which is
    the one that the amount's digits give."""
    minor_per_major = 10 ** get_currency_precision(currency)
    return lambda minor: minor / minor_per_major


def _in_major_units(
    rows: Iterable[Row], amounts: Sequence[int], to_major: Callable[[int], float]
) -> Iterator[Sequence[Any]]:
    for row in rows:
        changed: list[Any] = list(row)
        for number in amounts:
            if changed[number] is not None:
                changed[number] = to_major(changed[number])
        yield changed


def _format(kind: Kind, currency: str) -> str | None:
    return money_format(currency) if kind is Kind.MONEY else FORMATS.get(kind)
