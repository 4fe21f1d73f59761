"""Who gets in, and how far: asked of every route that there is."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from include.web.security import editor, exporter, partner_reader, reader, runner, uploader
from tests.include.web.conftest import LOGINS, Web, storekeeper_app

# SimpleAuthManager gives the rights to a partner's files to everyone: test_partner_rights.py asks FAB.
RIGHTS = {
    reader: "viewer",
    runner: "user",
    editor: "op",
    uploader: "viewer",
    exporter: "viewer",
    partner_reader: "viewer",
}
# Nobody's: whoever is logged in may have them.
WITHOUT_RIGHT = {"/", "/static/{wanted_version}/{name:path}"}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    # What it asks for, as keys of RIGHTS.
    rights: tuple[Callable[..., Any], ...]

    @property
    def role(self) -> str | None:
        """The lowest of the roles that may; None: every one that is logged in."""
        return max((RIGHTS[right] for right in self.rights), key=LOGINS.index, default=None)

    @property
    def url(self) -> str:
        return re.sub(r"\{.*?\}", "1", self.path).replace("messages/1", "messages/00000000-0000-0000-0000-000000000001")

    @property
    def is_page(self) -> bool:
        return self.method == "GET" and not self.path.startswith("/api")


def routes_of(routes: list[BaseRoute], prefix: str = "") -> Iterator[Route]:
    for route in routes:
        if isinstance(route, Mount):
            yield from routes_of(route.routes, prefix + route.path)
        else:
            assert isinstance(route, APIRoute), f"{route}: can its rights be read?"
            rights = tuple(one.call for one in route.dependant.dependencies if one.call in RIGHTS)
            yield from (Route(method, prefix + route.path, rights) for method in route.methods or ())


@pytest.fixture(scope="module")
def web(module_web: Web) -> Web:
    return module_web


@pytest.fixture
def routes(web: Web) -> list[Route]:
    found = list(routes_of(storekeeper_app(web.airflow_app).routes))
    assert len(found) > 35
    return found


def refused(answer: httpx.Response, route: Route) -> bool:
    if route.is_page:
        return answer.status_code == 303 and "/auth/login" in answer.headers["Location"]
    return answer.status_code == 401


def test_no_route_answers_the_anonymous_but_health(web: Web, routes: list[Route]) -> None:
    answered = [
        f"{route.method} {route.path}"
        for route in routes
        if not refused(web.client.request(route.method, web.pages + route.url), route)
    ]

    assert answered == ["GET /api/health"]


def test_nor_does_what_is_no_route(web: Web) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        for path in ("/api/nowhere", "/api/health/", "/api/health/x", "/api//health", "/api"):
            assert web.client.request(method, web.pages + path).status_code == 401, (method, path)
    assert web.client.post(f"{web.pages}/nowhere").status_code == 401
    assert web.client.get(f"{web.pages}/nowhere").status_code == 303


def test_health_takes_no_other_method(web: Web) -> None:
    assert web.client.post(f"{web.api}/health").status_code == 401
    assert web.client.head(f"{web.api}/health").status_code == 401
    assert web.client.get(f"{web.api}/health").json() == {"status": "healthy"}


def test_every_route_asks_for_a_right(routes: list[Route]) -> None:
    assert {route.path for route in routes if route.role is None} == WITHOUT_RIGHT | {"/api/health"}


@pytest.mark.parametrize("login", LOGINS)
def test_a_role_may_what_its_rights_in_airflow_say(web: Web, routes: list[Route], login: str) -> None:
    client = web.login(login)
    wrong = []
    for route in routes:
        # Without a body: who is let through is told what is missing in it.
        status = client.request(route.method, web.pages + route.url).status_code
        may = route.role is None or LOGINS.index(login) >= LOGINS.index(route.role)
        if status >= 500 or status == 401 or may == (status == 403):
            wrong.append(f"{route.method} {route.path}: {status}")

    assert wrong == []


def test_a_refusal_says_which_right_is_missing(web: Web) -> None:
    for login, method, path, right in [
        ("viewer", "POST", "/reports/1/run", "triggering report_run"),
        ("viewer", "POST", "/requests/sales", "triggering sales_report"),
        ("user", "POST", "/reports", "editing variables"),
        ("user", "DELETE", "/reports/1", "editing variables"),
    ]:
        answer = web.login(login).request(method, path, json={})

        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert right in answer.json()["detail"]


def tokens(web: Web) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    valid = web.token("admin")
    header, claims, signature = valid.split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    admin = SimpleAuthManagerUser(username="admin", role="admin")
    return {
        "garbage": "garbage",
        "empty parts": "..",
        "not base64": "ä.ö.ü".encode().decode("latin-1"),
        "unsigned": f"{unsigned}.{claims}.",
        "unsigned, with a signature": f"{unsigned}.{claims}.{signature}",
        "another's signature": f"{header}.{claims}.{signature[::-1]}",
        "changed claims": f"{header}.{claims[:-2]}AA.{signature}",
        "expired": get_auth_manager().generate_jwt(admin, expiration_time_in_seconds=-3600),
        "very long": "a." * 5000,
    }


def test_no_bad_token_gets_in(web: Web) -> None:
    for name, token in tokens(web).items():
        bearer = {b"Authorization": f"Bearer {token}".encode("latin-1")}
        cookie = {b"Cookie": f"_token={token}".encode("latin-1")}
        for headers in (bearer, cookie):
            answer = web.client.get(f"{web.api}/reports", headers=headers)
            assert answer.status_code == 401, name
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert web.client.get(f"{web.pages}/", headers=cookie).status_code == 303, name


def test_a_bad_token_is_not_made_good_by_a_cookie(web: Web) -> None:
    browser = web.browser_login("admin")

    assert browser.get("/api/reports").status_code == 200
    assert browser.get("/api/reports", headers={"Authorization": "Bearer garbage"}).status_code == 401


def test_a_cookie_is_good_for_changes_from_our_own_pages_only(web: Web) -> None:
    browser = web.browser_login("admin")
    del browser.headers["Origin"]
    for headers, status in [
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        # Another port, or another host of the same domain.
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ]:
        assert browser.post("/api/reports/1/run", headers=headers).status_code == status, headers
        assert browser.get("/api/reports", headers=headers).status_code == 200


def test_our_own_origin_counts_where_browsers_do_not_say_more(web: Web) -> None:
    assert web.browser_login("admin").post("/api/reports/1/run").status_code == 404


def test_a_token_needs_no_origin(web: Web) -> None:
    client = web.login("admin")

    assert client.post("/reports/1/run", headers={"Origin": "https://elsewhere.example"}).status_code == 404


def test_a_page_sends_the_anonymous_to_airflows_login_and_back(web: Web) -> None:
    for path in ("/", "/runs?state=failed", "/nowhere"):
        answer = web.client.get(web.pages + path)

        assert answer.next_request is not None
        assert answer.next_request.url.path == "/auth/login"
        assert answer.next_request.url.params["next"] == web.pages + path


def test_answers_keep_browsers_to_what_our_pages_need(web: Web) -> None:
    for answer in (web.client.get(f"{web.api}/reports"), web.login("viewer").get("/reports")):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_that_no_report_needs_is_refused(web: Web) -> None:
    client = web.login("op")
    body = b'{"name": "' + b"x" * 600_000 + b'"}'
    headers = {"Content-Type": "application/json"}

    assert client.post("/reports", content=body, headers=headers).status_code == 413
    # Without its length.
    assert client.post("/reports", content=iter([body]), headers=headers).status_code == 413
