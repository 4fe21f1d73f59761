"""Following a run, and what is offered afterwards."""

from playwright.sync_api import Page, expect

from include.report_runs import finish
from tests.include.web.conftest import Web
from tests.include.web.pages.conftest import Open
from tests.include.web.pages.filling import SHEET, ask_run, fill, put_file, start, tell, write_mail

# As Airflow 3.3 frames an external view.
FRAME = """path => {
    document.body.replaceChildren();
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
    frame.src = path;
    frame.width = 1000;
    frame.height = 800;
    document.body.append(frame);
}"""


def polls(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    return asked


def test_a_run_is_followed_until_its_file_and_mail_are_there(web: Web, open_as: Open) -> None:
    with web.database.connect() as connection:
        run_id = ask_run(connection)
    page = open_as("user", f"/runs/{run_id}")
    asked = polls(page)
    page.get_by_text("Waiting for Airflow to start it").wait_for()
    with web.database.connect() as connection:
        start(connection, run_id)
        connection.execute("UPDATE reports.report_run SET title = 'Products sold, Pacific', sql = 'SELECT 1'")
        put_file(connection, run_id, "sold.csv", b"product,units\n")
        message_id = write_mail(connection, "a", "new")
        finish(connection, run_id, row_count=7, sheet_url=SHEET)
        tell(connection, run_id, "report", message_id)
    page.get_by_text("0 of 1 mail sent").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("Products sold, Pacific")
    expect(page.locator("pre")).to_have_text("SELECT 1")
    # What one types while the page follows the run stays.
    page.get_by_label("Send it again to").fill("chef@")
    with web.database.connect() as connection:
        connection.execute("UPDATE outbox.message SET state = 'sent', sent_at = now()")
    page.get_by_text("Mailed").wait_for()
    expect(page.locator("#status")).to_have_text("Products sold, Pacific: Done, 1 of 1 mails sent")
    expect(page.get_by_label("Send it again to")).to_have_value("chef@")
    expect(page.locator("#run")).not_to_have_attribute("hx-trigger", "every 2s")
    count = len(asked)
    page.wait_for_timeout(2300)
    assert len(asked) == count

    with page.expect_download() as download:
        page.get_by_role("link", name="sold.csv").click()
    assert download.value.suggested_filename == "sold.csv"


def test_a_mail_is_sent_again_to_whom_one_names(web: Web, open_as: Open) -> None:
    made = fill(web)
    page = open_as("user", f"/runs/{made['done']}")
    page.get_by_label("Send it again to").fill("chef")
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("No mail address: chef").wait_for()
    expect(page.get_by_label("Send it again to")).to_be_focused()
    page.get_by_label("Send it again to").fill("chef@example.com")
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("Sent again by user").wait_for()


def test_the_history_is_filtered_as_one_chooses(web: Web, open_as: Open) -> None:
    fill(web)
    page = open_as("viewer", "/runs")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(10)
    page.get_by_label("State").select_option("failed")
    expect(rows).to_have_count(1)
    assert "state=failed" in page.url
    page.get_by_label("Asked for by").fill("somebody else")
    page.get_by_role("link", name="Show all runs").click()
    expect(rows).to_have_count(10)


def test_a_sheet_opens_from_within_airflows_frame(web: Web, open_as: Open) -> None:
    made = fill(web)
    page = open_as("viewer", "/runs")
    page.context.route("https://docs.google.com/**", lambda route: route.fulfill(body="the sheet"))
    page.evaluate(FRAME, f"/storekeeper/runs/{made['sheet']}")
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Google Sheet").wait_for()
    # A link that is clicked before its page's script has run does nothing in the frame.
    page.frames[1].wait_for_load_state()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Google Sheet").click()
    assert opened.value.url == SHEET
    expect(frame.get_by_role("heading", name="Products sold")).to_be_visible()
    expect(frame.get_by_role("link", name="Airflow")).to_be_hidden()


def test_a_login_that_is_over_leads_to_the_log_in_page(web: Web, open_as: Open) -> None:
    with web.database.connect() as connection:
        run_id = ask_run(connection)
    page = open_as("viewer", f"/runs/{run_id}")
    page.context.clear_cookies()
    page.wait_for_url("**/auth/**")
