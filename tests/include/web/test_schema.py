"""What SQL of reports may read, and the API's own description."""

import pytest

from tests.include.web.conftest import Web


@pytest.fixture(scope="module")
def web(module_web: Web) -> Web:
    return module_web


def test_the_views_are_listed_with_their_columns(web: Web) -> None:
    viewer = web.login("viewer")

    answer = viewer.get("/schema")

    views = {view["name"]: view for view in answer.json()["views"]}
    assert "calendar" in views
    assert all(view["comment"] and view["columns"] for view in views.values())
    assert all(column["type"] for view in views.values() for column in view["columns"])
    assert viewer.get("/schema", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_api_describes_itself_without_the_internet(web: Web) -> None:
    viewer = web.login("viewer")

    document = viewer.get("/openapi.json").json()
    page = viewer.get("/docs")

    assert document["servers"] == [{"url": "/storekeeper/api"}]
    assert page.headers["Content-Type"].startswith("text/html")
    for path in document["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    assert "//cdn" not in page.text
    nonce = page.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    assert f'<style nonce="{nonce}">' in page.text
