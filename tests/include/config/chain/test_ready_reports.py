"""The demo chain's ready reports: each passes the guard, runs as its role, and says what the orders say."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from include.config import load_chain
from include.config.chain import DEMO_FOLDER
from include.config.reports import load_reports
from include.sql_reports.definitions.standing_orders import OrderDefinition
from include.sql_reports.making.checking import Checking
from tests.include.config.chain.conftest import LAST_DAY, LOCATIONS, NOW, Sale, Shop, ready_reports
from tests.include.warehouse.square_json import Json

READY = ready_reports()
KEYS = sorted(READY)
LAST_MONDAY = LAST_DAY - timedelta(days=6)
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))
MARCH = {"first_day": "2026-03-01", "last_day": "2026-03-15"}
IN_MARCH = (date(2026, 3, 1), LAST_DAY)


def dollars(cents: int | Decimal) -> Decimal:
    return (Decimal(cents) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def by_location(sales: Iterable[Sale]) -> dict[str, list[Sale]]:
    found: dict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        found[sale.location].append(sale)
    return found


def net(sales: Iterable[Sale]) -> Decimal:
    return dollars(sum(sale.net_cents for sale in sales))


def sold(sales: Iterable[Sale]) -> list[Sale]:
    """Those that do more than give back."""
    return [sale for sale in sales if sale.lines]


@pytest.mark.parametrize("key", KEYS)
def test_a_ready_report_runs_with_its_defaults_within_its_rules(shop: Shop, key: str) -> None:
    """As `report_run` does it: guard, role, rules; with every column that its rules and its parts need."""
    report, result = READY[key], shop.run(key)
    names = [column.name for column in result.columns]
    assert result.rows, "the report says nothing, so that this test does not either"
    assert not result.is_cut
    assert report.location_column in (None, *names)
    if report.location_column:
        assert {row[names.index(report.location_column)] for row in result.rows} <= set(LOCATIONS)
    checking = Checking(report.rules, NOW, report.timezone)
    checking.begin(names)
    for row in result.rows:
        checking.row(row)
    broken = {breach.rule for breach in checking.breaches(len(result.rows))}
    assert broken == EXPECTED_BREACHES.get(key, set())


# Two of five calls are missed in this warehouse.
EXPECTED_BREACHES = {"missed_calls_by_department": {"missed_percent at most 25"}}


def test_every_file_of_the_library_is_a_report() -> None:
    statements = sorted(report.sql for report in READY.values())
    assert statements == sorted(file.read_text() for file in (DEMO_FOLDER / "reports").iterdir())
    assert len(statements) >= 14


def test_each_report_says_what_it_is_and_amounts_have_two_places(shop: Shop) -> None:
    for key, report in READY.items():
        assert report.description, key
        assert not [column.name for column in shop.run(key).columns if column.name.endswith("_cents")], key


def test_only_a_few_mails_come_by_themselves() -> None:
    """A day's: profit and loss, and what runs out. Everything else is weekly, monthly, or waits to be asked for."""
    by_themselves = {key: report.cron for key, report in READY.items() if report.cron and report.is_active}
    assert [key for key, cron in by_themselves.items() if cron.endswith("* * *")] == [
        "daily_profit_and_loss",
        "low_stock",
    ]
    assert len(by_themselves) <= 6


def test_recipients_are_the_chains_own() -> None:
    chain = load_chain()
    known = {*chain.operations_recipients, *chain.report_recipients}
    known |= {address for tier in chain.large_orders.defaults.tiers for address in tier.recipients}
    assert {address for report in READY.values() for address in (*report.recipients, report.owner)} <= known


def test_products_sold_are_told_on_monday_at_six_to_each_market_and_the_chain() -> None:
    orders = [OrderDefinition.model_validate(order.values) for order in load_reports().standing_orders]
    assert {order.cron for order in orders} == {"0 6 * * 1"}
    assert {tuple(order.params.get("markets", ())): order.timezone for order in orders} == {
        ("Northeast",): "America/New_York",
        ("Midwest",): "America/Chicago",
        ("Mountain",): "America/Denver",
        ("Pacific",): "America/Los_Angeles",
        (): "America/Los_Angeles",
    }


