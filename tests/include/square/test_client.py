"""The client against the stand-in's faults: what is repeated, when, and what is not."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from square import Square
from square.core.api_error import ApiError

from include.square.client import async_square_client, square_client
from include.square.raw import closing
from include.square.retry import ATTEMPTS, Turns, backoff_seconds, retry_after_seconds
from tests.sandbox_process import Sandbox

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)


@pytest.fixture
def client(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    connection = {"conn_type": "http", "host": sandbox.square_url, "password": sandbox.token}
    monkeypatch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", json.dumps(connection))
    with closing(square_client()) as client:
        yield client


def create_customer(client: Square, **fields: str) -> None:
    client.customers.create(given_name="Ada", **fields)


def customer_count(client: Square) -> int:
    return len(list(client.customers.list()))


@pytest.mark.parametrize("announced_as", ["seconds", "date"])
def test_no_call_leaves_before_retry_after(client: Square, sandbox: Sandbox, announced_as: str) -> None:
    sandbox.set_fault(path="/square/v2/locations", status=429, retry_after=2, retry_after_as=announced_as, times=1)
    started = time.monotonic()
    client.locations.list()
    # A date has whole seconds.
    assert time.monotonic() - started >= (2 if announced_as == "seconds" else 1)


def test_retry_after_holds_for_the_clients_other_calls_too(sandbox: Sandbox, client: Square) -> None:
    assert client is not None
    sandbox.set_fault(path="/square/v2/locations", status=429, retry_after=1, times=1)

    async def ask() -> list[float]:
        asking = async_square_client()
        started = time.monotonic()

        async def timed(delay: float) -> float:
            await asyncio.sleep(delay)
            await asking.locations.list()
            return time.monotonic() - started

        try:
            return list(await asyncio.gather(timed(0), timed(0.3), timed(0.4)))
        finally:
            await asking._client_wrapper.httpx_client.httpx_client.aclose()

    assert min(asyncio.run(ask())) >= 1


def test_429_without_retry_after_is_repeated(client: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(path="/square/v2/locations", status=429, times=2)
    client.locations.list()


def test_a_read_is_repeated_after_5xx_and_after_a_lost_reply(client: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault("error", path="/square/v2/locations", status=503, times=1)
    sandbox.set_fault("lost", path="/square/v2/locations", lost_reply=True, times=1)
    client.locations.list()


def test_a_write_with_an_idempotency_key_happens_once_though_its_reply_was_lost(
    client: Square, sandbox: Sandbox
) -> None:
    sandbox.set_fault(path="/square/v2/customers", method="POST", lost_reply=True, times=1)
    create_customer(client, idempotency_key="once")
    assert customer_count(client) == 1


def test_a_write_without_an_idempotency_key_is_not_repeated(client: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(path="/square/v2/customers", method="POST", status=500, times=1)
    with pytest.raises(ApiError) as caught:
        create_customer(client)
    assert caught.value.status_code == 500
    assert customer_count(client) == 0


def test_what_stays_refused_is_the_sdks_error(client: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(path="/square/v2/locations", status=429, retry_after=0)
    with pytest.raises(ApiError) as caught:
        client.locations.list()
    assert caught.value.status_code == 429


def test_a_wrong_token_is_told_at_once(client: Square, sandbox: Sandbox) -> None:
    sandbox.set_fault(path="/square/v2/locations", status=401)
    with pytest.raises(ApiError) as caught:
        client.locations.list()
    assert caught.value.status_code == 401


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7),
        ("0.5", 0.5),
        ("-3", 0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0),
    ],
)
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


def test_a_shorter_wait_does_not_shorten_a_longer_one() -> None:
    turns = Turns()
    turns.postpone(60)
    turns.postpone(1)
    assert 59 < turns.wait_seconds() <= 66


def test_backing_off_grows_and_is_jittered() -> None:
    for attempt in range(ATTEMPTS):
        waits = {backoff_seconds(attempt) for _ in range(20)}
        assert len(waits) > 1
        assert min(waits) >= 0.25 * 2**attempt
        assert max(waits) <= 0.5 * 2**attempt


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        ({"password": "token"}, "has no base URL: set its host to https://connect.squareup.com"),
        ({"host": "connect.squareup.com", "password": "token"}, "has no base URL"),
        ({"host": "https://connect.squareup.com"}, "has no access token"),
    ],
)
def test_an_incomplete_connection_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, connection: dict[str, str], message: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", json.dumps({"conn_type": "http"} | connection))
    with pytest.raises(ValueError, match=message):
        square_client()
