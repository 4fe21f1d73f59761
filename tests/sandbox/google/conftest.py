from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import gspread
import httpx
import pytest
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

from sandbox.google.keyfile import keyfile
from tests.sandbox_process import Sandbox

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]


@cache
def key() -> dict[str, str]:
    return keyfile("http://unused")


def token(sandbox: Sandbox, email: str) -> str:
    """An access token, got as google-auth gets it."""
    info = key() | {"client_email": email, "token_uri": f"{sandbox.google_url}/token"}
    credentials = Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
    credentials.refresh(Request())
    return str(credentials.token)


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Callable[..., httpx.Response]]:
    """`api("GET", "/v4/…", account="ana@example.com")`: a call with that account's token."""
    tokens: dict[str, str] = {}

    def call(method: str, path: str, account: str = "robot@example.com", **options: Any) -> httpx.Response:
        if account not in tokens:
            tokens[account] = token(sandbox, account)
        return client.request(method, path, headers={"Authorization": f"Bearer {tokens[account]}"}, **options)

    with httpx.Client(base_url=sandbox.google_url, timeout=20) as client:
        yield call


@pytest.fixture
def sheets(sandbox: Sandbox) -> Iterator[gspread.Client]:
    """gspread itself, pointed at the sandbox."""

    class Rewriting(HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> Any:
            path = endpoint.split(".googleapis.com", 1)[1]
            return super().request(method, sandbox.google_url + path, *args, **options)

    info = key() | {"client_email": "robot@example.com", "token_uri": f"{sandbox.google_url}/token"}
    credentials = Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
    # Keeps google-auth from asking Google in the background where this account may be used.
    until = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    credentials._set_regional_access_boundary({"encodedLocations": "0x0", "expiry": until})
    with ExitStack() as stack:
        session = stack.enter_context(AuthorizedSession(credentials))  # type: ignore[no-untyped-call]
        yield gspread.Client(credentials, session=session, http_client=Rewriting)
