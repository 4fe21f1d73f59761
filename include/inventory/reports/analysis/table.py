"""The analysis as a table for people."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import get_currency_precision

from include.config.period import Period, PeriodKind
from include.inventory.reports.analysis.reading import Row
from include.inventory.reports.analysis.request import GroupBy, Request
from include.outputs.csv_file import Cell


def headings(request: Request) -> tuple[str, ...]:
    detail = {GroupBy.INGREDIENT: ["Unit"], GroupBy.VARIATION: ["Variation"]}.get(request.group_by, [])
    name = "Item" if request.group_by is GroupBy.VARIATION else request.group_by.capitalize()
    place = ["At location"] if request.is_by_location else []
    quantity = "Used" if request.group_by is GroupBy.INGREDIENT else "Sold"
    return ("Period", *place, name, *detail, quantity, "Revenue", "Cost", "Profit", "Margin", "Currency")


def cells(request: Request, row: Row) -> Sequence[Cell]:
    """The cells below `headings`: money in major units, the margin as a part of the revenue."""
    margin = None
    if row.profit_cents is not None and row.revenue_cents > 0:
        margin = round(Decimal(row.profit_cents) / row.revenue_cents, 4)
    return (
        period_label(request.grain, row),
        *([row.location_name] if request.is_by_location else []),
        row.name,
        *([row.detail] if request.group_by in (GroupBy.INGREDIENT, GroupBy.VARIATION) else []),
        row.quantity,
        value_cell(row.revenue_cents, row.currency),
        None if row.cost_cents is None else value_cell(row.cost_cents, row.currency),
        None if row.profit_cents is None else value_cell(row.profit_cents, row.currency),
        margin,
        row.currency,
    )


def period_label(grain: PeriodKind, row: Row) -> str:
    """Such as ``2026-11-20``, ``2026-W47``, ``2026-11``, ``2026-Q4``, ``2026``."""
    return Period.around(grain, row.period_date).slug


def value_cell(value: Decimal | int, currency: str) -> Decimal:
    """Cents in the currency's major unit; a quantity, which has no currency, as it is."""
    return Decimal(value).scaleb(-get_currency_precision(currency)) if currency else Decimal(value)
