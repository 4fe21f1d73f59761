from collections.abc import Callable

import httpx

from tests.sandbox.google.conftest import token
from tests.sandbox_process import Sandbox


def make(sandbox: Sandbox) -> str:
    headers = {"Authorization": f"Bearer {token(sandbox, 'robot@example.com')}"}
    call: Callable[..., httpx.Response] = lambda path, body: httpx.post(  # noqa: E731
        f"{sandbox.google_url}/v4/spreadsheets{path}", headers=headers, json=body
    ).raise_for_status()
    file_id: str = call("", {"properties": {"title": "Sales <b>"}}).json()["spreadsheetId"]
    rows = [["Item", "Net"], ["<i>Soup</i>", 4.5]]
    call(f"/{file_id}/values:batchUpdate", {"valueInputOption": "RAW", "data": [{"range": "A1", "values": rows}]})
    call(f"/{file_id}:batchUpdate", {"requests": [{"addSheet": {"properties": {"title": "Empty"}}}]})
    return file_id


def test_a_sheet_is_a_table_with_its_tabs(sandbox: Sandbox) -> None:
    file_id = make(sandbox)

    home = httpx.get(sandbox.url).text
    page = httpx.get(f"{sandbox.url}/sheets/{file_id}").text

    for text in (home, page):
        assert "Sales &lt;b&gt;" in text
        assert "Empty" in text
    assert "&lt;i&gt;Soup&lt;/i&gt;" in page
    assert '<td class="number">4.5</td>' in page


def test_a_tab_is_chosen_by_its_id(sandbox: Sandbox) -> None:
    file_id = make(sandbox)
    (book,) = httpx.get(f"{sandbox.url}/sandbox/sheets").json()
    assert book["id"] == file_id
    first, second = book["tabs"]
    assert first["rows"] == [["Item", "Net"], ["<i>Soup</i>", "4.5"]]

    assert "This tab is empty" in httpx.get(f"{sandbox.url}/sheets/{file_id}?gid={second['id']}").text
    assert httpx.get(f"{sandbox.url}/sheets/{file_id}?gid=12345").status_code == 404


def test_a_hidden_tab_is_not_shown(sandbox: Sandbox) -> None:
    file_id = make(sandbox)
    headers = {"Authorization": f"Bearer {token(sandbox, 'robot@example.com')}"}
    draft = {"addSheet": {"properties": {"sheetId": 7, "title": "Draft", "hidden": True}}}
    httpx.post(
        f"{sandbox.google_url}/v4/spreadsheets/{file_id}:batchUpdate", headers=headers, json={"requests": [draft]}
    ).raise_for_status()

    assert "Draft" not in httpx.get(f"{sandbox.url}/sheets/{file_id}").text
    assert httpx.get(f"{sandbox.url}/sheets/{file_id}?gid=7").status_code == 404
