"""Figures out of gold, against literal sums and against a computation of their own."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import psycopg
import pytest

from include.config import Chain, Location, load_chain
from include.config.period import Period, PeriodKind
from include.products.report.figures import Product, Sales
from include.products.report.menu import engineer
from include.products.report.reading import read_report
from include.products.report.report import Level
from include.sales.report import reading as sales_reading
from include.sales.report import request as sales_request
from include.warehouse.progress import NotSyncedYetError
from tests.conftest import Database
from tests.include.inventory.reports.conftest import DAY, open_chain
from tests.include.products.report.conftest import (
    MONDAY,
    WEDNESDAY,
    Kitchen,
    Read,
    by_product,
    request_of,
)
from tests.include.sales.report.shop import chain_of
from tests.include.warehouse.square_json import return_order

WEEK = timedelta(weeks=1)
L, S = Product("Classic", "Hawaiian", "L"), Product("Classic", "Hawaiian", "S")


def test_a_product_holds_its_modifiers_discounts_refunds_and_tax(
    shop: Kitchen, keys: Mapping[str, int], read: Read
) -> None:
    pizza, cheese = shop.offers("Hawaiian", "L"), shop.offers_modifier("Extra cheese")
    sold = {"product": pizza, "units": 2, "gross": 3000, "discount": 300, "tax": 240, "modifiers": [(cheese, 250)]}
    shop.sells(keys["Manhattan"], WEDNESDAY, sold, tip=500, service_charge=100)
    shop.gives_back(keys["Manhattan"], WEDNESDAY, {"product": pizza, "refund": 1000, "tax": 80})

    (total,) = read().totals
    (standing,) = total.standings
    assert standing.product == L
    assert standing.sales == total.total == Sales(
        sold_quantity=Decimal(2), returned_quantity=Decimal(1), modifier_quantity=Decimal(2), gross_cents=3250,
        modifier_gross_cents=250, discount_cents=300, refund_cents=1000, net_cents=1950, tax_cents=160,
    )  # fmt: skip
    assert standing.sales.average_price_cents == 1500
    assert standing.rank == standing.unit_share == standing.net_share == 1


def test_a_refund_that_names_no_item_stands_on_none_and_has_no_rank(
    shop: Kitchen, keys: Mapping[str, int], read: Read
) -> None:
    shop.gives_back(keys["Manhattan"], WEDNESDAY, {"product": shop.offers("", category=""), "refund": 500})
    (standing,) = read().totals[0].standings
    assert (str(standing.product), standing.sales.net_cents, standing.rank) == ("Not on an item", -500, None)


def test_ranks_shares_and_movements_within_each_place(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    large, small, cola = shop.offers("Hawaiian", "L"), shop.offers("Hawaiian", "S"), shop.offers("Cola", "", "Drinks")
    shop.sells(keys["Manhattan"], WEDNESDAY, {"product": large, "units": 1, "gross": 6000})
    shop.sells(keys["Manhattan"], WEDNESDAY, {"product": small, "units": 3, "gross": 2000})
    shop.sells(keys["Chicago Loop"], WEDNESDAY, {"product": small, "units": 4, "gross": 2000})
    shop.sells(keys["Manhattan"], WEDNESDAY - WEEK, {"product": small, "gross": 9000})
    shop.sells(keys["Manhattan"], WEDNESDAY - WEEK, {"product": large, "gross": 4000})
    shop.sells(keys["Manhattan"], WEDNESDAY - WEEK, {"product": cola, "gross": 5000})
    shop.sells(keys["Manhattan"], WEDNESDAY - 52 * WEEK, {"product": large, "gross": 3000})

    report = read()
    products = by_product(report)
    assert {str(product): (each.rank, each.rank_before, each.movement) for product, each in products.items()} == {
        "Hawaiian L": (1, 3, 2),
        "Hawaiian S": (2, 1, -1),
        # Sold last week and no longer: it has no rank, but it does not vanish.
        "Cola": (None, 2, None),
    }
    assert products[L].unit_share == Decimal("0.125")
    assert products[L].net_share == Decimal("0.6")
    assert [change and change.net_cents for change in (products[L].change(0), products[L].change(1))] == [2000, 3000]
    assert products[S].change(1) is None
    assert report.totals[0].change(0) is not None
    ranks = {
        (slice_.name, str(each.product)): each.rank
        for slice_ in report.slices(Level.LOCATION)
        for each in slice_.standings
    }
    assert ranks["Chicago Loop", "Hawaiian S"] == 1
    assert ranks["Manhattan", "Hawaiian S"] == 2


def test_equal_sales_share_a_rank(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    for name, gross in [("A", 500), ("B", 900), ("C", 500), ("D", 100)]:
        shop.sells(keys["Manhattan"], WEDNESDAY, {"product": shop.offers(name), "gross": gross})
    assert {product.item_name: each.rank for product, each in by_product(read()).items()} == {
        "A": 2,
        "B": 1,
        "C": 2,
        "D": 4,
    }


def test_by_product_the_variations_of_an_item_are_one(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    for size, gross in [("L", 1500), ("S", 1000)]:
        shop.sells(keys["Manhattan"], WEDNESDAY, {"product": shop.offers("Hawaiian", size), "gross": gross})
    products = by_product(read(group_by="product"))
    assert {product: each.sales.net_cents for product, each in products.items()} == {
        Product("Classic", "Hawaiian"): 2500
    }


def test_categories_choose_products_and_places_choose_locations(
    shop: Kitchen, keys: Mapping[str, int], read: Read
) -> None:
    pizza, cola = shop.offers("Hawaiian", "L"), shop.offers("Cola", "", "Drinks")
    for name in ("Manhattan", "Brooklyn", "Chicago Loop"):
        shop.sells(keys[name], WEDNESDAY, {"product": pizza, "gross": 1500}, {"product": cola, "gross": 300})
        shop.sells(keys[name], WEDNESDAY - WEEK, {"product": cola, "gross": 100})
    assert read(categories=["Pizza"]).totals[0].total.net_cents == 4500
    drinks = read(categories=["Drinks"], markets=["Northeast"]).totals[0]
    change = drinks.change(0)
    assert change is not None
    assert (drinks.total.net_cents, change.before_cents) == (600, 200)
    assert drinks.name == "Northeast"


def test_currencies_are_never_added_together(
    shop: Kitchen, chain: Chain, tokyo: Location, keys: Mapping[str, int], read: Read
) -> None:
    pizza = shop.offers("Hawaiian", "L")
    shop.sells(keys["Manhattan"], WEDNESDAY, {"product": pizza, "gross": 1200})
    shop.sells(shop.opens(tokyo), WEDNESDAY, {"product": pizza, "gross": 1800})
    report = read(chain_of(*chain.locations, tokyo))
    assert {total.currency: total.total.net_cents for total in report.totals} == {"USD": 1200, "JPY": 1800}
    assert [(each.name, each.currency) for each in report.slices(Level.COUNTRY)] == [("US", "USD"), ("JP", "JPY")]
    assert [str(band) for band in report.bands["JPY"]] == ["1800"]


def test_an_item_costs_what_its_recipe_cost_on_the_day(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    pizza, cheese, cola = shop.offers("Hawaiian", "L"), shop.offers_modifier("Extra cheese"), shop.offers("Cola")
    shop.costs(pizza, "300", until=WEDNESDAY)
    shop.costs(pizza, "400", since=WEDNESDAY)
    shop.costs(pizza, "50", modifier=cheese)
    shop.sells(keys["Manhattan"], WEDNESDAY - timedelta(days=1), {"product": pizza, "units": 2, "gross": 3000})
    shop.sells(keys["Brooklyn"], WEDNESDAY, {"product": pizza, "gross": 1500, "modifiers": [(cheese, 150)]})
    shop.sells(keys["Brooklyn"], WEDNESDAY, {"product": cola, "gross": 300})
    report = read()
    assert by_product(report)[L].sales.cost_cents == 2 * 300 + 400 + 50
    menu = engineer(report.totals[0])
    assert [(str(item.product), item.margin_cents) for item in menu.rated] == [
        ("Hawaiian L", (4650 - 1050) / Decimal(3))
    ]
    assert [(str(each.product), reason) for each, reason in menu.not_rated] == [("Cola", "no recipe")]


def test_a_recipe_of_a_part_of_the_week_is_not_enough_to_rate(
    shop: Kitchen, keys: Mapping[str, int], read: Read
) -> None:
    pizza = shop.offers("Hawaiian", "L")
    shop.costs(pizza, "400", since=WEDNESDAY)
    for day in (WEDNESDAY - timedelta(days=1), WEDNESDAY):
        shop.sells(keys["Manhattan"], day, {"product": pizza, "gross": 1500})
    assert by_product(read())[L].obstacle == "no recipe"


def test_costs_are_those_of_the_views_that_people_ask(database: Database, connection: psycopg.Connection) -> None:
    """Through the whole warehouse: what was returned to the shelf costs nothing."""
    kitchen = open_chain(connection)
    back = return_order("back", location_id="L-Manhattan")
    for refund in back["refunds"]:
        refund["reason"] = "Unopened"
    kitchen.sold(back)
    connection.commit()
    with database.connect() as reading:
        report = read_report(reading, load_chain(), request_of(load_chain(), datetime(2026, 3, 9, 20, tzinfo=UTC)))
    [(revenue, cost)] = connection.execute(
        "SELECT sum(revenue_cents), sum(cost_cents) FROM reporting.product_sales WHERE business_date = %s", [DAY]
    ).fetchall()
    assert (report.totals[0].total.net_cents, report.totals[0].total.cost_cents) == (revenue, cost)
    assert connection.execute("SELECT count(*) FROM inventory.movement WHERE kind = 'return'").fetchall() > [(0,)]


def test_random_sales_add_up_as_they_were_made_and_as_the_sales_report_has_them(
    shop: Kitchen, chain: Chain, keys: Mapping[str, int], read: Read, database: Database
) -> None:
    random = Random(5)
    products = {
        Product(category, item, size): shop.offers(item, size, category)
        for category, item, size in [
            ("Classic", "Hawaiian", "L"), ("Classic", "Hawaiian", "S"), ("Drinks", "Cola", ""), ("", "Voucher", ""),
        ]
    }  # fmt: skip
    cheese = shop.offers_modifier("Extra cheese")
    monday = WEDNESDAY - timedelta(days=2)
    expected: dict[tuple[str, Product], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    before: dict[Product, int] = defaultdict(int)
    for _ in range(120):
        name, product = random.choice(list(keys)), random.choice(list(products))
        day = monday + timedelta(days=random.randrange(-9, 9))
        gross, discount, extra, units = (random.randrange(limit) for limit in (5000, 300, 200, 4))
        if random.random() < 0.2:
            shop.gives_back(keys[name], day, {"product": products[product], "refund": gross, "tax": extra})
            figures = {"refund_cents": gross, "net_cents": -gross, "tax_cents": -extra}
        else:
            sold: dict[str, Any] = {"product": products[product], "gross": gross, "discount": discount, "tax": extra}
            shop.sells(keys[name], day, sold | {"units": units, "modifiers": [(cheese, extra)]}, tip=77)
            figures = {
                "gross_cents": gross + extra, "modifier_gross_cents": extra, "discount_cents": discount,
                "net_cents": gross + extra - discount, "tax_cents": extra, "sold_quantity": units,
                "modifier_quantity": units,
            }  # fmt: skip
        if monday <= day < monday + WEEK:
            for figure, value in figures.items():
                expected[name, product][figure] += value
        elif monday - WEEK <= day < monday:
            before[product] += figures["net_cents"]

    report = read()
    found = {
        (slice_.name, each.product): each.sales
        for slice_ in report.slices(Level.LOCATION)
        for each in slice_.standings
        if (slice_.name, each.product) in expected
    }
    assert found.keys() == expected.keys()
    for place, figures in expected.items():
        assert {name: getattr(found[place], name) for name in figures} == figures
    befores = {product: each.befores[0] for product, each in by_product(report).items()}
    assert {product: sold.net_cents for product, sold in befores.items() if sold} == dict(before)

    # What a place sold is what those in it sold, and what the sales report says of it.
    (total,) = report.totals
    for level in Level:
        assert sum((slice_.total for slice_ in report.slices(level)), Sales()) == total.total
    with database.connect() as connection:
        sales = sales_reading.read_report(connection, chain, _sales_request(chain))
    (amounts,) = sales.totals.values()
    for name in ("gross_cents", "discount_cents", "refund_cents", "net_cents", "tax_cents"):
        assert getattr(total.total, name) == getattr(amounts, name)
    groups = {(group.name, group.variation_name): group.net_cents for group in sales.groups}
    assert {(p.item_name, p.variation_name): each.sales.net_cents for p, each in by_product(report).items()} == groups


def _sales_request(chain: Chain) -> sales_request.Request:
    return sales_request.Request(
        period=Period.around(PeriodKind.WEEK, WEDNESDAY),
        group_by=sales_request.GroupBy.VARIATION,
        location_names=tuple(location.name for location in chain.locations),
        is_mailed=False,
        run_at=MONDAY,
        started_at=MONDAY,
    )


def test_a_week_that_is_not_over_somewhere_is_waited_for(
    shop: Kitchen, chain: Chain, keys: Mapping[str, int], read: Read
) -> None:
    at_six = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    for name in keys:
        shop.synced(chain.location(name), at_six)
    shop.closes_the_books()
    assert read(markets=["Northeast"], run_after=at_six).totals
    with pytest.raises(NotSyncedYetError, match=r"not over at Chicago Loop until 2026-11-23 03:00 CST"):
        read(run_after=at_six)


def test_a_week_that_square_sync_has_not_brought_is_waited_for(
    shop: Kitchen, chain: Chain, keys: Mapping[str, int], read: Read
) -> None:
    shop.synced(chain.location("Brooklyn"), datetime(2026, 11, 22, 12, tzinfo=UTC))
    with pytest.raises(NotSyncedYetError, match="square_sync has reached 2026-11-22 07:00 EST at Brooklyn"):
        read()
    assert keys
    assert read(period="day", date=str(date(2026, 11, 20))).totals
