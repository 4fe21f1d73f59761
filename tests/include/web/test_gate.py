"""Who gets in, and how far."""

import pytest

from tests.include.web.conftest import Web


def test_health_needs_no_login(web: Web) -> None:
    answer = web.client.get(f"{web.api}/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "healthy"})


@pytest.mark.parametrize("path", ["/", "/reports", "/nowhere", "/static/nothing.js"])
def test_a_page_sends_the_anonymous_to_airflows_login_and_back(web: Web, path: str) -> None:
    answer = web.client.get(web.pages + path)

    assert answer.status_code == 303
    assert answer.next_request is not None
    assert answer.next_request.url.path == "/auth/login"
    assert answer.next_request.url.params["next"] == web.pages + path