def test_the_weekly_comparison_has_last_weeks_sales_and_those_of_the_week_before(shop: Shop) -> None:
    last = by_location(shop.between(LAST_MONDAY, LAST_DAY))
    before = by_location(shop.between(LAST_MONDAY - timedelta(days=7), LAST_MONDAY - timedelta(days=1)))
    rows = shop.rows("weekly_comparison_of_locations")
    assert {row["location"]: (row["orders"], row["net_sales"], row["net_sales_week_before"]) for row in rows} == {
        name: (len(sold(last[name])), net(last[name]), net(before[name])) for name in LOCATIONS
    }
    assert [row["sales_rank"] for row in rows] == [1, 2]
    assert rows[0]["change_percent"] == round(100 * (rows[0]["net_sales"] / rows[0]["net_sales_week_before"] - 1), 1)
    assert {row["net_sales_year_before"] for row in rows} == {None}


def test_the_trend_is_of_whole_weeks(shop: Shop) -> None:
    weeks: dict[Any, list[Sale]] = defaultdict(list)
    for sale in shop.sales:
        weeks[sale.day - timedelta(days=sale.day.weekday()), sale.location].append(sale)
    found = {(row["week"], row["location"]): row for row in shop.rows("average_order_trend")}
    assert {key: row["average_order"] for key, row in found.items()} == {
        key: dollars(Decimal(sum(sale.net_cents for sale in sales)) / len(sold(sales))) for key, sales in weeks.items()
    }
    until_saturday = shop.rows("average_order_trend", last_day="2026-03-14")
    assert max(row["week"] for row in until_saturday) == LAST_MONDAY - timedelta(days=7)


def test_an_hour_of_a_weekday_is_the_average_of_the_days_with_sales(shop: Shop) -> None:
    counts = Counter((sale.location, f"{sale.day:%A}", sale.hour) for sale in sold(shop.sales))
    rows = shop.rows("sales_by_hour_and_weekday")
    assert {
        (row["location"], row["weekday"], row["hour"]): row["orders_per_day"] for row in rows if row["orders_per_day"]
    } == {key: (Decimal(count) / 4).quantize(Decimal("0.1"), ROUND_HALF_UP) for key, count in counts.items()}
    assert rows[0]["weekday"] == "Monday"
    night = [row["hour"] for row in rows if row["location"] == "Santa Monica" and row["weekday"] == "Friday"]
    assert night == sorted(night, key=lambda hour: (hour - 4) % 24), "the hours after midnight come last"


def test_modifiers_are_counted_and_what_they_bring_in(shop: Shop) -> None:
    quantities: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for sale in shop.between(*IN_MARCH):
        for each in sale.lines:
            for modifier in each.get("modifiers", []):
                quantities[modifier["name"]] += int(each["quantity"]) * int(modifier.get("quantity", "1"))
                cents[modifier["name"]] += modifier["total_price_money"]["amount"]
    found = {row["modifier"]: row for row in shop.rows("top_modifiers", **MARCH)}
    assert {name: (row["quantity"], row["gross_sales"]) for name, row in found.items()} == {
        name: (quantities[name], dollars(cents[name])) for name in quantities
    }
    assert len(shop.rows("top_modifiers", most_rows=3)) == 3


def test_discounts_are_counted_by_order(shop: Shop) -> None:
    given: dict[Any, list[int]] = defaultdict(list)
    for sale in shop.between(*IN_MARCH):
        for discount in sale.body.get("discounts", []):
            given[sale.location, discount["name"]].append(discount["applied_money"]["amount"])
    rows = shop.rows("discounts", **MARCH)
    assert {(row["location"], row["discount"]): (row["orders"], row["given_away"]) for row in rows} == {
        key: (len(amounts), dollars(sum(amounts))) for key, amounts in given.items()
    }


