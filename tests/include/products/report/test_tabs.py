"""The tables: which there are, what they repeat, and that they add up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from include.config import Chain, Location
from include.outputs.xlsx_cells import Money
from include.products.report.tabs import tables
from include.products.report.tabs.table import Table, amount
from tests.include.products.report.conftest import WEDNESDAY, Kitchen, Read
from tests.include.sales.report.shop import chain_of


def column(table: Table, title: str, **where: str) -> list[Any]:
    """The cells of a column, of the rows that have these texts in others."""
    titles = [each.title for each in table.columns]
    return [
        row[titles.index(title)]
        for row in table.rows
        if row and all(row[titles.index(name)] == text for name, text in where.items())
    ]


def sold(shop: Kitchen, keys: Mapping[str, int]) -> None:
    pizza, cola = shop.offers("Hawaiian", "L"), shop.offers("Cola", "", "Drinks")
    for number, key in enumerate(keys.values(), start=1):
        shop.sells(key, WEDNESDAY, {"product": pizza, "gross": 1500 * number}, {"product": cola, "gross": 300})


def test_a_market_of_several_locations_lists_each_and_a_market_of_one_does_not(
    shop: Kitchen, keys: Mapping[str, int], read: Read
) -> None:
    sold(shop, keys)
    made = {table.title: table for table in tables(read())}
    assert list(made) == ["Summary", "Northeast", "Midwest", "All products", "Menu engineering"]
    assert dict.fromkeys(column(made["Northeast"], "Place")) == dict.fromkeys(["Northeast", "Manhattan", "Brooklyn"])
    assert set(column(made["Midwest"], "Place")) == {"Midwest"}
    assert set(column(made["All products"], "Level")) == {"All locations", "Country", "Parent company"}


def test_the_places_of_a_level_add_up_to_all(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    sold(shop, keys)
    summary, northeast, midwest, products, _ = tables(read())
    nets = {
        (level, place): sum(cell.amount for cell in column(table, "Net sales", Level=level, Place=place))
        for table in (northeast, midwest, products)
        for level, place in zip(column(table, "Level"), column(table, "Place"), strict=True)
    }
    total = Decimal("99.00")
    assert summary.rows[0][3] == Money(total, "USD")
    for level in ("Country", "Parent company", "Market"):
        assert sum(net for (its_level, _), net in nets.items() if its_level == level) == total
    assert nets["Location", "Manhattan"] + nets["Location", "Brooklyn"] == nets["Market", "Northeast"]


def test_each_currency_has_its_blocks_and_charts(
    shop: Kitchen, chain: Chain, tokyo: Location, keys: Mapping[str, int], read: Read
) -> None:
    sold(shop, {**keys, "Tokyo": shop.opens(tokyo)})
    summary = tables(read(chain_of(*chain.locations, tokyo)))[0]
    names = [row[0] for row in summary.rows if row]
    assert {"Market, USD", "Market, JPY", "Price band, USD", "Price band, JPY"} <= set(names)
    assert {chart.title for chart in summary.charts} >= {"Best sellers, USD", "Best sellers, JPY"}
    for chart in summary.charts:
        first, end = chart.rows
        assert first in summary.heading_rows
        assert all(row[-1] == chart.currency for row in summary.rows[first : end - 1])
        row, _ = chart.anchor
        assert all(not each for each in summary.rows[row - 1 : row + 18])


def test_a_market_called_like_another_tab_gets_a_name_of_its_own(
    shop: Kitchen, manhattan: Location, read: Read
) -> None:
    odd = manhattan.model_copy(update={"market": "summary"})
    shop.opens(odd)
    assert tables(read(chain_of(odd)))[1].title == "summary (market)"


def test_amounts_are_in_major_units_of_their_currency() -> None:
    assert amount(1050, "USD") == Money(Decimal("10.50"), "USD")
    assert amount(Decimal("1049.5"), "USD") == Money(Decimal("10.50"), "USD")
    assert amount(1050, "JPY") == Money(Decimal(1050), "JPY")
