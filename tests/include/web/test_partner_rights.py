"""Two rights of our own, held by roles: asked of every route, with FAB in charge as in the demo and in production."""

import pytest

from include.web.partner_roles import EXPORT_ROLE, UPLOAD_ROLE
from include.web.security import editor, exporter, partner_reader, reader, runner, uploader
from tests.include.web.conftest import Web, storekeeper_app
from tests.include.web.fab import FAB_LOGINS
from tests.include.web.partner import WORKBOOK, asked_about, newest_day, send
from tests.include.web.test_gate import Route, routes_of

# Right → who has it, of FAB_LOGINS; the administrator has all.
HOLDERS = {
    reader: {"viewer", "uploader", "exporter"},
    runner: set(),
    editor: set(),
    uploader: {"uploader", "courier"},
    exporter: {"exporter"},
    partner_reader: {"uploader", "courier", "exporter"},
}
OURS = {uploader, exporter, partner_reader}


@pytest.fixture
def web(fab_web: Web) -> Web:
    return fab_web


def may(login: str, route: Route) -> bool:
    return login == "admin" or all(login in HOLDERS[right] for right in route.rights)


def test_a_role_gives_its_right_and_no_other(web: Web) -> None:
    routes = [
        route
        for route in routes_of(storekeeper_app(web.airflow_app).routes)
        # test_gate.py asks the others; one stands here for them.
        if OURS & set(route.rights) or route.path == "/api/reports"
    ]
    assert len(routes) > 15
    wrong = []
    for login in FAB_LOGINS:
        client = web.login(login)
        for route in routes:
            # Without a body: who is let through is told what is missing in it.
            status = client.request(route.method, web.pages + route.url).status_code
            if status >= 500 or status == 401 or may(login, route) == (status == 403):
                wrong.append(f"{login}: {route.method} {route.path}: {status}")

    assert wrong == []


def test_a_refusal_names_the_right_and_the_role(web: Web) -> None:
    for login, method, path, role in [
        ("viewer", "POST", "/partner-files", UPLOAD_ROLE),
        ("exporter", "POST", "/partner-files", UPLOAD_ROLE),
        ("uploader", "POST", "/customer-reports/1/approve", EXPORT_ROLE),
        ("uploader", "GET", "/customer-reports/1/file", EXPORT_ROLE),
        ("uploader", "GET", "/partner-files/1/content", EXPORT_ROLE),
        ("viewer", "GET", "/partner-days", f"{UPLOAD_ROLE} or {EXPORT_ROLE}"),
    ]:
        answer = web.login(login).request(method, path)

        assert answer.status_code == 403
        assert f"as the role {role} has it" in answer.json()["detail"]
        assert "can create on Partner" in answer.json()["detail"]


def test_who_put_the_files_in_neither_approves_nor_has_the_report(web: Web) -> None:
    day = newest_day()
    edition_id = asked_about(web, day).edition_id
    uploads, exports = web.login("uploader"), web.login("exporter")

    assert uploads.post(f"/customer-reports/{edition_id}/approve").status_code == 403
    assert exports.post(f"/customer-reports/{edition_id}/approve").status_code == 200
    assert uploads.get(f"/customer-reports/{edition_id}/file").status_code == 403
    assert exports.get(f"/customer-reports/{edition_id}/file").content == WORKBOOK
    deeds = uploads.get(f"/partner-days/{day}/deeds").json()["items"]
    assert [(deed["done_by"], deed["action"]) for deed in deeds] == [
        ("exporter", "downloaded"),
        ("exporter", "approved"),
    ]


def test_a_file_as_it_came_is_offered_to_who_may_export(web: Web) -> None:
    file_id = send(web, "orders", newest_day())
    address = f"/partner/files/{file_id}"

    assert f'{address}/content"' in web.browser_login("exporter").get(address).text
    assert f'{address}/content"' not in web.browser_login("uploader").get(address).text


def test_the_bar_and_the_start_are_of_what_one_may_see(web: Web) -> None:
    for login, places, start in [
        ("viewer", {"/reports"}, "/reports"),
        ("uploader", {"/reports", "/partner"}, "/reports"),
        ("courier", {"/partner"}, "/partner"),
    ]:
        browser = web.browser_login(login)
        begin = browser.get("/")
        assert begin.headers["Location"] == f"/storekeeper{start}"
        page = browser.get(start).text
        for place in ("/reports", "/partner"):
            assert (f'<a href="/storekeeper{place}"' in page) is (place in places), (login, place)
    assert 'type="file"' in web.browser_login("courier").get("/partner").text
    assert 'type="file"' not in web.browser_login("exporter").get("/partner").text