def test_payments_are_those_of_the_day_with_their_tips(shop: Shop) -> None:
    paid: dict[Any, list[Json]] = defaultdict(list)
    for sale in shop.between(*IN_MARCH):
        for tender in sale.body.get("tenders", []):
            paid[sale.day, sale.location, tender["type"]].append(tender)
    rows = shop.rows("payments_and_tips", **MARCH)
    assert {
        (row["day"], row["location"], row["payment"]): (row["payments"], row["paid"], row["tips_in_it"]) for row in rows
    } == {
        key: (
            len(tenders),
            dollars(sum(each["amount_money"]["amount"] for each in tenders)),
            dollars(sum(each["tip_money"]["amount"] for each in tenders)),
        )
        for key, tenders in paid.items()
    }


def test_refunds_are_told_by_reason_and_by_product(shop: Shop) -> None:
    reasons: dict[Any, list[int]] = defaultdict(list)
    for sale in shop.between(*IN_MARCH):
        for refund in sale.body.get("refunds", []):
            reasons[sale.location, refund["reason"]].append(refund["amount_money"]["amount"])
    rows = shop.rows("refunds_by_reason", **MARCH)
    assert {(row["location"], row["reason"]): (row["refunds"], row["refunded_with_tax"]) for row in rows} == {
        key: (len(amounts), dollars(sum(amounts))) for key, amounts in reasons.items()
    }
    products = {row["item"]: row for row in shop.rows("refunded_products", **MARCH)}
    assert (products["Margherita"]["reason"], products["Margherita"]["refunded_without_tax"]) == ("Cold", 10)
    assert sum(row["refunded_without_tax"] for row in products.values()) == dollars(
        sum(sale.refund_cents for sale in shop.between(*IN_MARCH))
    )


def test_a_customer_is_new_once(shop: Shop) -> None:
    first: dict[str, Sale] = {}
    for sale in sorted(shop.sales, key=lambda sale: sale.at):
        if customer := sale.body.get("customer_id"):
            first.setdefault(customer, sale)
    kinds: Counter[Any] = Counter()
    for sale in sold(shop.sales):
        customer = sale.body.get("customer_id")
        kind = "not known" if customer is None else "new" if first[customer] is sale else "returning"
        kinds[sale.day - timedelta(days=sale.day.weekday()), kind] += 1
    rows = shop.rows("new_and_returning_customers")
    assert {(row["week"], row["customers"]): row["orders"] for row in rows} == dict(kinds)
    assert sum(row["net_sales"] for row in rows) == net(shop.sales)


def test_tax_is_what_the_orders_state(shop: Shop) -> None:
    months: Counter[Any] = Counter()
    for sale in shop.sales:
        returned = sale.body.get("return_amounts", {}).get("tax_money", {}).get("amount", 0)
        months[sale.day.replace(day=1), sale.location] += sale.body["total_tax_money"]["amount"] - returned
    rows = shop.rows("sales_tax", first_day="2026-02-01", last_day="2026-03-31")
    assert {(row["month"], row["location"]): row["tax"] for row in rows} == {
        key: dollars(cents) for key, cents in months.items()
    }


def test_what_nobody_bought_since_a_day_is_told_with_the_day_of_its_last_sale(shop: Shop) -> None:
    last: dict[str, date] = {}
    for sale in shop.sales:
        for each in sale.lines:
            variation = each.get("catalog_object_id", "").removeprefix(sale.body["location_id"] + "-")
            last[f"{sale.location}/{variation}"] = max(sale.day, last.get(f"{sale.location}/{variation}", sale.day))
    since = LAST_MONDAY
    skus = [variation.sku for item in load_chain().products.items for variation in item.variations]
    expected = Counter(
        (sku, last.get(f"{name}/{sku}"))
        for name in LOCATIONS
        for sku in skus
        if last.get(f"{name}/{sku}", date.min) < since
    )
    rows = shop.rows("unsold_products", since=str(since))
    # Simulated locations have a catalog of their own each.
    assert Counter((row["sku"], row["last_sold"]) for row in rows) == expected


