"""Faults that are switched on, and what they do to a caller that uses the SDK."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from square import Square
from square.core.api_error import ApiError
from square.types.location import Location

from tests.sandbox.square.conftest import errors_of, new_key, usd
from tests.sandbox_process import Sandbox

ONCE: Any = {"max_retries": 0}


def raw_locations(sandbox: Sandbox) -> httpx.Response:
    return sandbox.client.get(
        f"{sandbox.square_url}/v2/locations", headers={"Authorization": f"Bearer {sandbox.token}"}
    )


@pytest.mark.parametrize("token", ["", "wrong", "wröng"])
def test_a_missing_or_wrong_token_is_unauthorized(sandbox: Sandbox, token: str) -> None:
    headers: Any = {"Authorization": f"Bearer {token}".encode()} if token else None
    answer = sandbox.client.get(f"{sandbox.square_url}/v2/locations", headers=headers)
    assert answer.status_code == 401
    error = answer.json()["errors"][0]
    assert (error["category"], error["code"]) == ("AUTHENTICATION_ERROR", "UNAUTHORIZED")


def test_the_controls_need_the_token_too(sandbox: Sandbox) -> None:
    for method, path in (("POST", "/sandbox/reset"), ("PUT", "/sandbox/faults/x"), ("POST", "/sandbox/square/orders")):
        assert sandbox.client.request(method, sandbox.url + path, json={}).status_code == 401


def test_429_comes_with_retry_after_in_seconds_as_a_date_or_without(sandbox: Sandbox) -> None:
    sandbox.set_fault(status=429, retry_after=30)
    limited = raw_locations(sandbox)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "30")
    assert limited.json()["errors"][0]["code"] == "RATE_LIMITED"

    sandbox.set_fault(status=429, retry_after=30, retry_after_as="date")
    wait = parsedate_to_datetime(raw_locations(sandbox).headers["Retry-After"]) - datetime.now(UTC)
    assert 25 < wait.total_seconds() <= 30

    sandbox.set_fault(status=429)
    assert "Retry-After" not in raw_locations(sandbox).headers


def test_a_fault_ends_after_its_times(square: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(status=500, times=2)
    for _ in range(2):
        with pytest.raises(ApiError) as error:
            square.locations.list(request_options=ONCE)
        assert errors_of(error) == [("API_ERROR", "INTERNAL_SERVER_ERROR")]
    assert square.locations.list(request_options=ONCE).locations is None


def test_the_sdk_repeats_a_request_that_was_limited(square: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(status=429, retry_after=0, times=1)
    assert square.locations.list().errors is None
    assert sandbox.request("GET", "/sandbox/faults").json()["fault"]["times"] == 0


def test_a_fault_strikes_only_its_method_and_path(square: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(status=503, method="POST", path="/square/v2/orders")
    assert square.locations.list(request_options=ONCE).locations is None
    with pytest.raises(ApiError):
        square.orders.search(location_ids=["L"], request_options=ONCE)


def test_a_seed_makes_chance_repeatable(sandbox: Sandbox) -> None:
    def statuses(seed: int) -> list[int]:
        sandbox.set_fault(status=500, probability=0.5, seed=seed)
        return [raw_locations(sandbox).status_code for _ in range(20)]

    assert statuses(1) == statuses(1)
    assert statuses(1) != statuses(2)
    assert set(statuses(1)) == {200, 500}


def test_latency_delays_and_still_answers(square: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(latency_ms=200)
    before = datetime.now(UTC)
    square.locations.list()
    assert (datetime.now(UTC) - before).total_seconds() >= 0.2


def test_a_refused_request_changes_nothing(square: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(status=500, method="POST")
    with pytest.raises(ApiError):
        square.locations.create(location={"name": "Manhattan"}, request_options=ONCE)
    assert square.locations.list().locations is None


def test_a_lost_reply_has_changed_the_state_and_the_key_finds_it(
    square: Square, sandbox: Sandbox, location: Location
) -> None:
    order: Any = {
        "location_id": location.id,
        "line_items": [{"name": "Pizza", "quantity": "1", "base_price_money": usd(1000)}],
    }
    key = new_key()
    sandbox.set_fault(lost_reply=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        square.orders.create(idempotency_key=key, order=order, request_options=ONCE)
    lost = square.orders.search(location_ids=[str(location.id)]).orders or []
    assert len(lost) == 1

    repeated = square.orders.create(idempotency_key=key, order=order).order
    assert repeated
    assert repeated.id == lost[0].id
    assert len(square.orders.search(location_ids=[str(location.id)]).orders or []) == 1


def test_a_key_with_another_request_is_refused(square: Square, place_order: Callable[..., Any]) -> None:
    key = new_key()
    location_id = place_order().location_id
    for cents in (1000, 2000):
        line: Any = {"name": "Pizza", "quantity": "1", "base_price_money": usd(cents)}
        wish: Any = {"location_id": location_id, "line_items": [line]}
        if cents == 1000:
            square.orders.create(idempotency_key=key, order=wish)
            continue
        with pytest.raises(ApiError) as error:
            square.orders.create(idempotency_key=key, order=wish)
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "IDEMPOTENCY_KEY_REUSED")]


def test_a_wrong_fault_is_named(sandbox: Sandbox) -> None:
    wrong: list[dict[str, Any]] = [{"status": 200}, {"probability": 2}, {"nonsense": 1}]
    for fault in wrong:
        with pytest.raises(httpx.HTTPStatusError):
            sandbox.set_fault(**fault)


def test_what_the_sandbox_does_not_have_is_not_found_in_squares_shape(sandbox: Sandbox) -> None:
    with pytest.raises(httpx.HTTPStatusError) as error:
        sandbox.request("POST", "/square/v2/loyalty/accounts", json={})
    assert error.value.response.status_code == 404
    assert error.value.response.json()["errors"][0]["code"] == "NOT_FOUND"
