"""A table of products: a block for each place, the best sellers first."""

from collections.abc import Iterable

from include.products.report.report import Report, Slice, Standing
from include.products.report.request import GroupBy
from include.products.report.tabs.table import Cell, Column, Kind, Table, amount, category, figures, measures


def products_table(report: Report, title: str, slices: Iterable[Slice]) -> Table:
    is_by_variation = report.request.group_by is GroupBy.VARIATION
    columns = (
        Column("Level", Kind.TEXT),
        Column("Place", Kind.TEXT),
        Column("Category", Kind.TEXT),
        Column("Product", Kind.TEXT),
        *([Column("Variation", Kind.TEXT)] if is_by_variation else []),
        Column("Rank"),
        Column("Rank before"),
        Column("Movement"),
        *measures(report),
        Column("Average price", Kind.MONEY),
        Column("Price band", Kind.TEXT),
    )
    table = Table(title, columns)
    for slice_ in slices:
        table.rows += [_line(slice_, each, is_by_variation) for each in slice_.standings]
    return table


def _line(slice_: Slice, each: Standing, is_by_variation: bool) -> tuple[Cell, ...]:
    price = each.sales.average_price_cents
    return (
        str(slice_.level),
        slice_.name,
        category(each.product),
        each.product.item_name or str(each.product),
        *([each.product.variation_name or None] if is_by_variation else []),
        each.rank,
        each.rank_before,
        each.movement,
        *figures(each.sales, each.befores, slice_.currency, each.unit_share, each.net_share),
        None if price is None else amount(price, slice_.currency),
        str(each.band) if each.band else None,
    )
