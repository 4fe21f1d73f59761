"""The summary: totals, places, best sellers, categories and price bands, with charts of them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from include.products.report.figures import Product, Sales, Sold
from include.products.report.report import Level, Report, Slice
from include.products.report.tabs.table import Cell, Chart, Column, Kind, Table, category, figures, measures

TITLE = "Summary"
BEST_SELLERS = 15
# A chart is as wide as six columns, about, and as high as so many rows.
CHART_COLUMNS, CHART_ROWS = 6, 20
# Each currency has a row of charts; of more than these people look at the tables.
CHARTED_CURRENCIES = 3

NOTES = (
    "Net sales are gross sales less discounts and refunds, without tax; a product's hold its modifiers.",
    "Shares are parts of the units, and of the net sales, of the place that the line belongs to.",
    "Ranks go by net sales within the place; a movement of 2 is two ranks up since the period before.",
    "Price bands go by the average price before discounts, without modifiers. They are equally wide.",
    "Menu engineering is after Kasavana and Smith (1982), over all that was asked for.",
    "Popular is what has at least 70 % of an average product's part of the units.",
    "Profitable is what has at least the average contribution margin: net sales less ingredients, of a unit.",
)


def summary_table(report: Report) -> Table:
    table = Table(TITLE, (Column(str(Level.ALL), Kind.TEXT), *measures(report)), is_first_column_wide=True)
    for total in report.totals:
        table.rows.append(_place(total, total))
    table.rows.append(())
    charted = report.totals[:CHARTED_CURRENCIES]
    chart_rows = {total.currency: table.next_row + number * CHART_ROWS for number, total in enumerate(charted)}
    table.rows += [()] * (len(chart_rows) * CHART_ROWS)
    of_several = len(report.totals) > 1

    def block(heading: str, total: Slice, rows: Iterable[Sequence[Cell]], chart: tuple[int, str] | None = None) -> None:
        first = table.next_row
        table.heading_rows.append(first)
        in_currency = f", {total.currency}" if of_several else ""
        table.rows.append((f"{heading}{in_currency}", *(column.title for column in table.columns[1:])))
        table.rows += rows
        if chart and total.currency in chart_rows and table.next_row > first + 1:
            place, title = chart
            known = [each.label for each, sold in zip(report.comparisons, total.befores, strict=True) if sold]
            series = ("Net sales", *(f"Net, {label}" for label in known))
            anchor = (chart_rows[total.currency], place * CHART_COLUMNS)
            table.charts.append(Chart(f"{title}{in_currency}", (first, table.next_row), series, anchor, total.currency))
        table.rows.append(())

    by_level = {level: report.slices(level) for level in Level if level is not Level.ALL}
    for total in report.totals:
        for level, slices in by_level.items():
            rows = [_place(each, total) for each in slices if each.currency == total.currency]
            block(str(level), total, rows, (0, "Net sales by market") if level is Level.MARKET else None)
        best = [each for each in total.standings if each.rank is not None][:BEST_SELLERS]
        block(
            "Best sellers",
            total,
            [_line(str(each.product), each.sales, each.befores, total) for each in best],
            (1, "Best sellers"),
        )
        block(
            "Category", total, _groups(total, {each.product: category(each.product) or "" for each in total.standings})
        )
        bands = {each.product: str(each.band) for each in total.standings if each.band}
        ordered = [str(band) for band in report.bands.get(total.currency, ())]
        block("Price band", total, _groups(total, bands, ordered), (2, "Net sales by price band"))
    table.heading_rows.append(table.next_row)
    table.rows.append(("How to read it",))
    table.rows += [(note,) for note in NOTES]
    return table


def _place(slice_: Slice, total: Slice) -> tuple[Cell, ...]:
    """A place in the currency's total."""
    return _line(slice_.name, slice_.total, slice_.befores, total)


def _line(name: str, sales: Sales, befores: Sequence[Sold | None], total: Slice) -> tuple[Cell, ...]:
    units, net = total.total.sold_quantity, total.total.net_cents
    return (
        name,
        *figures(
            sales,
            befores,
            total.currency,
            sales.sold_quantity / units if units > 0 else None,
            Decimal(sales.net_cents) / net if net > 0 else None,
        ),
    )


def _groups(total: Slice, names: dict[Product, str], order: Sequence[str] | None = None) -> Iterator[tuple[Cell, ...]]:
    """Products put together under a name; without an order those that sold most first."""
    sums: dict[str, tuple[Sales, list[Sold | None]]] = {}
    for each in total.standings:
        if name := names.get(each.product):
            sales, befores = sums.get(name, (Sales(), [None] * len(each.befores)))
            added = [_plus(one, other) for one, other in zip(befores, each.befores, strict=True)]
            sums[name] = (sales + each.sales, added)
    by_sales = sorted(sums, key=lambda name: (-sums[name][0].net_cents, name))
    for name in order if order is not None else by_sales:
        if name in sums:
            yield _line(name, *sums[name], total)


def _plus(one: Sold | None, other: Sold | None) -> Sold | None:
    return (one or Sold()) + (other or Sold()) if one or other else None
