"""Putting a partner's files in through the API, and what it tells of them."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from include.config.chain import config_folder
from include.customers.deliveries.taking_in import take_in
from include.warehouse.connection import connect
from sandbox.partner.files import content
from tests.include.web.conftest import Web
from tests.include.web.partner import limit_to_one_megabyte, newest_day, partner, send, taken_in

DAY = newest_day()


@pytest.fixture
def web(emptied_web: Web) -> Web:
    return emptied_web


@pytest.fixture
def one_megabyte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file may have more."""
    limit_to_one_megabyte(tmp_path, monkeypatch)


def where(kind: str = "orders", **other: str) -> dict[str, str]:
    return {"kind": kind, "date": str(DAY), "filename": f"{kind}.xml", **other}


def kept(web: Web) -> set[Path]:
    return {path for path in (web.partner_files / "received").rglob("*") if path.is_file()}


def test_a_file_is_kept_as_it_came_with_who_sent_it(web: Web) -> None:
    user, data = web.login("user"), content("orders", DAY)

    answer = user.post("/partner-files", params=where(), content=data)

    assert answer.status_code == 201, answer.text
    file = answer.json()
    sha256 = hashlib.sha256(data).hexdigest()
    assert (file["state"], file["received_by"], file["sha256"]) == ("received", "user", sha256)
    assert (web.partner_files / "received" / sha256[:2] / sha256).read_bytes() == data
    assert user.get(web.url + answer.headers["Location"]).json() == file
    [deed] = user.get(f"/partner-days/{DAY}/deeds").json()["items"]
    assert (deed["done_by"], deed["action"], deed["file_id"]) == ("user", "uploaded", file["file_id"])


def test_what_was_put_in_is_taken_in(web: Web) -> None:
    user = web.login("user")
    for kind in ("customers", "orders"):
        user.post("/partner-files", params=where(kind), content=content(kind, DAY))
    take_in(connect, partner())

    [day] = user.get("/partner-days", params={"limit": 1}).json()

    assert (day["delivery_date"], day["customers"]["state"], day["orders"]["state"]) == (str(DAY), "loaded", "loaded")
    assert day["orders"]["loaded"]["taken_count"] == day["orders"]["loaded"]["row_count"] > 50
    assert [file["kind"] for file in user.get("/partner-files", params={"date": str(DAY)}).json()["items"]] == [
        "orders",
        "customers",
    ]


def test_large_bodies_are_taken_where_files_come_in_and_nowhere_else(web: Web) -> None:
    op, body = web.login("op"), b"x" * 3_000_000

    assert op.post("/partner-files", params=where(), content=body).status_code == 201
    for path in ("/reports", "/partner-files/1", "/customer-reports", "/partner-days"):
        assert op.post(path, content=body).status_code == 413, path
    assert web.browser_login("op").post("/partner/editions/1/approve", content=body).status_code == 413


@pytest.mark.usefixtures("one_megabyte")
def test_what_is_larger_than_the_partners_limits_is_not_kept(web: Web) -> None:
    user, kept_before = web.login("user"), kept(web)

    def chunks(count: int) -> Iterator[bytes]:
        yield from [b"x" * 100_000] * count

    # More than its kind may have; more than the route takes, with its length and without it.
    for body in (b"x" * 1_000_001, b"x" * 3_000_000, chunks(11), chunks(30)):
        answer = user.post("/partner-files", params=where(), content=body)
        assert answer.status_code == 413
        assert "MB" in answer.json()["detail"]
    assert user.post("/partner-files", params=where(), content=b"x" * 1_000_000).status_code == 201
    assert [path.stat().st_size for path in kept(web) - kept_before] == [1_000_000]


def test_a_day_that_cannot_be_meant_is_refused(web: Web) -> None:
    user, coming = web.login("user"), str(DAY + timedelta(days=2))

    answer = user.post("/partner-files", params=where(date=coming), content=b"x")

    assert answer.status_code == 422
    slip = user.post("/partner-files", params=where(date="0206-11-20"), content=b"x").json()
    assert slip["errors"] == [{"field": "date", "message": "0206-11-20 is more than ten years ago"}]
    assert answer.json()["errors"] == [{"field": "date", "message": f"{coming} has not begun"}]
    assert user.post("/partner-files", params=where(date=str(DAY + timedelta(days=1))), content=b"x").is_success


def test_days_are_told_without_a_gap(web: Web) -> None:
    taken_in(web, DAY - timedelta(days=2))
    taken_in(web, DAY)
    viewer = web.login("viewer")

    days = viewer.get("/partner-days").json()

    assert [day["delivery_date"] for day in days] == [str(DAY - timedelta(days=ago)) for ago in range(3)]
    assert [day["is_absent"] for day in days] == [False, days[1]["is_due"], False]
    assert viewer.get("/partner-days", params={"before": str(DAY)}).json() == days[1:]


def test_what_is_wrong_with_a_files_rows_is_told(web: Web) -> None:
    taken_in(web, DAY, quality="with_mistakes")
    viewer = web.login("viewer")
    [file] = viewer.get("/partner-files", params={"date": str(DAY), "kind": "orders"}).json()["items"]

    address = f"/partner-files/{file['file_id']}/problems"
    problems = viewer.get(address).json()

    counted = sum(each["count"] for each in file["problem_counts"])
    assert len(problems["items"]) == problems["total"] == counted > 0
    assert all(problem["row_number"] > 0 and problem["message"] for problem in problems["items"])
    beyond = viewer.get(address, params={"offset": counted}).json()
    assert (beyond["items"], beyond["total"]) == ([], counted)
    assert viewer.get("/partner-files/999/problems").status_code == 404


def test_a_file_is_had_as_it_came_until_its_retention_is_over(web: Web) -> None:
    data = b"\xff\xfe\x00"
    file_id = send(web, "orders", DAY, data)
    address = f"/partner-files/{file_id}/content"
    user = web.login("user")

    answer = user.get(address)

    assert answer.content == data
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert web.browser_login("user").get(f"/partner/files/{file_id}/content").content == data
    deeds = user.get(f"/partner-days/{DAY}/deeds").json()["items"]
    assert [(deed["done_by"], deed["action"], deed["file_id"]) for deed in deeds[:2]] == [
        ("user", "downloaded", file_id)
    ] * 2
    assert user.get("/partner-files/999/content").status_code == 404
    take_in(connect, partner())
    with web.database.connect() as connection:
        connection.execute("UPDATE partner.file SET deleted_at = now()")
    gone = user.get(address)
    assert (gone.status_code, "retention" in gone.json()["detail"]) == (410, True)


def test_without_a_partner_nothing_can_be_put_in(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(config_folder(), tmp_path / "chain")
    (folder / "partner.yaml").unlink()
    monkeypatch.setenv("STOREKEEPER_CONFIG", str(folder))
    user = web.login("user")

    answer = user.post("/partner-files", params=where(), content=b"x")

    assert answer.status_code == 404
    assert "partner.yaml" in answer.json()["detail"]
    assert user.post("/partner-files", params=where(), content=b"x" * 600_000).status_code == 413


def test_a_mistake_in_the_configuration_is_told(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(config_folder(), tmp_path / "chain")
    (folder / "partner.yaml").write_text("name: Demo Eats\n")
    monkeypatch.setenv("STOREKEEPER_CONFIG", str(folder))

    answer = web.login("user").get("/partner-days")

    assert answer.status_code == 503
    assert "configuration" in answer.json()["detail"]
