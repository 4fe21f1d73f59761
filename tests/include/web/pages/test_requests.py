"""Asking for the chain's own reports, once or regularly, and the mails."""

from playwright.sync_api import expect

from include.config import load_chain
from tests.include.web.conftest import Web
from tests.include.web.pages.conftest import Open
from tests.include.web.pages.filling import fill


def test_products_sold_is_asked_for_with_what_the_chain_has(web: Web, open_as: Open) -> None:
    page = open_as("user", "/requests")
    page.get_by_role("link", name="Ask for products sold").click()
    markets = page.get_by_role("group", name="Markets")
    names = list(dict.fromkeys(location.market for location in load_chain().locations))
    expect(markets.get_by_role("checkbox")).to_have_count(len(names))
    page.get_by_label("Period").select_option("last month")
    for market in names[:2]:
        markets.get_by_label(market).check()
    page.get_by_role("group", name="Locations").get_by_label(load_chain().locations[-1].name).check()
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("alert").first).to_contain_text("no location is in all of these at once")
    page.get_by_role("group", name="Locations").get_by_label(load_chain().locations[-1].name).uncheck()
    page.get_by_role("button", name="Make the report").click()
    page.get_by_text("Waiting for Airflow to start it").wait_for()
    with web.database.connect() as connection:
        [(conf, asked_by)] = connection.execute("SELECT conf, asked_by FROM reports.report_run").fetchall()
    assert (conf["period"], conf["markets"], asked_by) == ("last month", names[:2], "user")

    page.get_by_role("link", name="Ask again").click()
    expect(page.get_by_label("Period")).to_have_value("last month")
    expect(page.get_by_role("group", name="Markets").get_by_label(names[0])).to_be_checked()


def test_a_standing_order_is_changed_and_run(web: Web, open_as: Open) -> None:
    made = fill(web)
    page = open_as("op", f"/standing-orders/{made['order']}")
    page.get_by_label("Schedule", exact=True).fill("0 7 * *")
    expect(page.locator("#schedule")).to_contain_text("is no schedule")
    page.get_by_label("Schedule", exact=True).fill("0 7 * * 2")
    expect(page.locator("#schedule")).to_contain_text("At 07:00 on Tuesday (Los Angeles time)")
    page.get_by_role("group", name="Markets").get_by_label("Midwest").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The standing order is saved").wait_for()
    expect(page.get_by_role("row").nth(1)).to_contain_text("last week, Midwest, Pacific")
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("heading", name="Products sold last week, Pacific").wait_for()


def test_a_mail_is_shown_without_being_trusted(web: Web, open_as: Open) -> None:
    fill(web)
    page = open_as("op", "/messages")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.get_by_label("State").select_option("dead")
    page.get_by_role("link", name="Restock <now>").click()
    page.get_by_text("550 5.1.1 no such user").wait_for()
    mail = page.frame_locator("iframe")
    assert mail.locator("p").evaluate("each => getComputedStyle(each).color") == "rgb(0, 128, 0)"
    assert mail.locator("p").evaluate("() => window.origin") == "null"
    page.get_by_role("button", name="Send it now").click()
    page.get_by_text("The mail is due now").wait_for()
    with web.database.connect() as connection:
        states = connection.execute("SELECT state FROM outbox.message WHERE subject LIKE 'Restock%'").fetchall()
    assert states == [("new",)]
