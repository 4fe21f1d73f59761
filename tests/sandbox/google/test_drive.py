from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.sandbox.google.conftest import token
from tests.sandbox_process import Sandbox, running_sandbox

Api = Callable[..., httpx.Response]
FILES = "/drive/v3/files"
SHEET = {"name": "Book", "mimeType": "application/vnd.google-apps.spreadsheet", "appProperties": {"key": "7"}}


def create(api: Api, **more: str | list[str]) -> str:
    file_id: str = api("POST", FILES, json=SHEET | more).raise_for_status().json()["id"]
    return file_id


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("name = 'Book'", True),
        ('name = "Book" and trashed = false', True),
        ("name = 'Book' and trashed = true", False),
        ("name contains 'boo'", True),
        ("not name = 'Book'", False),
        ("mimeType = 'text/csv' or name = 'Book'", True),
        ("mimeType = 'text/csv' and (name = 'Book' or name = 'x')", False),
        ("appProperties has { key='key' and value='7' }", True),
        ("appProperties has { key='key' and value='8' }", False),
        ("'root' in parents", True),
    ],
)
def test_files_are_found_by_query(api: Api, q: str, is_found: bool) -> None:
    file_id = create(api)
    found = api("GET", FILES, params={"q": q}).raise_for_status().json()["files"]
    assert [file["id"] for file in found] == ([file_id] if is_found else [])


@pytest.mark.parametrize("q", ["name", "name =", "size > 5", "name = 'x", "name = 'x' and", "(name = 'x'"])
def test_a_query_that_google_does_not_know_is_refused(api: Api, q: str) -> None:
    answer = api("GET", FILES, params={"q": q})
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == "invalid"


def test_a_quote_in_a_name_is_escaped_with_a_backslash(api: Api) -> None:
    create(api, name="Joe's")
    assert api("GET", FILES, params={"q": "name = 'Joe\\'s'"}).json()["files"][0]["name"] == "Joe's"


def test_pages_follow_one_another(api: Api) -> None:
    ids = {create(api) for _ in range(5)}
    seen: list[str] = []
    parameters = {"pageSize": "2"}
    while True:
        answer = api("GET", FILES, params=parameters).json()
        seen += [file["id"] for file in answer["files"]]
        if "nextPageToken" not in answer:
            break
        parameters["pageToken"] = answer["nextPageToken"]
    assert len(seen) == 5
    assert set(seen) == ids


def test_only_the_fields_that_were_asked_for_are_answered(api: Api) -> None:
    create(api)
    (file,) = api("GET", FILES, params={"fields": "files(name,permissions(role))"}).json()["files"]
    assert file == {"name": "Book", "permissions": [{"role": "owner"}]}
    (file,) = api("GET", FILES).json()["files"]
    assert file.keys() == {"kind", "id", "name", "mimeType"}


def test_a_file_is_seen_by_those_it_was_shared_with(api: Api) -> None:
    file_id = create(api)
    permissions, book = f"{FILES}/{file_id}/permissions", f"/v4/spreadsheets/{file_id}"
    reader = {"type": "user", "role": "reader", "emailAddress": "ana@example.com"}

    assert api("GET", f"{FILES}/{file_id}", account="ana@example.com").status_code == 404
    assert api("GET", book, account="ana@example.com").status_code == 403
    first = api("POST", permissions, json=reader).json()
    assert api("POST", permissions, json=reader).json() == first
    assert api("GET", book, account="ana@example.com").status_code == 200
    assert api("POST", f"{book}:batchUpdate", account="ana@example.com", json={}).status_code == 403
    assert api("DELETE", f"{permissions}/{first['id']}").status_code == 204
    assert api("GET", book, account="ana@example.com").status_code == 403


def test_files_are_renamed_trashed_and_deleted_by_their_owner(api: Api) -> None:
    file_id = create(api)
    assert api("PATCH", f"{FILES}/{file_id}", json={"name": "New"}).json()["name"] == "New"
    api("PATCH", f"{FILES}/{file_id}", json={"trashed": True}).raise_for_status()
    assert api("GET", FILES, params={"q": "trashed = false"}).json()["files"] == []
    assert api("DELETE", f"{FILES}/{file_id}").status_code == 204
    assert api("GET", f"{FILES}/{file_id}").status_code == 404


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic x"])
@pytest.mark.parametrize("path", [FILES, "/v4/spreadsheets/x"])
def test_without_a_token_there_is_nothing(sandbox: Sandbox, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = httpx.get(sandbox.google_url + path, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "no jwt"},
    ],
)
def test_a_token_is_given_for_a_jwt_only(sandbox: Sandbox, form: dict[str, str]) -> None:
    assert httpx.post(f"{sandbox.google_url}/token", data=form).status_code == 400


def test_too_many_requests_are_refused_in_googles_words(api: Api, sandbox: Sandbox) -> None:
    file_id = create(api)
    sandbox.set_fault(status=429, retry_after=7, path="/google/v4", times=1)
    answer = api("GET", f"/v4/spreadsheets/{file_id}")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert api("GET", f"/v4/spreadsheets/{file_id}").status_code == 200


def test_files_and_tokens_survive_a_restart(tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "state") as first:
        headers = {"Authorization": f"Bearer {token(first, 'robot@example.com')}"}
        file_id = httpx.post(f"{first.google_url}/v4/spreadsheets", headers=headers, json={}).json()["spreadsheetId"]
    with running_sandbox(tmp_path / "state") as second:
        answer = httpx.get(f"{second.google_url}/v4/spreadsheets/{file_id}", headers=headers)
    assert answer.json()["properties"]["title"] == "Untitled spreadsheet"


def test_a_file_is_made_in_a_folder_that_there_is(api: Api) -> None:
    folder = create(api, name="Reports", mimeType="application/vnd.google-apps.folder")
    inside = create(api, parents=[folder])
    found = api("GET", FILES, params={"q": f"'{folder}' in parents"}).json()["files"]
    assert [file["id"] for file in found] == [inside]
    assert api("POST", FILES, json=SHEET | {"parents": ["nowhere"]}).status_code == 404
    assert api("POST", FILES, json=SHEET | {"parents": [inside]}).status_code == 403
