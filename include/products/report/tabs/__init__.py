"""The report as tables for people, the same for the Google Sheet and for the workbook."""

from include.products.report.report import Level, Report, Slice
from include.products.report.tabs import menu, summary
from include.products.report.tabs.products import products_table
from include.products.report.tabs.table import Table

PRODUCTS = "All products"


def tables(report: Report) -> list[Table]:
    """Summary, a table for each market, all products, menu engineering."""
    chain = [slice_ for level in (Level.ALL, Level.COUNTRY, Level.PARENT_COMPANY) for slice_ in report.slices(level)]
    return [
        summary.summary_table(report),
        *(products_table(report, _title(name), slices) for name, slices in _markets(report).items()),
        products_table(report, PRODUCTS, chain),
        menu.menu_table(report),
    ]


def _markets(report: Report) -> dict[str, list[Slice]]:
    """The slices of each market, and of its locations; a market's only location has sold what the market has."""
    markets: dict[str, list[Slice]] = {}
    for slice_ in report.slices(Level.MARKET):
        markets.setdefault(slice_.name, []).append(slice_)
    members: dict[str, set[str]] = {name: set() for name in markets}
    for location in report.request.locations:
        members[location.market].add(location.name)
    for slice_ in report.slices(Level.LOCATION):
        for market, locations in members.items():
            if slice_.name in locations and len(locations) > 1:
                markets[market].append(slice_)
    return markets


def _title(market: str) -> str:
    """A market's tab is called like it, unless another tab is."""
    taken = {title.casefold() for title in (summary.TITLE, PRODUCTS, menu.TITLE)}
    return f"{market} (market)" if market.casefold() in taken else market
