"""Writing a SQL report in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.include.web.conftest import Web
from tests.include.web.pages.conftest import Open
from tests.include.web.pages.filling import DAYS, make_report


def write(page: Page, sql: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(sql)


def test_a_report_is_written_tried_saved_and_asked_for(web: Web, open_as: Open) -> None:
    page = open_as("op", "/reports/new")
    page.get_by_label("Name", exact=True).fill("Days from")
    write(page, f"{DAYS}WHERE day >= :since")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Line 3, column 14").click()
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    expect(page.locator("#status")).to_have_text("It cannot run like this")

    page.get_by_role("button", name="Add a parameter").click()
    page.get_by_label("Name in the SQL").fill("since")
    page.get_by_label("Kind").select_option("date")
    page.get_by_label("Unless said otherwise").fill("start of this year")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("50 rows, cut: there are more")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_text(["day", "weekday"])
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)

    page.get_by_label("Schedule", exact=True).fill("0 6 * * 1")
    expect(page.locator("#schedule")).to_contain_text("At 06:00 on Monday (New York time)")
    expect(page.locator("#schedule li")).to_have_count(5)
    page.get_by_label("Owner").fill("nobody")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="It is not saved")).to_be_focused()
    page.get_by_role("link", name="Owner").click()
    expect(page.get_by_label("Owner")).to_be_focused()
    page.get_by_label("Owner").fill("ana@example.com")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The report is saved").wait_for()
    assert page.locator("pre").inner_text() == f"{DAYS}WHERE day >= :since"

    page.get_by_role("link", name="Run…").click()
    page.get_by_label("since").fill("some day")
    page.get_by_role("button", name="Run it").click()
    expect(page.locator("[id='parameter.since-error']")).to_contain_text("is no day")
    page.get_by_label("since").fill("2026-12-01")
    page.get_by_role("button", name="Run it").click()
    page.get_by_text("Waiting for Airflow to start it").wait_for()
    with web.database.connect() as connection:
        [(conf,)] = connection.execute("SELECT conf FROM reports.report_run").fetchall()
    assert conf["parameters"] == {"since": "2026-12-01"}


def test_rows_come_and_go_and_the_focus_stays_near(open_as: Open) -> None:
    page = open_as("op", "/reports/new")
    for _ in range(2):
        page.get_by_role("button", name="Add a rule").click()
    rules = page.locator("#rules fieldset")
    expect(rules).to_have_count(2)
    expect(rules.first.get_by_label("Column")).to_be_hidden()
    rules.first.get_by_label("What must hold").select_option("range")
    expect(rules.first.get_by_label("Column")).to_be_visible()
    rules.first.get_by_role("button", name="Remove").click()
    expect(rules.first.get_by_label("What must hold")).to_be_focused()
    rules.first.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Add a rule")).to_be_focused()


def test_what_can_be_asked_is_searched_and_proposed(open_as: Open) -> None:
    page = open_as("op", "/reports/new")
    page.get_by_label("Search views and columns").fill("tip")
    expect(page.locator("#schema-list details").first).to_have_attribute("open", "")
    page.locator("#schema-list dt button").first.click()
    expect(page.locator(".cm-content")).to_be_focused()
    write(page, "SELECT * FROM daily_sales WHERE ")
    page.keyboard.type("net_c", delay=30)
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("net_cents")
    # Proposals stand in nobody's way: Escape closes them, and Tab leaves the editor.
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check")).to_be_focused()


def test_two_people_at_one_report_lose_nothing(web: Web, open_as: Open) -> None:
    with web.database.connect() as connection:
        report_id = make_report(connection)
    ours = open_as("op", f"/reports/{report_id}/edit")
    theirs = open_as("admin", f"/reports/{report_id}/edit")
    theirs.get_by_label("Description").fill("Theirs")
    theirs.get_by_role("button", name="Save").click()
    theirs.get_by_text("The change is saved").wait_for()

    ours.get_by_label("Description").fill("Ours")
    ours.get_by_role("button", name="Save").click()
    ours.get_by_role("heading", name="admin has changed this report meanwhile").wait_for()
    expect(ours.get_by_label("Description")).to_have_value("Ours")
    expect(ours.get_by_role("alert").first).to_contain_text("Different from yours are: description")
    ours.get_by_role("button", name="Save over theirs").click()
    ours.get_by_text("The change is saved").wait_for()
    expect(ours.get_by_text(re.compile("op updated it: description"))).to_be_visible()

    ours.get_by_role("button", name="Delete").click()
    expect(ours.get_by_role("button", name="Keep it")).to_be_focused()
    ours.keyboard.press("Escape")
    expect(ours.get_by_role("dialog")).to_be_hidden()
    ours.get_by_role("button", name="Delete").click()
    ours.get_by_role("button", name="Delete it").click()
    ours.get_by_text("The report is deleted").wait_for()


def test_without_scripts_the_sql_is_a_plain_field_and_saving_works(web: Web, open_as: Open) -> None:
    page = open_as("op", "/reports/new", scripts=False)
    page.get_by_label("Name", exact=True).fill("Plain")
    page.get_by_role("textbox", name="SQL").fill("SELECT 1 AS one")
    page.get_by_label("Owner").fill("ana@example.com")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The report is saved").wait_for()
    with web.database.connect() as connection:
        assert connection.execute("SELECT sql FROM reports.report").fetchall() == [("SELECT 1 AS one",)]
