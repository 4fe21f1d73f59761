"""What the report's tables are made of, and what they have in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto

from babel.numbers import get_currency_precision

from include.outputs.xlsx_cells import Money
from include.products.report.figures import Change, Product, Sales, Sold
from include.products.report.report import Report
from include.products.report.request import NO_CATEGORY


class Kind(Enum):
    """What a column holds, and so how it looks."""

    TEXT = auto()
    NUMBER = auto()
    MONEY = auto()
    PERCENT = auto()


@dataclass(frozen=True)
class Column:
    title: str
    kind: Kind = Kind.NUMBER


# A percentage is a ratio: 0.125 for 12.5 %.
Cell = str | int | Decimal | Money | None


@dataclass(frozen=True)
class Chart:
    """Columns side by side, over some rows of the table.

    :param rows: the one with the headings and the one after the last, counted from 0, which is the table's headings.
    :param series: titles of columns.
    :param anchor: row and column of its upper left corner, counted from 0.
    """

    title: str
    rows: tuple[int, int]
    series: tuple[str, ...]
    anchor: tuple[int, int]
    currency: str


@dataclass
class Table:
    """:param rows: the first one's number is 1: row 0 are the columns' titles.
    :param heading_rows: rows that repeat the titles, above a block of their own.
    """

    title: str
    columns: tuple[Column, ...]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    heading_rows: list[int] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    is_first_column_wide: bool = False

    @property
    def next_row(self) -> int:
        return len(self.rows) + 1


def measures(report: Report) -> tuple[Column, ...]:
    return (
        Column("Units"),
        Column("Share of units", Kind.PERCENT),
        Column("Net sales", Kind.MONEY),
        Column("Share of net", Kind.PERCENT),
        *(
            column
            for comparison in report.comparisons
            for column in (
                Column(f"Net, {comparison.label}", Kind.MONEY),
                Column(f"Change on {comparison.label}", Kind.MONEY),
                Column(f"Change on {comparison.label}, %", Kind.PERCENT),
            )
        ),
        Column("Gross sales", Kind.MONEY),
        Column("of which modifiers", Kind.MONEY),
        Column("Modifiers"),
        Column("Discounts", Kind.MONEY),
        Column("Refunds", Kind.MONEY),
        Column("Returned units"),
        Column("Tax", Kind.MONEY),
        Column("Currency", Kind.TEXT),
    )


def figures(
    sales: Sales, befores: Iterable[Sold | None], currency: str, unit_share: Decimal | None, net_share: Decimal | None
) -> tuple[Cell, ...]:
    """The cells below `measures`."""

    def money(cents: int | Decimal) -> Money:
        return amount(cents, currency)

    earlier: list[Cell] = []
    for before in befores:
        if before is None:
            earlier += [None, None, None]
        else:
            change = Change.since(before.net_cents, sales.net_cents)
            earlier += [money(before.net_cents), money(change.net_cents), ratio(change.net_ratio)]
    return (
        sales.sold_quantity,
        ratio(unit_share),
        money(sales.net_cents),
        ratio(net_share),
        *earlier,
        money(sales.gross_cents),
        money(sales.modifier_gross_cents),
        sales.modifier_quantity,
        money(sales.discount_cents),
        money(sales.refund_cents),
        sales.returned_quantity,
        money(sales.tax_cents),
        currency,
    )


def amount(cents: int | Decimal, currency: str) -> Money:
    """1050 cents → 10.50; a currency without minor units stays whole. Fractions of a cent are rounded half up."""
    whole = Decimal(cents).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(whole.scaleb(-get_currency_precision(currency)), currency)


def ratio(ratio: Decimal | None) -> Decimal | None:
    return None if ratio is None else round(ratio, 4)


def category(product: Product) -> str | None:
    return (product.category or NO_CATEGORY) if product.is_known else None
