"""A partner's day on the pages: files put in, the report approved and downloaded; with FAB in charge."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from include.customers.deliveries.taking_in import take_in
from include.warehouse.connection import connect
from sandbox.partner.files import content, filename
from tests.include.web.conftest import Web
from tests.include.web.pages.conftest import Open
from tests.include.web.partner import (
    WORKBOOK,
    answer,
    asked_about,
    limit_to_one_megabyte,
    newest_day,
    partner,
    send,
    taken_in,
)

DAY = newest_day()


@pytest.fixture
def web(fab_web: Web) -> Web:
    return fab_web


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A day's customer file and order file, as the partner makes them."""
    found = []
    for kind in ("customers", "orders"):
        file = tmp_path / filename(kind, DAY)
        file.write_bytes(content(kind, DAY))
        found.append(file)
    return found


def pills(page: Page | Locator, words: str) -> Locator:
    """Those that say just this, after their sign."""
    return page.locator(".pill").filter(has_text=re.compile(rf"^\W*{words}$"))


def put_in(page: Page, files: list[Path]) -> None:
    page.get_by_label("Customer file").set_input_files(files[0])
    page.get_by_label("Order file").set_input_files(files[1])
    page.get_by_role("button", name="Put in").click()


def test_from_the_files_by_the_approval_to_the_workbook(web: Web, open_as: Open, files: list[Path]) -> None:
    uploads = open_as("uploader", "/partner")
    expect(uploads.get_by_label("Business day")).to_have_value(str(DAY))
    put_in(uploads, files)
    uploads.wait_for_url(f"**/partner/{DAY}?told=uploaded")
    expect(pills(uploads, "Being taken in")).to_have_count(2)
    take_in(connect, partner())
    expect(pills(uploads, "Taken in")).to_have_count(2)
    # For those who hear the page.
    expect(uploads.locator("#status")).to_contain_text("Orders loaded")
    edition = asked_about(web, DAY)
    uploads.get_by_text("Waits for approval").wait_for()
    uploads.get_by_text("It waits for somebody with the right to export").wait_for()
    expect(uploads.get_by_role("button", name="Approve")).to_have_count(0)

    exports = open_as("exporter", f"/partner/{DAY}")
    expect(exports.get_by_text("$6,905.15")).to_be_visible()
    exports.get_by_label("Note").fill("As last week.")
    exports.get_by_role("button", name="Approve").click()
    exports.get_by_text("It is approved: who may export can download it.").wait_for()
    exports.get_by_text("Approved by exporter").wait_for()
    with exports.expect_download() as download:
        exports.get_by_role("link", name="Download").click()

    assert download.value.suggested_filename == f"Daily_Report_{DAY:%Y%m%d}.xlsx"
    assert download.value.path().read_bytes() == WORKBOOK
    assert answer(edition.dag_run_id) == ("exporter", ["Approve"], "scheduled")
    exports.reload()
    deeds = exports.get_by_role("region", name="Who did what").get_by_role("listitem")
    expect(deeds).to_contain_text(
        [f"exporter {deed}" for deed in ("downloaded", "approved")] + ["uploader uploaded", "uploader uploaded"]
    )
    uploads.reload()
    uploads.get_by_text("As last week.").wait_for()
    expect(uploads.get_by_role("link", name="Download")).to_have_count(0)


def test_a_report_is_rejected_on_a_telephone(web: Web, open_as: Open) -> None:
    taken_in(web, DAY)
    edition = asked_about(web, DAY)
    page = open_as("exporter", "/partner", narrow=True)
    page.get_by_role("link", name=f"{DAY:%a, %b %-d %Y}").click()
    page.get_by_label("Note").fill("Half of the orders are missing.")
    page.get_by_role("button", name="Reject").click()
    page.get_by_text("Rejected by exporter").wait_for()
    assert answer(edition.dag_run_id)[:2] == ("exporter", ["Reject"])


def test_a_correction_takes_the_place_of_what_waits(web: Web, open_as: Open) -> None:
    taken_in(web, DAY)
    older = asked_about(web, DAY)
    page = open_as("exporter", f"/partner/{DAY}")
    taken_in(web, DAY, quality="corrected")
    newer = asked_about(web, DAY)

    # The page does not know of it yet.
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("A newer edition of the day was made").wait_for()
    page.goto(f"{web.pages}/partner/{DAY}")
    expect(pills(page.locator(f"#edition-{older.edition_id}"), "Superseded")).to_be_visible()
    page.locator(f"#edition-{newer.edition_id}").get_by_role("button", name="Approve").click()
    page.get_by_text("Approved by exporter").wait_for()
    expect(pills(page, "Replaced")).to_have_count(1)


def test_what_is_wrong_with_an_upload_is_told_where_it_is(open_as: Open, files: list[Path]) -> None:
    page = open_as("courier", "/partner")
    page.get_by_role("button", name="Put in").click()
    page.get_by_role("alert").get_by_text("Choose a customer file, an order file, or both").wait_for()
    expect(page.locator("#errors")).to_be_focused()
    # The form that came back works as the one before.
    put_in(page, files)
    page.wait_for_url(f"**/partner/{DAY}?told=uploaded")


def test_a_file_that_is_too_large_is_not_sent(open_as: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit_to_one_megabyte(tmp_path, monkeypatch)
    page = open_as("uploader", "/partner")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("Order file").set_input_files(
        {"name": "orders.xml", "mimeType": "text/xml", "buffer": b"x" * 1_500_000}
    )
    page.get_by_role("button", name="Put in").click()
    said = page.get_by_label("Order file").evaluate("input => input.validationMessage")
    assert said == "orders.xml has 1.5 MB, more than 1 MB"
    assert "POST" not in sent


def test_a_file_that_is_not_taken_in_says_why(web: Web, open_as: Open) -> None:
    send(web, "customers", DAY, b"customer_id,customer_name\nC1,Ann\x00a\n")
    take_in(connect, partner())
    page = open_as("uploader", f"/partner/{DAY}")
    pills(page, "Not taken in").wait_for()
    page.locator("main").get_by_text("holds a NUL character").wait_for()


def test_the_form_works_without_scripts(open_as: Open, files: list[Path]) -> None:
    page = open_as("uploader", "/partner", scripts=False)
    put_in(page, files)
    page.wait_for_url(f"**/partner/{DAY}?told=uploaded")
    expect(pills(page, "Being taken in")).to_have_count(2)
