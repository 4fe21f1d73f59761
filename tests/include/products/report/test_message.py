"""The mail: what it says of a week with sales, of one without, and of two currencies."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from include.config import Chain, Location
from include.mail.render import Rendered
from include.products.report.message import compose, digest, subject
from include.products.report.report import Report
from tests.include.products.report.conftest import MONDAY, WEDNESDAY, Kitchen, Read
from tests.include.sales.report.shop import chain_of

WEEK = timedelta(weeks=1)


def mail_of(report: Report) -> Rendered:
    return compose(report, sheet_url="https://sheets.example/7", filename=None, corrects_at=None)


def test_it_tells_the_best_the_movers_and_what_the_menu_earns(
    shop: Kitchen, keys: Mapping[str, int], read: Read
) -> None:
    hawaiian, veggie, cola = shop.offers("Hawaiian", "L"), shop.offers("Veggie <b>", "M"), shop.offers("Cola")
    shop.costs(hawaiian, "400")
    shop.costs(veggie, "300")
    for name in ("Manhattan", "Chicago Loop"):
        shop.sells(keys[name], WEDNESDAY, {"product": hawaiian, "gross": 2000}, {"product": veggie, "gross": 1000})
        shop.sells(
            keys[name], WEDNESDAY - WEEK, {"product": hawaiian, "gross": 500}, {"product": veggie, "gross": 2500}
        )
    shop.sells(keys["Brooklyn"], WEDNESDAY, {"product": cola, "gross": 300})
    report = read()
    mail = mail_of(report)
    assert "1. Hawaiian L: 2, $40.00 (up 1)" in mail.text
    assert "Veggie <b> M: rank 1 to 2" in mail.text
    assert "Midwest: $30.00, 0% against the week before" in mail.text
    assert "Northeast: $33.00, +10% against the week before" in mail.text
    assert "Stars: 1 (Hawaiian L)" in mail.text
    assert "1 not rated: their cost is not known" in mail.html
    assert "Veggie &lt;b&gt;" in mail.html
    assert "https://sheets.example/7" in mail.html
    assert subject(report, is_correction=True) == (
        "Corrected: Products sold, Four Corners, week 47, Nov 16 to Nov 22, 2026: $63.00 (+5%)"
    )


def test_one_market_is_told_by_its_locations(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    for name in ("Manhattan", "Brooklyn"):
        shop.sells(keys[name], WEDNESDAY, {"product": shop.offers("Cola " + name), "gross": 300})
    text = mail_of(read(markets=["Northeast"])).text
    assert "Locations:\n  Manhattan: $3.00\n  Brooklyn: $3.00" in text


@pytest.mark.usefixtures("keys")
def test_a_week_in_which_nothing_was_sold_says_so(read: Read) -> None:
    report = read()
    assert "Nothing was sold." in mail_of(report).text
    assert subject(report, is_correction=False).endswith(": $0.00")


def test_each_currency_has_a_part_of_its_own(
    shop: Kitchen, chain: Chain, tokyo: Location, keys: Mapping[str, int], read: Read
) -> None:
    pizza = shop.offers("Hawaiian", "L")
    shop.sells(keys["Manhattan"], WEDNESDAY, {"product": pizza, "gross": 1200})
    shop.sells(shop.opens(tokyo), WEDNESDAY, {"product": pizza, "gross": 1800})
    report = read(chain_of(*chain.locations, tokyo))
    mail = mail_of(report)
    assert "Net sales: $12.00" in mail.text
    assert "Net sales: ¥1,800" in mail.text
    assert "Net sales in JPY" in mail.html
    assert subject(report, is_correction=False).endswith(": $12.00, ¥1,800")


def test_the_digest_is_that_of_the_period_alone(shop: Kitchen, keys: Mapping[str, int], read: Read) -> None:
    pizza = shop.offers("Hawaiian", "L")
    shop.sells(keys["Manhattan"], WEDNESDAY, {"product": pizza, "gross": 1200})
    first = digest(read())
    shop.sells(keys["Manhattan"], WEDNESDAY - WEEK, {"product": pizza, "gross": 500})
    assert digest(read(run_after=MONDAY + WEEK, date="2026-11-25")) == first
    shop.sells(keys["Brooklyn"], WEDNESDAY, {"product": pizza, "gross": 1})
    assert digest(read()) != first
