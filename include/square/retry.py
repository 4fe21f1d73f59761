"""When a call to Square is repeated, and when it may go out at all.

The SDK repeats 429 and 5xx twice (also what is not safe to repeat), cuts Retry-After at 60 s and gives up at once when
a connection is lost. So the HTTP client under it does it here instead: no call leaves before the Retry-After that any
call of the same client was given.
"""

import asyncio
import functools
import math
import random
import ssl
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from square.core.api_error import ApiError

ATTEMPTS = 6
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0


@functools.cache
def tls() -> ssl.SSLContext:
    """One for all clients of a process: reading the certificates takes 40 ms."""
    return httpx.create_ssl_context()


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date; None when absent or unreadable."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            at = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def backoff_seconds(attempt: int, first_delay_seconds: float = FIRST_DELAY_SECONDS) -> float:
    """Exponential with full jitter above one half, so that callers that failed together do not come back together."""
    longest = min(first_delay_seconds * 2.0**attempt, LONGEST_DELAY_SECONDS)
    return longest * random.uniform(0.5, 1.0)


def is_repeatable(request: httpx.Request) -> bool:
    """Whether a request whose answer was lost may be sent again: reads, and writes that carry an idempotency key."""
    if request.method in ("GET", "HEAD", "PUT", "DELETE") or request.url.path.endswith(("/search", "/batch-retrieve")):
        return True
    return b'"idempotency_key"' in request.content


class Turns:
    """The moment before which no call may leave, shared by all calls of one client, and how its pauses begin."""

    def __init__(self, first_delay_seconds: float = FIRST_DELAY_SECONDS) -> None:
        self.first_delay_seconds = first_delay_seconds
        self._lock = threading.Lock()
        self._not_before = 0.0

    def postpone(self, seconds: float) -> None:
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def wait_seconds(self) -> float:
        """0 when a call may leave now; else what is left, and up to a tenth more so that the waiting spread out."""
        left = self._not_before - time.monotonic()
        return left * random.uniform(1.0, 1.1) if left > 0 else 0.0


def _pause_seconds(
    turns: Turns, request: httpx.Request, attempt: int, outcome: httpx.Response | httpx.TransportError
) -> float:
    """How long this call waits before its next attempt.

    :raises httpx.TransportError: the connection was lost and the request may not be repeated, or not any more.
    :raises ApiError: Square kept refusing; raised here because the SDK would start its own attempts on the answer.
    """
    if isinstance(outcome, httpx.TransportError):
        # Nothing has left when the connection could not be made.
        not_sent = isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        if attempt + 1 == ATTEMPTS or not (not_sent or is_repeatable(request)):
            raise outcome
        return backoff_seconds(attempt, turns.first_delay_seconds)
    asked = retry_after_seconds(outcome.headers.get("retry-after"), datetime.now(UTC))
    if asked is not None:
        turns.postpone(asked)
    if attempt + 1 == ATTEMPTS or not (outcome.status_code == 429 or is_repeatable(request)):
        raise ApiError(status_code=outcome.status_code, headers=dict(outcome.headers), body=outcome.text)
    return backoff_seconds(attempt, turns.first_delay_seconds) if asked is None else 0.0


def _is_refusal(response: httpx.Response) -> bool:
    return response.status_code == 429 or response.status_code >= 500


class RetryingClient(httpx.Client):
    def __init__(self, *, timeout: float, first_delay_seconds: float = FIRST_DELAY_SECONDS) -> None:
        super().__init__(timeout=timeout, verify=tls())
        self._turns = Turns(first_delay_seconds)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        for attempt in range(ATTEMPTS):
            while wait := self._turns.wait_seconds():
                time.sleep(wait)
            outcome: httpx.Response | httpx.TransportError
            try:
                outcome = super().send(request, **options)
                if not _is_refusal(outcome):
                    return outcome
            except httpx.TransportError as error:
                outcome = error
            time.sleep(_pause_seconds(self._turns, request, attempt, outcome))
        raise AssertionError("the last attempt returns or raises")


class AsyncRetryingClient(httpx.AsyncClient):
    def __init__(self, *, timeout: float) -> None:
        super().__init__(timeout=timeout, verify=tls())
        self._turns = Turns()

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        for attempt in range(ATTEMPTS):
            while wait := self._turns.wait_seconds():
                await asyncio.sleep(wait)
            outcome: httpx.Response | httpx.TransportError
            try:
                outcome = await super().send(request, **options)
                if not _is_refusal(outcome):
                    return outcome
            except httpx.TransportError as error:
                outcome = error
            await asyncio.sleep(_pause_seconds(self._turns, request, attempt, outcome))
        raise AssertionError("the last attempt returns or raises")
