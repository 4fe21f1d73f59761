from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from include.config.period import Period, PeriodKind
from include.sales.report.figures import Amounts, GroupSales, LocationAmounts
from include.sales.report.report import Before, Report
from include.sales.report.request import GroupBy
from include.sales.report.table import HEADINGS, digest, major, table
from tests.include.sales.report.shop import FRIDAY

AMOUNTS = Amounts(
    order_count=2, gross_cents=4750, discount_cents=300, refund_cents=1500, net_cents=2950, tax_cents=240,
    service_charge_cents=100, tip_cents=500, total_cents=3790,
)  # fmt: skip
PIZZA = GroupSales(
    name="Hawaiian", variation_name="L", category="Classic", currency="USD", sold_quantity=Decimal(3),
    returned_quantity=Decimal(1), order_count=2, gross_cents=4750, modifier_gross_cents=250, discount_cents=300,
    refund_cents=1500, net_cents=2950,
)  # fmt: skip
REPORT = Report(
    title="Manhattan",
    is_chain=False,
    period=Period.around(PeriodKind.DAY, FRIDAY),
    group_by=GroupBy.VARIATION,
    timezone="America/New_York",
    open_until_at=None,
    locations=(LocationAmounts(1, "Manhattan", "Northeast", "USD", AMOUNTS),),
    befores=(Before("Friday a week earlier", {1: replace(AMOUNTS, net_cents=2000)}),),
    groups=(PIZZA,),
    modifiers=(),
    refunds=(),
)


def lines(report: Report) -> list[dict[str, Any]]:
    return [
        {heading: cell for heading, cell in zip(HEADINGS, row, strict=True) if cell is not None}
        for row in table(report)
    ]


def test_a_location_has_a_total_its_groups_and_what_it_is_compared_with() -> None:
    total, item, comparison = lines(REPORT)
    assert total == {
        "Section": "Total", "From": "2026-11-20", "To": "2026-11-20", "Market": "Northeast", "Location": "Manhattan",
        "Orders": 2, "Gross sales": Decimal("47.50"), "Discounts": Decimal("3.00"), "Refunds": Decimal("15.00"),
        "Net sales": Decimal("29.50"), "Tax": Decimal("2.40"), "Service charges": Decimal("1.00"),
        "Tips": Decimal("5.00"), "Total": Decimal("37.90"), "Average order": Decimal("14.75"), "Currency": "USD",
    }  # fmt: skip
    assert item["Section"] == "Variation"
    assert (item["Item"], item["Variation"], item["Category"]) == ("Hawaiian", "L", "Classic")
    assert (item["Units"], item["Returned units"], item["of which modifiers"]) == (3, 1, Decimal("2.50"))
    assert (comparison["Section"], comparison["Note"]) == ("Comparison", "Friday a week earlier")


@pytest.mark.parametrize(
    ("group_by", "column"), [(GroupBy.ITEM, "Item"), (GroupBy.CATEGORY, "Category"), (GroupBy.MODIFIER, "Modifier")]
)
def test_a_groups_name_stands_in_its_own_column(group_by: GroupBy, column: str) -> None:
    line = lines(replace(REPORT, group_by=group_by))[1]
    assert line[column] == "Hawaiian"
    assert line["Section"] == group_by.capitalize()


def test_the_chain_has_a_total_for_each_currency() -> None:
    yen = LocationAmounts(2, "Tokyo", "Kanto", "JPY", replace(AMOUNTS, net_cents=1800))
    chain = replace(REPORT, is_chain=True, title="Four Corners", locations=(*REPORT.locations, yen), befores=())
    totals = [line for line in lines(chain) if line["Section"] == "Total"]
    assert [(line["Currency"], line["Net sales"]) for line in totals] == [
        ("USD", Decimal("29.50")),
        ("JPY", Decimal(1800)),
    ]


def test_yen_have_no_minor_units() -> None:
    assert str(major(1800, "JPY")) == "1800"
    assert str(major(-5, "USD")) == "-0.05"


def test_the_digest_names_the_periods_own_figures() -> None:
    assert digest(REPORT) == digest(replace(REPORT, befores=()))
    assert digest(REPORT) != digest(replace(REPORT, groups=(replace(PIZZA, sold_quantity=Decimal(4)),)))
