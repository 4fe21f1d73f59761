"""The partner's files: sent into the folder that Storekeeper watches, and downloaded to be uploaded by hand."""

from pathlib import Path

import httpx
import pytest

from sandbox.partner.files import content
from sandbox.partner.sending import yesterday
from tests.sandbox_process import Sandbox, running_sandbox

SAME = "same-origin"


def send(sandbox: Sandbox, **fields: str) -> httpx.Response:
    headers = {"Sec-Fetch-Site": SAME}
    return sandbox.client.post(f"{sandbox.url}/send-files", data=fields, headers=headers, follow_redirects=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("partner") / "incoming"


def test_files_are_sent_corrected_and_downloaded(folder: Path) -> None:
    with running_sandbox(folder.parent / "state", {"SANDBOX_PARTNER_FOLDER": str(folder)}) as sandbox:
        answer = send(sandbox, day="2026-11-20", quality="as_usual")
        assert "Sent customers_20261120.csv and orders_20261120.xml." in answer.text
        sent = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert sent.keys() == {"customers_20261120.csv", "orders_20261120.xml"}
        assert "Sent orders_20261120.xml." in send(sandbox, day="2026-11-20", quality="corrected").text
        assert len((folder / "orders_20261120.xml").read_bytes()) > len(sent["orders_20261120.xml"])
        assert send(sandbox, day="soon", quality="as_usual").status_code == 400
        name = f"orders_{yesterday():%Y%m%d}.xml"
        assert name in sandbox.client.get(sandbox.url).text
        download = sandbox.client.get(f"{sandbox.url}/partner-files/{name}")
        assert download.content == content("orders", yesterday())
        assert sandbox.client.get(f"{sandbox.url}/partner-files/..%2Fsecrets").status_code == 404


def test_without_a_folder_there_is_no_partner(sandbox: Sandbox) -> None:
    assert "A partner's files" not in sandbox.client.get(sandbox.url).text
    assert send(sandbox, day="2026-11-20").status_code == 400
