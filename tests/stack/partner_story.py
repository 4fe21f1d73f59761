"""A partner's files through the running stack: one puts them in, inside Airflow, another one opens the mail's address,
approves and downloads; a correction, dropped into the watched folder, makes a second edition.

Told by test_make_run.
"""

import io
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

from sandbox.partner.files import FORGOTTEN_ORDERS, Kind, content, filename
from sandbox.partner.sending import send, yesterday
from tests.stack.reports_story import api
from tests.stack.stock_story import wait_until_settled

if TYPE_CHECKING:
    from tests.stack.test_make_run import Stack

DAG_ID = "customer_orders_report"
MADE_WITHIN_SECONDS = 60


def files_are_put_in_approved_corrected_and_downloaded(stack: "Stack") -> None:
    day = yesterday()
    stack.airflow.wait_for_dag(DAG_ID)
    stack.airflow.unpause(DAG_ID)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        _put_in(stack, browser, day)
        _an_answer_in_airflow_alone_decides_nothing(stack)
        exporter = _opened_by_its_address(stack, browser, day)
        first = _order_count(_approved_and_downloaded(exporter, day))
        send(stack.home.incoming_files, day, "corrected")
        exporter.get_by_role("button", name="Approve").wait_for(timeout=MADE_WITHIN_SECONDS * 1000)
        assert _order_count(_approved_and_downloaded(exporter, day)) == first + FORGOTTEN_ORDERS
        browser.close()
    assert all(not mail["attachments"] for mail in stack.outside_world("mails") if "Demo Eats" in mail["subject"])


def _put_in(stack: "Stack", browser: Browser, day: date) -> None:
    page, frame = _opened_in_airflow(stack, browser)
    frame.get_by_label("Business day").fill(day.isoformat())
    labels: dict[Kind, str] = {"customers": "Customer file", "orders": "Order file"}
    for kind, label in labels.items():
        sent = content(kind, day, is_first=True)
        frame.get_by_label(label).set_input_files(
            {"name": filename(kind, day), "mimeType": "application/octet-stream", "buffer": sent}
        )
    frame.get_by_role("button", name="Put in").click()
    frame.get_by_text("It waits for somebody with the right to export").wait_for(timeout=MADE_WITHIN_SECONDS * 1000)
    expect(frame.get_by_role("button", name="Approve")).to_have_count(0)
    page.context.close()


def _opened_in_airflow(stack: "Stack", browser: Browser) -> tuple[Page, FrameLocator]:
    """From Airflow's navigation to the page of the partner's files."""
    page = browser.new_page()
    page.goto(stack.ports.airflow_url)
    _log_in(stack, page, "uploader")
    page.get_by_role("link", name="Reports", exact=True).click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Partner files").click()
    frame.get_by_role("heading", name="Partner files").wait_for()
    return page, frame


def _opened_by_its_address(stack: "Stack", browser: Browser, day: date) -> Page:
    page = browser.new_page(accept_downloads=True)
    page.goto(f"{stack.ports.airflow_url}/storekeeper/partner/{day}")
    _log_in(stack, page, "exporter")
    return page


def _log_in(stack: "Stack", page: Page, login: str) -> None:
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", stack.home.secrets()[f"{login}_password"])
    page.keyboard.press("Enter")


def _approved_and_downloaded(page: Page, day: date) -> bytes:
    # What it says then may stand there already, of the edition before.
    with page.expect_event("load"):
        page.get_by_role("button", name="Approve").click()
    page.get_by_text("It is approved").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").first.click()
    assert download.value.suggested_filename == f"Daily_Report_{day:%Y%m%d}.xlsx"
    return download.value.path().read_bytes()


def _order_count(workbook: bytes) -> int:
    rows = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)["Current_Day_Orders"].values
    titles = next(rows)
    return len({row[titles.index("Order")] for row in rows})


def _an_answer_in_airflow_alone_decides_nothing(stack: "Stack") -> None:
    """Whoever may answer Airflow's question is not asked there for the right to export: it is asked again."""
    first = _question(stack)
    task = f"/api/v2/dags/{DAG_ID}/dagRuns/{first['dag_run_id']}/taskInstances/{first['task_id']}/{first['map_index']}"
    wait_until_settled(stack, first)
    answer = {"chosen_options": ["Approve"], "params_input": {}}
    with api(stack, "operator") as operator:
        operator.patch(f"{task}/hitlDetails", json=answer).raise_for_status()
    _question(stack)


def _question(stack: "Stack") -> dict[str, Any]:
    """The task instance that waits for an answer."""
    deadline = time.monotonic() + MADE_WITHIN_SECONDS
    while True:
        path = f"/api/v2/dags/{DAG_ID}/dagRuns/~/hitlDetails?response_received=false"
        found = stack.airflow.http.get(path).raise_for_status().json()["hitl_details"]
        waiting = [each["task_instance"] for each in found if each["task_instance"]["state"] == "awaiting_input"]
        if waiting:
            return dict(waiting[0])
        assert time.monotonic() < deadline, stack.task_logs(DAG_ID)
        time.sleep(0.25)
