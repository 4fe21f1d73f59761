from datetime import date, timedelta
from decimal import Decimal

import pytest

from include.config import Chain, Location
from include.config.period import Period, PeriodKind
from include.sales.report.figures import Amounts
from include.sales.report.reading import CurrencyError, read_report
from include.sales.report.report import Report
from include.sales.report.request import GroupBy, Request
from include.warehouse.progress import NotSyncedYetError
from tests.conftest import Database
from tests.include.sales.report.shop import FRIDAY, LONG_AFTER, Shop


def read(
    database: Database,
    chain: Chain,
    location: str | None = "Manhattan",
    *,
    kind: PeriodKind = PeriodKind.DAY,
    group_by: GroupBy = GroupBy.VARIATION,
) -> Report:
    request = Request(
        period=Period.around(kind, FRIDAY),
        group_by=group_by,
        location_names=tuple(each.name for each in chain.locations),
        is_mailed=True,
        run_at=LONG_AFTER,
        started_at=LONG_AFTER,
    )
    with database.connect() as connection:
        return read_report(connection, chain, request, location_name=location)


def test_totals_of_a_day(shop: Shop, database: Database, chain: Chain, manhattan: Location) -> None:
    here = shop.opens(manhattan)
    pizza, cheese = shop.offers("Hawaiian", "L"), shop.offers_modifier("Extra cheese")
    line = {"product": pizza, "units": 2, "gross": 3000, "discount": 300, "tax": 240, "modifiers": [(cheese, 250)]}
    shop.sells(here, FRIDAY, line, tip=500, service_charge=100)
    shop.sells(here, FRIDAY, {"product": pizza, "gross": 1500, "tax": 133})
    shop.gives_back(here, FRIDAY, {"product": pizza, "refund": 1500, "tax": 133})
    shop.sells(here, FRIDAY + timedelta(days=1), {"product": pizza, "gross": 1500})
    shop.closes_the_books()

    report = read(database, chain)

    assert report.totals["USD"] == Amounts(
        order_count=2, gross_cents=4750, discount_cents=300, refund_cents=1500, net_cents=2950, tax_cents=240,
        service_charge_cents=100, tip_cents=500, total_cents=3790,
    )  # fmt: skip
    assert report.totals["USD"].average_order_cents == 1475


