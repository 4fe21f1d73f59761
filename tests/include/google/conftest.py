import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from include.google.client import Google, google_client
from tests.sandbox_process import Sandbox


@pytest.fixture
def connect_google(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Google]]:
    """Reads google_default as a task does, pointed at the sandbox; ``email`` is another service account."""

    def connect(email: str = "", **extra: str) -> Google:
        key = sandbox.google_keyfile | ({"client_email": email} if email else {})
        conn = {
            "conn_type": "google_cloud_platform",
            "extra": {"keyfile_dict": json.dumps(key), "api_root": sandbox.google_url, **extra},
        }
        monkeypatch.setenv("AIRFLOW_CONN_GOOGLE_DEFAULT", json.dumps(conn))
        return stack.enter_context(google_client())

    with ExitStack() as stack:
        yield connect


@pytest.fixture
def google(connect_google: Callable[..., Google]) -> Google:
    return connect_google()
