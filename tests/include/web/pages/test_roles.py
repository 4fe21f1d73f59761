"""What may not be done is not offered, and refused to those who try anyway."""

import pytest

from tests.include.web.conftest import Web
from tests.include.web.pages.filling import fill

RUN = {
    "/reports": "Run now",
    "/reports/{report}": "Run…",
    "/requests": "Ask for products sold",
    "/standing-orders": "Run now",
    "/runs/{done}": "Send again",
    "/messages": "Send now",
}
EDIT = {"/reports": "New report", "/reports/{report}": "Delete it", "/standing-orders": "Order products sold"}
TO_RUN = {
    "/reports/{report}/run",
    "/requests/products-sold",
    "/standing-orders/{order}/run",
    "/runs/{done}/resend",
    "/messages/{message}/resend",
}
TO_EDIT = {
    "/reports",
    "/reports/{report}",
    "/reports/{report}/delete",
    "/reports/check",
    "/reports/preview",
    "/standing-orders",
    "/standing-orders/{order}",
    "/standing-orders/{order}/delete",
}


@pytest.mark.parametrize(
    ("login", "may_run", "may_edit"),
    [("viewer", False, False), ("user", True, False), ("op", True, True), ("admin", True, True)],
)
def test_a_role_is_offered_what_it_may_do(web: Web, login: str, may_run: bool, may_edit: bool) -> None:
    made = {name: str(value) for name, value in fill(web).items()}
    with web.database.connect() as connection:
        [(message_id,)] = connection.execute("SELECT message_id FROM outbox.message WHERE state = 'dead'").fetchall()
    made["message"] = str(message_id)
    client = web.browser_login(login)

    for offers, may in ((RUN, may_run), (EDIT, may_edit)):
        for path, button in offers.items():
            answer = client.get(path.format(**made))
            assert answer.status_code == 200
            assert (button in answer.text) is may, path
    for path in ("/reports/new", "/reports/{report}/edit", "/reports/schema", "/messages/{message}/body"):
        assert client.get(path.format(**made)).status_code == (200 if may_edit else 403), path
    for path in TO_RUN if not may_run else ():
        assert client.post(path.format(**made)).status_code == 403, path
    for path in TO_EDIT if not may_edit else ():
        assert client.post(path.format(**made)).status_code == 403, path


def test_what_is_refused_says_who_may(web: Web) -> None:
    answer = web.browser_login("viewer").get("/reports/new")
    assert answer.headers["content-type"].startswith("text/html")
    assert "as the role Op has it" in answer.text


def test_a_form_from_another_site_is_refused(web: Web) -> None:
    made = fill(web)
    client = web.browser_login("op")
    answer = client.post(f"/reports/{made['plain']}/delete", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_a_link_in_a_mail_leads_through_the_login_to_its_page(web: Web) -> None:
    answer = web.client.get(f"{web.pages}/runs/1")
    assert answer.status_code == 303
    assert "storekeeper%2Fruns%2F1" in answer.headers["location"] or "storekeeper/runs/1" in answer.headers["location"]
