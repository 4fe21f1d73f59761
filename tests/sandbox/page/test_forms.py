"""The telephone and the order form: as a browser sends them, with and without JavaScript."""

import re
import time
from typing import Any

import httpx
import pytest

from tests.sandbox_process import Sandbox


def send(sandbox: Sandbox, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
    """The form as the page itself sends it, unless `headers` say otherwise."""
    origin = headers if headers is not None else {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    return sandbox.client.post(sandbox.url + path, data=fields, headers=origin, follow_redirects=True)


def said(answer: httpx.Response, form: str) -> str:
    found = re.search(rf'<output id="{form}-said"[^>]*>([^<]*)</output>', answer.text)
    assert found
    return found[1]


def calls(sandbox: Sandbox, count: int) -> list[dict[str, Any]]:
    """The calls, as soon as there are so many."""
    deadline = time.monotonic() + 10
    while len(placed := sandbox.request("GET", "/sandbox/phone/calls").json()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return list(placed)


@pytest.fixture
def manhattan(sandbox: Sandbox) -> None:
    place = {"name": "Manhattan", "timezone": "America/New_York", "country": "US", "currency": "USD"}
    sandbox.request("POST", "/square/v2/locations", json={"location": place})


@pytest.mark.parametrize(("press", "times"), [("once", 1), ("five", 5)])
def test_one_press_rings_and_nobody_answers(sandbox: Sandbox, press: str, times: int) -> None:
    answer = send(sandbox, "/ring", number="+12125550101", scenario="busy", times="3", press=press)
    assert said(answer, "telephone") == ("One call is on its way." if times == 1 else "5 calls are on their way.")
    assert [call["scenario"] for call in calls(sandbox, times)] == ["nobody_answers"] * times


def test_another_call_may_be_chosen(sandbox: Sandbox) -> None:
    send(sandbox, "/ring", number="+13035550102", scenario="busy", times="2")
    assert {(call["scenario"], call["dialled_number"]) for call in calls(sandbox, 2)} == {("busy", "+13035550102")}


def test_the_page_lists_the_latest_calls(sandbox: Sandbox) -> None:
    before = sandbox.client.get(f"{sandbox.url}/sandbox/version").json()
    sandbox.ring("queue_timeout", location="Chicago Loop", caller_number="+16465550111", caller_name="Ana <b>")
    calls(sandbox, 1)
    page = sandbox.client.get(sandbox.url).text
    assert "Queue: nobody comes in time" in page
    assert "Chicago Loop, Front desk, from Ana &lt;b&gt; +16465550111" in page
    assert sandbox.client.get(f"{sandbox.url}/sandbox/version").json() != before


@pytest.mark.usefixtures("manhattan")
def test_one_press_orders_for_600_dollars_tomorrow(sandbox: Sandbox) -> None:
    fields: dict[str, Any] = {"location": "Manhattan", "provider": "square", "amount": "1", "due_at": ""}
    answer = send(sandbox, "/order", press="600", **fields)
    assert re.match(r"Ordered at Manhattan for \$600\.00, due .*, 11:30 E[SD]T\.", said(answer, "order"))
    ids = {"location_ids": [sandbox.request("GET", "/square/v2/locations").json()["locations"][0]["id"]]}
    (order,) = sandbox.request("POST", "/square/v2/orders/search", json=ids).json()["orders"]
    assert order["total_money"]["amount"] == 60000


@pytest.mark.usefixtures("manhattan")
def test_an_order_may_be_of_any_amount_and_time(sandbox: Sandbox) -> None:
    due_at = "2026-12-24T18:15"
    answer = send(sandbox, "/order", location="Manhattan", provider="demo-eats", amount="725.50", due_at=due_at)
    assert "$725.50, due Thursday, December 24, 18:15 EST" in said(answer, "order")
    assert "Demo Eats, " in answer.text


@pytest.mark.usefixtures("manhattan")
def test_what_is_wrong_is_said_beside_the_form(sandbox: Sandbox) -> None:
    answer = send(sandbox, "/order", location="Manhattan", provider="square", amount="-1", due_at="2026-12-24T18:15")
    assert answer.status_code == 400
    assert "the amount must lie between" in said(answer, "order")
    answer = send(sandbox, "/ring", number="+12125550101", scenario="dance", times="1")
    assert answer.status_code == 400
    assert "no scenario" in said(answer, "telephone")


@pytest.mark.parametrize("amount", ["", "much"])
@pytest.mark.usefixtures("manhattan")
def test_an_amount_has_to_be_a_number(sandbox: Sandbox, amount: str) -> None:
    answer = send(sandbox, "/order", location="Manhattan", provider="square", amount=amount, due_at="2026-12-24T18:15")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/ring", "/order"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {},
    ],
)
def test_other_origins_are_refused(sandbox: Sandbox, path: str, headers: dict[str, str]) -> None:
    answer = send(sandbox, path, headers, number="+12125550101", press="once")
    assert answer.status_code == 403
    assert sandbox.request("GET", "/sandbox/phone/calls").json() == []


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(sandbox: Sandbox) -> None:
    answer = send(sandbox, "/ring", {"Origin": sandbox.url}, number="+12125550101", press="once")
    assert answer.status_code == 200


@pytest.mark.parametrize("form", ["telephone", "order"])
@pytest.mark.usefixtures("manhattan")
def test_the_enter_key_sends_what_was_filled_in(sandbox: Sandbox, form: str) -> None:
    """It presses the form's first button, which therefore is none of the large ones."""
    section = sandbox.client.get(sandbox.url).text.partition(f'id="{form}"')[2]
    first = re.search(r"<button[^>]*>", section)
    assert first
    assert first[0] == "<button>"


def test_a_page_without_locations_says_what_makes_them(sandbox: Sandbox) -> None:
    assert "square_setup" in sandbox.client.get(sandbox.url).text