def test_profit_is_what_is_left_of_net_sales(shop: Shop) -> None:
    rows = {row["location"]: row for row in shop.rows("daily_profit_and_loss", **MARCH)}
    march = by_location(shop.between(*IN_MARCH))
    assert {name: row["net_sales"] for name, row in rows.items()} == {name: net(march[name]) for name in LOCATIONS}
    for row in rows.values():
        assert 0 < row["cost_of_goods"] < row["net_sales"]
        left = row["net_sales"] - row["cost_of_goods"] - row["waste"] - row["missing_when_counted"]
        assert abs(row["gross_profit"] - left) <= Decimal("0.02")
    assert (rows["Manhattan"]["waste"] > 0, rows["Santa Monica"]["waste"]) == (True, 0)


def test_waste_names_its_reason_and_costs_what_the_day_lost(shop: Shop) -> None:
    [row] = shop.rows("waste_cost")
    assert (row["location"], row["ingredient"], row["reason"], row["quantity"]) == (
        "Manhattan", "Mozzarella", "dropped", Decimal("0.5"),
    )  # fmt: skip
    [day] = [row for row in shop.rows("daily_profit_and_loss") if row["location"] == "Manhattan"]
    assert row["cost"] == day["waste"] > 0


def test_margins_are_of_items_with_their_modifiers_and_of_the_locations_asked_for(shop: Shop) -> None:
    rows = shop.rows("product_margins", **MARCH)
    # What the simulation gives back is on no item.
    amounts_cents = sum(sale.refund_cents for sale in shop.between(*IN_MARCH)) - 1000
    assert sum(row["net_sales"] for row in rows) == net(shop.between(*IN_MARCH)) + dollars(amounts_cents)
    [unknown] = [row for row in rows if row["item"] == "Margherita"]
    assert (unknown["sold"], unknown["cost_of_goods"], unknown["margin_percent"]) == (3, None, None)
    here = shop.rows("product_margins", **MARCH, locations=["Manhattan"])
    assert sum(row["sold"] for row in here) < sum(row["sold"] for row in rows)


def test_what_runs_out_is_told_with_its_days(shop: Shop) -> None:
    rows = shop.rows("low_stock")
    assert {row["ingredient"] for row in rows} == {"Mozzarella", "Mushrooms"}
    for row in rows:
        assert row["days_left"] == (max(round(row["on_hand"] / row["used_per_day"], 1), 0)) < 3
    assert len(shop.rows("low_stock", days_left="1000000")) == len(LOCATIONS) * 3


def test_missed_calls_are_those_that_count(shop: Shop) -> None:
    [row] = shop.rows("missed_calls_by_department")
    assert (row["location"], row["department"]) == ("Manhattan", "Front desk")
    assert (row["calls"], row["answered"], row["missed_in_opening_hours"], row["missed_while_closed"]) == (6, 3, 2, 1)
    assert (row["missed_percent"], row["seconds_until_given_up"]) == (40, 10)


def test_a_large_order_says_how_soon_it_was_told(shop: Shop) -> None:
    [row] = shop.rows("large_online_orders")
    assert (row["order_number"], row["order_total"], row["seconds_until_told"]) == ("s-1", 600, 60)
    assert shop.rows("large_online_orders", kind="cancelled") == []


def test_a_late_delivery_is_told(shop: Shop) -> None:
    [row] = shop.rows("deliveries_awaited")
    assert (row["ingredient"], row["still_to_come"], row["days_late"], row["order_cost"]) == ("Mozzarella", 20, 2, 90)


def test_the_price_for_a_margin_makes_it(shop: Shop) -> None:
    for row in shop.rows("price_check", least_margin_percent="65"):
        assert row["margin_percent"] < 65
        assert (1 - row["cost"] / row["price_for_margin"]) * 100 >= Decimal("64.9")
