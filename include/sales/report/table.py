"""The report as one table for people: a line for every total, group, modifier, refund and comparison.

All lines have one shape, so that the files of many days and locations can be put under one another and filtered.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import cast

from babel.numbers import get_currency_precision

from include.outputs.csv_file import Cell
from include.sales.report.report import Report
from include.sales.report.request import GroupBy

HEADINGS = (
    "Section", "From", "To", "Market", "Location", "Category", "Item", "Variation", "Modifier", "Units",
    "Returned units", "Orders", "Gross sales", "of which modifiers", "Discounts", "Refunds", "Net sales", "Tax",
    "Service charges", "Tips", "Total", "Average order", "Currency", "Note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table; its fields stand in the order of `HEADINGS`. What a line has nothing to say of is None."""

    section: str
    first_date: date
    last_date: date
    market: str | None = None
    location: str | None = None
    category: str | None = None
    item_name: str | None = None
    variation_name: str | None = None
    modifier_name: str | None = None
    sold_quantity: Decimal | None = None
    returned_quantity: Decimal | None = None
    order_count: int | None = None
    gross_cents: int | None = None
    modifier_gross_cents: int | None = None
    discount_cents: int | None = None
    refund_cents: int | None = None
    net_cents: int | None = None
    tax_cents: int | None = None
    service_charge_cents: int | None = None
    tip_cents: int | None = None
    total_cents: int | None = None
    average_order_cents: int | None = None
    currency: str = ""
    note: str | None = None

    def cells(self) -> tuple[Cell, ...]:
        return tuple(self._cell(field.name) for field in fields(self))

    def _cell(self, name: str) -> Cell:
        value = getattr(self, name)
        if isinstance(value, date):
            return value.isoformat()
        if value is not None and name.endswith("_cents"):
            return major(value, self.currency)
        return cast(Cell, value)


MONEY_COLUMNS = tuple(number for number, field in enumerate(fields(Line)) if field.name.endswith("_cents"))


def major(cents: int, currency: str) -> Decimal:
    """1050 cents → 10.50; a currency without minor units stays whole."""
    return Decimal(cents).scaleb(-get_currency_precision(currency))


def table(report: Report) -> list[tuple[Cell, ...]]:
    """The rows below `HEADINGS`: the period's own figures, then what they are compared with."""
    return [line.cells() for line in (*_totals(report), *_groups(report), *_details(report), *_comparisons(report))]


def digest(report: Report) -> str:
    """Equal for equal figures of the period; a late change of an earlier period is no change of this one."""
    own = [line.cells() for line in (*_totals(report), *_groups(report), *_details(report))]
    return hashlib.sha256(repr(own).encode()).hexdigest()[:16]


def _base(report: Report) -> Line:
    """A line that names the period, and the place unless it is the whole chain."""
    line = Line(section="", first_date=report.period.first, last_date=report.period.last)
    if report.is_chain:
        return line
    (location,) = report.locations
    return replace(line, market=location.market, location=location.name)


def _totals(report: Report) -> Iterator[Line]:
    base = replace(_base(report), note="so far" if report.open_until_at else None)
    for each in report.locations:
        yield replace(
            base,
            section="Location" if report.is_chain else "Total",
            market=each.market,
            location=each.name,
            currency=each.currency,
            average_order_cents=each.amounts.average_order_cents,
            **asdict(each.amounts),
        )
    if report.is_chain:
        for currency, amounts in report.totals.items():
            average_order_cents = amounts.average_order_cents
            yield replace(
                base,
                section="Total",
                currency=currency,
                average_order_cents=average_order_cents,
                **asdict(amounts),
            )


def _groups(report: Report) -> Iterator[Line]:
    base = replace(_base(report), section=report.group_by.capitalize())
    if report.group_by is GroupBy.MARKET:
        for (market, currency), amounts in report.markets.items():
            average_order_cents = amounts.average_order_cents
            yield replace(
                base, market=market, currency=currency, average_order_cents=average_order_cents, **asdict(amounts)
            )
    for group in report.groups:
        figures = asdict(group)
        name = figures.pop("name")
        match report.group_by:
            case GroupBy.CATEGORY:
                figures |= {"category": name, "variation_name": None}
            case GroupBy.MODIFIER:
                figures |= {"modifier_name": name, "variation_name": None, "category": None}
            case _:
                figures |= {"item_name": name}
        yield replace(base, **figures)


def _details(report: Report) -> Iterator[Line]:
    base = _base(report)
    for modifier in report.modifiers:
        yield replace(base, section="Modifier on item", **asdict(modifier))
    for refund in report.refunds:
        yield replace(
            base,
            section="Refund",
            item_name=refund.items,
            refund_cents=refund.refund_cents,
            total_cents=-refund.total_cents,
            currency=refund.currency,
            note=refund.reason,
        )


def _comparisons(report: Report) -> Iterator[Line]:
    base = replace(_base(report), section="Comparison")
    for before in report.befores:
        for location in report.locations:
            if (amounts := before.amounts.get(location.location_key)) is not None:
                yield replace(
                    base,
                    market=location.market,
                    location=location.name,
                    currency=location.currency,
                    average_order_cents=amounts.average_order_cents,
                    note=before.label,
                    **asdict(amounts),
                )
