"""When a call to Google is repeated: quota refusals, server errors and lost connections, never before Retry-After.

https://developers.google.com/workspace/sheets/api/limits asks for truncated exponential backoff with jitter.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import requests
from google.auth.exceptions import TransportError
from googleapiclient.errors import HttpError
from gspread.exceptions import APIError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential_jitter

ATTEMPTS = 8
LONGEST_SECONDS = 600
BACKOFF = wait_exponential_jitter(initial=1, max=64, jitter=1)
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError, TransportError)
QUOTA_REASONS = ("rateLimitExceeded", "userRateLimitExceeded")

T = TypeVar("T")
log = logging.getLogger(__name__)


def patiently(call: Callable[[], T]) -> T:
    """Calls until Google answers, at most 8 times and 10 minutes; then the last error is raised.

    :param call: must be safe to repeat after a lost reply: its first attempt may have been carried out.
    """
    return Retrying(
        retry=retry_if_exception(is_passing),
        wait=_wait,
        stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(LONGEST_SECONDS),
        before_sleep=_tell,
        reraise=True,
    )(call)


def is_passing(error: BaseException) -> bool:
    """Whether the same call may succeed later. Drive says 403 for its quotas, with a reason."""
    if status := _status(error):
        return status in (408, 429) or status >= 500 or (status == 403 and is_about(error, *QUOTA_REASONS))
    return isinstance(error, LOST)


def is_about(error: BaseException, *reasons: str) -> bool:
    """Whether Drive gave one of these words as the reason of its refusal."""
    details = error.error_details if isinstance(error, HttpError) else None
    return isinstance(details, list) and any(detail.get("reason") in reasons for detail in details)


def _status(error: BaseException | None) -> int | None:
    if isinstance(error, APIError):
        return error.response.status_code
    return int(error.resp.status) if isinstance(error, HttpError) else None


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked: str | None = None
    if isinstance(error, APIError):
        asked = error.response.headers.get("Retry-After")
    elif isinstance(error, HttpError):
        asked = error.resp.get("retry-after")
    # On top of what was asked for, so that callers refused together do not come back together.
    return _seconds(asked) + BACKOFF(state)


def _seconds(retry_after: str | None) -> float:
    """Retry-After as seconds or as a date; what cannot be read asks for nothing."""
    if retry_after is None:
        return 0.0
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return 0.0


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    answer = f"answered {status}" if (status := _status(error)) else f"could not be reached ({type(error).__name__})"
    seconds = state.next_action.sleep if state.next_action else 0
    log.warning("Google %s: attempt %d of %d, again in %.1f s", answer, state.attempt_number, ATTEMPTS, seconds)
