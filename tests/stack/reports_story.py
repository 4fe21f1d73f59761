"""Reports through the running stack: one that runs by itself, defined with curl's means, and one that a manager asks
for in the browser, inside Airflow.

Told by test_make_run.
"""

import csv
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from tests.stack.test_make_run import Stack

API = "/storekeeper/api"
SCHEDULED_WITHIN_SECONDS = 60
MADE_WITHIN_SECONDS = 60
NAME = "Orders by location"
SQL = """
SELECT location_name, sum(order_count) AS order_count
FROM reporting.daily_sales
WHERE business_date >= :since
GROUP BY location_name
ORDER BY location_name
"""


@contextmanager
def api(stack: "Stack", login: str) -> Iterator[httpx.Client]:
    """Logged in with a token, as a program does it."""
    credentials = {"username": login, "password": stack.home.secrets()[f"{login}_password"]}
    with httpx.Client(base_url=stack.ports.airflow_url, timeout=30) as client:
        token = client.post("/auth/token", json=credentials).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def a_report_with_a_schedule_is_defined(stack: "Stack") -> int:
    """Every minute; returns its id."""
    for dag_id in ("report_run", "report_dispatch"):
        stack.airflow.wait_for_dag(dag_id)
        stack.airflow.unpause(dag_id)
    definition = {
        "name": NAME,
        "sql": SQL,
        "parameters": [{"name": "since", "type": "date", "default": "30 days ago"}],
        "cron": "* * * * *",
        "timezone": "America/New_York",
        "formats": ["csv", "xlsx"],
        "recipients": ["owner@example.com"],
        "owner": "operations@example.com",
    }
    with api(stack, "manager") as manager:
        assert manager.post(f"{API}/reports", json=definition).status_code == httpx.codes.FORBIDDEN
    with api(stack, "operator") as operator:
        created = operator.post(f"{API}/reports", json=definition)
        assert created.status_code == httpx.codes.CREATED, created.text
        return int(created.json()["report_id"])


def it_has_run_by_itself(stack: "Stack", report_id: int) -> None:
    """Within a minute of its time, with a mail, its row count and its file."""
    with api(stack, "manager") as manager:
        run = ended_run(manager, report_id)
        assert run["state"] == "success", run
        assert run["asked_by"] == "schedule"
        assert datetime.fromisoformat(run["finished_at"]) - datetime.fromisoformat(run["due_at"]) < timedelta(
            seconds=SCHEDULED_WITHIN_SECONDS
        )
        content = manager.get(f"{API}/runs/{run['run_id']}/download", params={"format": "csv"}).raise_for_status()
        rows = list(csv.DictReader(io.StringIO(content.content.decode("utf-8-sig"))))
        assert len(rows) == run["row_count"]
    deadline = time.monotonic() + SCHEDULED_WITHIN_SECONDS
    while not any(NAME in mail["subject"] for mail in stack.outside_world("mails")):
        assert time.monotonic() < deadline, "no mail with the report came"
        time.sleep(0.5)
    with api(stack, "operator") as operator:
        tag = operator.get(f"{API}/reports/{report_id}").raise_for_status().headers["ETag"]
        operator.delete(f"{API}/reports/{report_id}", headers={"If-Match": tag}).raise_for_status()


def ended_run(client: httpx.Client, report_id: int) -> dict[str, Any]:
    """The oldest run of a report that has ended, waiting for one."""
    deadline = time.monotonic() + 60 + SCHEDULED_WITHIN_SECONDS
    while True:
        runs = client.get(f"{API}/reports/{report_id}/runs").raise_for_status().json()["items"]
        ended: list[dict[str, Any]] = [run for run in runs if run["state"] not in ("queued", "running")]
        if ended:
            return ended[-1]
        assert time.monotonic() < deadline, f"no run has ended: {runs}"
        time.sleep(0.5)


def a_manager_asks_for_products_sold_in_airflow(stack: "Stack", day: str) -> None:
    """From Airflow's navigation to the sheet, the mail and the file."""
    stack.airflow.wait_for_dag("products_sold_report")
    stack.airflow.unpause("products_sold_report")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        page.goto(stack.ports.airflow_url)
        page.fill("input[name=username]", "manager")
        page.fill("input[name=password]", stack.home.secrets()["manager_password"])
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Reports", exact=True).click()
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="Ask for a report").click()
        frame.get_by_role("link", name="Ask for products sold").click()
        frame.get_by_label("Period").select_option("day")
        frame.get_by_label("Date").fill(day)
        frame.get_by_label("Northeast").check()
        frame.get_by_label("Pacific").check()
        frame.get_by_label("Recipients").fill("manager@example.com")
        frame.get_by_role("button", name="Make the report").click()
        sheet = frame.get_by_role("link", name="Google Sheet")
        expect(sheet).to_be_visible(timeout=MADE_WITHIN_SECONDS * 1000)
        with page.expect_download() as download:
            frame.get_by_role("link", name=".xlsx").click()
        assert download.value.path().read_bytes().startswith(b"PK")
        # Out of Airflow's frame, which lets no new page be opened.
        with context.expect_page() as opened:
            sheet.click()
        expect(opened.value.get_by_role("link", name="Northeast")).to_be_visible()
        expect(opened.value.get_by_role("link", name="Pacific")).to_be_visible()
        browser.close()
    deadline = time.monotonic() + MADE_WITHIN_SECONDS
    while not any(
        "manager@example.com" in mail["recipients"] and "Products sold" in mail["subject"]
        for mail in stack.outside_world("mails")
    ):
        assert time.monotonic() < deadline, "no mail with the report came"
        time.sleep(0.5)
