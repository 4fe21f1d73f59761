"""What browsers load: ours and what came from others, as it came."""

import hashlib
import re

from include.web.pages.static_files import FOLDER, files, import_map, vendored, version
from tests.include.web.conftest import Web

VENDOR = FOLDER / "vendor"


def test_what_came_from_others_is_as_it_came() -> None:
    digests = {one["file"]: one["sha256"] for one in vendored()}
    assert digests == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.glob("*.js")}


def test_what_came_from_others_names_its_version_and_licence() -> None:
    licences = (VENDOR / "LICENCES.txt").read_text()
    for one in vendored():
        assert re.fullmatch(r"\d+\.\d+\.\d+", one["version"])
        assert one["licence"] in {"MIT", "0BSD"}
        assert one["package"] in licences


def test_every_module_that_is_imported_by_name_is_there() -> None:
    known = import_map("")
    for file in files().values():
        for name in re.findall(r"""^import .* from ["']([^."'][^"']*)["'];""", file.read_text(), re.MULTILINE):
            assert f'"{name}"' in known, f"{file.name} imports {name}"


def test_a_static_file_is_kept_for_ever_by_those_who_may_see_it(web: Web) -> None:
    path = f"/static/{version()}/storekeeper.css"
    assert web.client.get(f"{web.pages}{path}").status_code == 303
    answer = web.browser_login("viewer").get(path)
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")


def test_no_other_file_is_served(web: Web) -> None:
    client = web.browser_login("viewer")
    for name in ("vendor/index.json", "..%2f__init__.py", "%2e%2e/__init__.py", "missing.js"):
        assert client.get(f"/static/{version()}/{name}").status_code == 404
    assert client.get("/static/0000/storekeeper.css").status_code == 404


def test_no_page_has_a_script_of_its_own() -> None:
    for template in (FOLDER.parent / "templates").glob("*.html"):
        html = template.read_text()
        assert not re.search(r"\son\w+=|style=", html), template.name
        for tag in re.findall(r"<script[^>]*>", html):
            assert "src=" in tag or 'type="importmap" nonce' in tag or 'type="application/json"' in tag, template.name