def test_variations_hold_their_modifiers_and_add_up_to_the_totals(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    here = shop.opens(manhattan)
    large, small = shop.offers("Hawaiian", "L"), shop.offers("Hawaiian", "S")
    cheese = shop.offers_modifier("Extra cheese")
    shop.sells(here, FRIDAY, {"product": large, "units": 2, "gross": 3000, "modifiers": [(cheese, 250)]}, tip=500)
    shop.sells(here, FRIDAY, {"product": small, "gross": 1000, "discount": 100})
    shop.gives_back(here, FRIDAY, {"product": large, "refund": 1625})
    shop.closes_the_books()

    report = read(database, chain)

    large_sales, small_sales = report.groups
    assert (large_sales.name, large_sales.variation_name, large_sales.category) == ("Hawaiian", "L", "Classic")
    assert (large_sales.sold_quantity, large_sales.returned_quantity) == (Decimal(2), Decimal(1))
    assert (large_sales.gross_cents, large_sales.modifier_gross_cents) == (3250, 250)
    assert (large_sales.refund_cents, large_sales.net_cents) == (1625, 1625)
    assert small_sales.net_cents == 900
    for name in ("gross_cents", "discount_cents", "refund_cents", "net_cents"):
        assert sum(getattr(group, name) for group in report.groups) == getattr(report.totals["USD"], name)


@pytest.mark.parametrize(
    ("group_by", "names"),
    [
        (GroupBy.ITEM, ["Hawaiian", "Cola", "Not on an item"]),
        (GroupBy.CATEGORY, ["Classic", "Drinks", "No category"]),
        (GroupBy.MODIFIER, ["Deep dish", "Extra cheese"]),
        (GroupBy.LOCATION, []),
    ],
)
def test_sales_are_grouped_as_asked(
    shop: Shop, database: Database, chain: Chain, manhattan: Location, group_by: GroupBy, names: list[str]
) -> None:
    here = shop.opens(manhattan)
    large, small = shop.offers("Hawaiian", "L"), shop.offers("Hawaiian", "S")
    cola = shop.offers("Cola", category="Drinks")
    cheese, deep = shop.offers_modifier("Extra cheese"), shop.offers_modifier("Deep dish")
    shop.sells(here, FRIDAY, {"product": large, "gross": 1500, "modifiers": [(cheese, 125), (deep, 150)]})
    shop.sells(here, FRIDAY, {"product": small, "gross": 1000}, {"product": cola, "gross": 300})
    # Square rounds a return on the order, not on a line.
    shop._fact(99, 0, 0, "order", here, FRIDAY, quantity=0, refund=1)
    shop.closes_the_books()
    assert [group.name for group in read(database, chain, group_by=group_by).groups] == names


def test_modifiers_name_the_items_that_used_them(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    here = shop.opens(manhattan)
    hawaiian, veggie = shop.offers("Hawaiian", "L"), shop.offers("Veggie", "M")
    cheese = shop.offers_modifier("Extra cheese")
    shop.sells(here, FRIDAY, {"product": hawaiian, "units": 3, "gross": 4500, "modifiers": [(cheese, 375)]})
    shop.sells(here, FRIDAY, {"product": veggie, "gross": 1200, "modifiers": [(cheese, 125)]})
    shop.closes_the_books()
    assert [
        (each.modifier_name, each.item_name, each.variation_name, each.sold_quantity, each.gross_cents)
        for each in read(database, chain).modifiers
    ] == [("Extra cheese", "Hawaiian", "L", Decimal(3), 375), ("Extra cheese", "Veggie", "M", Decimal(1), 125)]


def test_refunds_tell_what_came_back_and_why(shop: Shop, database: Database, chain: Chain, manhattan: Location) -> None:
    here = shop.opens(manhattan)
    pizza, cola = shop.offers("Hawaiian", "L"), shop.offers("Cola")
    returned = [{"product": pizza, "refund": 1500, "tax": 133}, {"product": cola, "refund": 600, "units": 2}]
    shop.gives_back(here, FRIDAY, *returned, reason="Arrived cold")
    shop.closes_the_books()
    (refund,) = read(database, chain).refunds
    assert (refund.items, refund.reason) == ("1 x Hawaiian L, 2 x Cola", "Arrived cold")
    assert (refund.refund_cents, refund.total_cents) == (2100, 2233)


def test_a_refund_that_names_no_item_is_an_amount(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    here = shop.opens(manhattan)
    shop.gives_back(here, FRIDAY, {"product": shop.offers("", category=""), "refund": 500})
    shop.closes_the_books()
    report = read(database, chain)
    assert [refund.items for refund in report.refunds] == ["an amount"]
    assert [(group.name, group.net_cents) for group in report.groups] == [("Not on an item", -500)]


def test_a_day_is_compared_with_its_weekday_before_and_with_the_average_of_four(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    here, pizza = shop.opens(manhattan), shop.offers("Hawaiian")
    for weeks_ago, gross in enumerate([1200, 1000, 500, 600, 700]):
        shop.sells(here, FRIDAY - timedelta(weeks=weeks_ago), {"product": pizza, "gross": gross})
    shop.sells(here, FRIDAY - timedelta(days=1), {"product": pizza, "gross": 9900})
    shop.closes_the_books()
    nearest, average = read(database, chain).changes("USD")
    assert (nearest.before.net_cents, nearest.net_cents, nearest.net_ratio) == (1000, 200, Decimal("0.2"))
    assert (average.before.net_cents, average.net_cents) == (700, 500)
    assert average.order_count == 0


def test_the_average_of_a_new_location_is_over_the_days_it_was_open(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    here, pizza = shop.opens(manhattan), shop.offers("Hawaiian")
    shop.sells(here, FRIDAY, {"product": pizza, "gross": 1200})
    shop.sells(here, FRIDAY - timedelta(weeks=1), {"product": pizza, "gross": 1000})
    shop.closes_the_books()
    assert [change.before.net_cents for change in read(database, chain).changes("USD")] == [1000, 1000]


def test_a_first_day_is_compared_with_nothing(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    shop.sells(shop.opens(manhattan), FRIDAY, {"product": shop.offers("Hawaiian"), "gross": 1200})
    shop.closes_the_books()
    assert read(database, chain).changes("USD") == []


def test_a_day_without_sales_is_reported_as_zero(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    shop.opens(manhattan)
    shop.closes_the_books()
    report = read(database, chain)
    assert report.totals == {"USD": Amounts()}
    assert report.totals["USD"].average_order_cents is None


def test_currencies_are_never_added_together(
    shop: Shop, database: Database, chain: Chain, manhattan: Location, tokyo: Location
) -> None:
    pizza = shop.offers("Hawaiian")
    shop.sells(shop.opens(manhattan), FRIDAY, {"product": pizza, "gross": 1200})
    shop.sells(shop.opens(tokyo), FRIDAY, {"product": pizza, "gross": 1800})
    shop.closes_the_books()
    report = read(database, chain, None)
    assert {currency: amounts.net_cents for currency, amounts in report.totals.items()} == {"USD": 1200, "JPY": 1800}
    assert [(group.currency, group.net_cents) for group in report.groups] == [("JPY", 1800), ("USD", 1200)]


def test_a_currency_that_is_not_the_locations_own_stops_the_report(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    line = {"product": shop.offers("Hawaiian"), "gross": 1200, "currency": "EUR"}
    shop.sells(shop.opens(manhattan), FRIDAY, line)
    shop.closes_the_books()
    with pytest.raises(CurrencyError, match=r"Manhattan sold in EUR .* its currency is USD"):
        read(database, chain)


def test_markets_are_the_sums_of_their_locations(
    shop: Shop, database: Database, manhattan: Location, chain: Chain
) -> None:
    brooklyn = manhattan.model_copy(update={"name": "Brooklyn"})
    both = chain.model_copy(update={"locations": (manhattan, brooklyn)})
    pizza = shop.offers("Hawaiian")
    shop.sells(shop.opens(manhattan), FRIDAY, {"product": pizza, "gross": 1200})
    shop.sells(shop.opens(brooklyn), FRIDAY, {"product": pizza, "gross": 800})
    shop.closes_the_books()
    report = read(database, both, None, group_by=GroupBy.MARKET)
    assert report.markets["Northeast", "USD"].net_cents == 2000
    assert report.markets["Northeast", "USD"].order_count == 2


def test_a_month_holds_all_of_its_days(shop: Shop, database: Database, chain: Chain, manhattan: Location) -> None:
    here, pizza = shop.opens(manhattan), shop.offers("Hawaiian")
    for day, gross in [
        (date(2026, 10, 31), 1),
        (date(2026, 11, 1), 20),
        (date(2026, 11, 30), 300),
        (date(2026, 12, 1), 4),
    ]:
        shop.sells(here, day, {"product": pizza, "gross": gross})
    shop.closes_the_books()
    report = read(database, chain, kind=PeriodKind.MONTH)
    assert report.totals["USD"].gross_cents == 320
    assert [change.before.gross_cents for change in report.changes("USD")] == [1]


def test_a_location_that_was_never_synced_is_told(database: Database, chain: Chain) -> None:
    with pytest.raises(NotSyncedYetError, match="square_sync has not brought Manhattan yet"):
        read(database, chain)


def test_orders_that_gold_has_yet_to_take_over_are_told(
    shop: Shop, database: Database, chain: Chain, manhattan: Location
) -> None:
    shop.opens(manhattan)
    shop.waits_for_gold(manhattan, FRIDAY)
    shop.closes_the_books()
    with pytest.raises(NotSyncedYetError, match="gold has yet to take over orders of 2026-11-20"):
        read(database, chain)
