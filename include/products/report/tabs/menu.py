"""The table of menu engineering."""

from include.products.report.figures import Product
from include.products.report.menu import ADVICE, engineer
from include.products.report.report import Report
from include.products.report.request import GroupBy
from include.products.report.tabs.table import Cell, Column, Kind, Table, amount, category, ratio

TITLE = "Menu engineering"


def menu_table(report: Report) -> Table:
    is_by_variation = report.request.group_by is GroupBy.VARIATION
    columns = (
        Column("Class", Kind.TEXT),
        Column("Category", Kind.TEXT),
        Column("Product", Kind.TEXT),
        *([Column("Variation", Kind.TEXT)] if is_by_variation else []),
        Column("Units"),
        Column("Share of units", Kind.PERCENT),
        Column("Popular from", Kind.PERCENT),
        Column("Net sales", Kind.MONEY),
        Column("Ingredients", Kind.MONEY),
        Column("Contribution", Kind.MONEY),
        Column("Margin of a unit", Kind.MONEY),
        Column("Profitable from", Kind.MONEY),
        Column("Currency", Kind.TEXT),
        Column("What to do", Kind.TEXT),
    )
    table = Table(TITLE, columns)
    for total in report.totals:
        menu = engineer(total)
        currency = total.currency

        def names(product: Product) -> tuple[Cell, ...]:
            variation = [product.variation_name or None] if is_by_variation else []
            return (category(product), product.item_name, *variation)

        for item in menu.rated:
            table.rows.append(
                (
                    str(item.kind).capitalize(),
                    *names(item.product),
                    item.sales.sold_quantity,
                    ratio(item.mix),
                    ratio(menu.popular_from),
                    amount(item.sales.net_cents, currency),
                    amount(item.sales.cost_cents, currency),
                    amount(item.contribution_cents, currency),
                    amount(item.margin_cents, currency),
                    amount(menu.profitable_from_cents, currency),
                    currency,
                    ADVICE[item.kind],
                )
            )
        for standing, reason in menu.not_rated:
            sold = (standing.sales.sold_quantity, None, None, amount(standing.sales.net_cents, currency))
            nothing = (None, None, None, None)
            table.rows.append(("Not rated", *names(standing.product), *sold, *nothing, currency, reason))
    return table
