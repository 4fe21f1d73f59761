import smtplib
from email.message import EmailMessage
from html.parser import HTMLParser

import httpx
import pytest

from tests.sandbox_process import Sandbox

HOSTILE = "<script>alert('x')</script>"


class Elements(HTMLParser):
    """The elements of a page; reads it as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def send(sandbox: Sandbox) -> int:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", "ana@example.com", f"Hi {HOSTILE}"
    message.set_content(HOSTILE)
    message.add_alternative(f"<p>Body</p>{HOSTILE}", subtype="html")
    message.add_attachment(HOSTILE.encode(), maintype="text", subtype="html", filename='a"b;día.html')
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as client:
        client.send_message(message)
    return int(httpx.get(f"{sandbox.url}/sandbox/mails").json()[0]["id"])


def order(sandbox: Sandbox) -> None:
    place = {"name": f"Tokyo {HOSTILE}", "timezone": "Asia/Tokyo", "country": "JP", "currency": "JPY"}
    location = sandbox.request("POST", "/square/v2/locations", json={"location": place}).json()["location"]
    line = {"name": "Ramen", "quantity": "2", "base_price_money": {"amount": 900, "currency": "JPY"}}
    body = {"idempotency_key": "1", "order": {"location_id": location["id"], "line_items": [line]}}
    sandbox.request("POST", "/square/v2/orders", json=body)


def test_an_empty_world_has_a_page(sandbox: Sandbox) -> None:
    answer = httpx.get(sandbox.url)
    assert answer.status_code == 200
    for text in ("No mail yet", "No spreadsheet yet", "No order yet"):
        assert text in answer.text


def test_the_page_shows_mails_and_orders_and_runs_nothing_of_theirs(sandbox: Sandbox) -> None:
    send(sandbox)
    order(sandbox)

    answer = httpx.get(sandbox.url)

    assert "Hi &lt;script&gt;" in answer.text
    assert "2 Ramen" in answer.text
    assert "¥1,800" in answer.text
    assert "JST" in answer.text
    assert [attributes for tag, attributes in Elements(answer.text).found if tag == "script"] == [
        {"src": "/page.js", "defer": None}
    ]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_return_shows_what_went_back(sandbox: Sandbox) -> None:
    order(sandbox)
    (sale,) = sandbox.request("POST", "/square/v2/orders/search", json=everywhere(sandbox)).json()["orders"]
    amount = sale["net_amount_due_money"]
    paid = {"idempotency_key": "2", "source_id": "CASH", "order_id": sale["id"], "amount_money": amount}
    cash = {"cash_details": {"buyer_supplied_money": amount}}
    payment = sandbox.request("POST", "/square/v2/payments", json=paid | cash).json()["payment"]
    refund = {"idempotency_key": "3", "payment_id": payment["id"], "amount_money": amount}
    sandbox.request("POST", "/square/v2/refunds", json=refund)

    page = httpx.get(sandbox.url).text

    assert "-¥1,800" in page
    assert "Returned" in page


def everywhere(sandbox: Sandbox) -> dict[str, list[str]]:
    locations = sandbox.request("GET", "/square/v2/locations").json()["locations"]
    return {"location_ids": [location["id"] for location in locations]}


def test_a_mail_is_shown_in_a_frame_that_may_do_nothing(sandbox: Sandbox) -> None:
    mail_id = send(sandbox)

    page = httpx.get(f"{sandbox.url}/mails/{mail_id}").text
    (frame,) = (attributes for tag, attributes in Elements(page).found if tag == "iframe")
    assert frame["sandbox"] is None
    body = httpx.get(sandbox.url + str(frame["src"]))
    assert "<p>Body</p>" in body.text
    assert body.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_an_attachment_is_downloaded_and_never_shown(sandbox: Sandbox) -> None:
    mail_id = send(sandbox)

    answer = httpx.get(f"{sandbox.url}/mails/{mail_id}/attachments/1")

    assert answer.content == HOSTILE.encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22b%3Bd%C3%ADa.html"


@pytest.mark.parametrize("path", ["/mails/9", "/mails/9/html", "/mails/9/attachments/1", "/sheets/x"])
def test_what_is_not_there_is_told_as_such(sandbox: Sandbox, path: str) -> None:
    answer = httpx.get(sandbox.url + path)
    assert answer.status_code == 404
    assert "No such" in answer.text


def test_the_version_changes_with_what_is_shown(sandbox: Sandbox) -> None:
    versions = [httpx.get(f"{sandbox.url}/sandbox/version").json()]
    for change in (send, order):
        change(sandbox)
        versions.append(httpx.get(f"{sandbox.url}/sandbox/version").json())
    assert len(set(versions)) == 3


@pytest.mark.parametrize("path", ["/page.css", "/page.js"])
def test_the_page_brings_its_own_files(sandbox: Sandbox, path: str) -> None:
    assert httpx.get(sandbox.url + path).status_code == 200
