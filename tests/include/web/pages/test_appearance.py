"""Every page in both widths and both themes: fits, reads well, and is fit for screen readers (axe)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from include.customers.deliveries.taking_in import take_in
from include.warehouse.connection import connect
from tests.include.web.conftest import Web
from tests.include.web.pages.conftest import Open
from tests.include.web.pages.filling import fill
from tests.include.web.partner import asked_about, newest_day, partner, send, taken_in

DAY = newest_day()
AXE = Path(__file__).parent / "axe" / "axe.min.js"
# Where to put pictures of the pages, to look at them.
SHOTS = os.environ.get("SCREENSHOTS")
ALL = """{
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
    preload: false,
}"""
COLOURS = "{ runOnly: { type: 'rule', values: ['color-contrast', 'target-size'] }, preload: false }"


def places(made: dict[str, int], message_id: str) -> dict[str, str]:
    """One for each template."""
    return {
        "reports": "/reports",
        "report": f"/reports/{made['report']}",
        "report-run": f"/reports/{made['report']}/run",
        "report-edit": f"/reports/{made['report']}/edit",
        "runs": "/runs",
        "run-done": f"/runs/{made['done']}",
        "run-failed": f"/runs/{made['failed']}",
        "run-withheld": f"/runs/{made['withheld']}",
        "requests": "/requests",
        "products-sold": "/requests/products-sold",
        "standing-orders": "/standing-orders",
        "standing-order": f"/standing-orders/{made['order']}",
        "messages": "/messages",
        "message": f"/messages/{message_id}",
        "partner": "/partner",
        "partner-day": f"/partner/{DAY}",
        "partner-approved": f"/partner/{DAY - timedelta(days=2)}",
        "partner-file": f"/partner/files/{made['file_with_mistakes']}",
        "missing": "/reports/999999",
    }


# In the other theme only colours differ, and these pages have all of them.
COLOURFUL = {
    "reports",
    "report-edit",
    "run-done",
    "run-failed",
    "run-withheld",
    "products-sold",
    "messages",
    "partner",
    "partner-day",
}


def fill_partner(web: Web) -> dict[str, int]:
    """A day that waits for approval, with mistakes, and one that has come; between them one that nothing came for."""
    taken_in(web, DAY - timedelta(days=2))
    earlier = asked_about(web, DAY - timedelta(days=2))
    web.login("user").post(f"/customer-reports/{earlier.edition_id}/approve", json={"note": "As ever."})
    taken_in(web, DAY, quality="with_mistakes")
    asked_about(web, DAY)
    send(web, "customers", DAY, b"\x00")
    take_in(connect, partner())
    with web.database.connect() as connection:
        [(file_id,)] = connection.execute("SELECT min(file_id) FROM partner.file_problem").fetchall()
    return {"file_with_mistakes": file_id}


def faults(page: Page, rules: str) -> list[dict[str, Any]]:
    page.evaluate(AXE.read_text())
    violations: list[dict[str, Any]] = page.evaluate(f"async () => (await axe.run(document, {rules})).violations")
    return [
        {"rule": each["id"], "where": [node["target"] for node in each["nodes"]][:3], "help": each["help"]}
        for each in violations
    ]


@pytest.mark.parametrize("is_narrow_and_dark", [False, True], ids=["desk, light", "telephone, dark"])
def test_every_page_fits_and_is_accessible(web: Web, open_as: Open, is_narrow_and_dark: bool) -> None:
    found = {}
    page = open_as("op", "/requests", narrow=is_narrow_and_dark, dark=is_narrow_and_dark)
    made = fill(web) | fill_partner(web)
    with web.database.connect() as connection:
        [(message_id,)] = connection.execute("SELECT message_id FROM outbox.message WHERE state = 'dead'").fetchall()
    for name, path in places(made, message_id).items():
        shown = page.goto(web.pages + path)
        assert shown
        wrong: list[dict[str, Any]] = []
        if shown.status != (404 if name == "missing" else 200):
            wrong.append({"rule": "is shown", "where": shown.status})
        if not is_narrow_and_dark:
            wrong += faults(page, ALL)
        elif name in COLOURFUL:
            wrong += faults(page, COLOURS)
        if beyond := page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            wrong.append({"rule": "fits", "where": f"{beyond} px beyond the screen"})
        if wrong:
            found[name] = wrong
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{'dark' if is_narrow_and_dark else 'light'}.png", full_page=True)
    assert found == {}


def test_nothing_yet_says_what_to_do(web: Web, open_as: Open) -> None:
    page = open_as("op", "/reports")
    page.get_by_role("link", name="Make the first report").wait_for()
    page.goto(f"{web.pages}/runs")
    page.get_by_text("Nothing has run yet").wait_for()
    page.goto(f"{web.pages}/messages")
    page.get_by_text("No mail has been written yet").wait_for()
    page.goto(f"{web.pages}/standing-orders")
    page.get_by_text("Nothing is ordered yet").wait_for()


def test_the_theme_is_airflows_once_one_was_chosen_there(open_as: Open) -> None:
    page = open_as("viewer", "/reports")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.reload()
    assert page.evaluate(background) != light
    page.evaluate("localStorage.setItem('theme', 'light')")
    page.reload()
    assert page.evaluate(background) == light
