import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from include.customers.deliveries import TooLargeError, content_path, receive
from tests.include.customers.deliveries.conftest import DAY_1, DAY_2, PARTNER, Depot, orders


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_as_it_came(depot: Depot, files_folder: Path) -> None:
    content = bytes(range(256)) * 5000
    file = depot.receive("orders", DAY_1, content, filename="C:\\exports\\Orders.xml")
    sha256 = hashlib.sha256(content).hexdigest()
    assert (file.filename, file.sha256, file.byte_count, file.state) == ("Orders.xml", sha256, 1_280_000, "received")
    assert content_path(file).read_bytes() == content
    assert lying(files_folder) == [files_folder / "received" / sha256[:2] / sha256]
    # It holds personal data: nobody else on the machine may read it.
    assert [path.stat().st_mode & 0o077 for path in (files_folder / "received").rglob("*")] == [0, 0]


def test_the_same_content_lies_there_once(depot: Depot, files_folder: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        files = list(threads.map(lambda day: depot.receive("orders", day, orders(DAY_1)), [DAY_1, DAY_2] * 4))
    assert len({file.file_id for file in files}) == 8
    assert len(lying(files_folder)) == 1


@pytest.mark.parametrize(("kind", "most"), [("customers", 1_000_000), ("orders", 2_000_000), (None, 2_000_000)])
def test_an_upload_that_is_too_large_is_refused_without_a_trace(
    depot: Depot, files_folder: Path, kind: str | None, most: int
) -> None:
    depot.receive(kind, DAY_1, b"x" * most)  # type: ignore[arg-type]
    with pytest.raises(TooLargeError, match=f"larger than {most // 1_000_000} MB"):
        depot.receive(kind, DAY_1, b"y" * (most + 1))  # type: ignore[arg-type]
    assert len(lying(files_folder)) == 1
    assert depot.rows("SELECT count(*) FROM partner.file") == [(1,)]


def test_without_the_commit_there_is_no_file(depot: Depot) -> None:
    with depot.database.connect() as connection:
        receive(
            connection,
            PARTNER,
            io.BytesIO(b"content"),
            filename="orders.csv",
            kind="orders",
            delivery_date=DAY_1,
            came_by="upload",
            received_by="ana",
        )
        connection.rollback()
    assert depot.rows("SELECT (SELECT count(*) FROM partner.file), (SELECT count(*) FROM partner.deed)") == [(0, 0)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\0b\r\nc.csv", "abc.csv"),
        ("\udcff.csv", "?.csv"),
        ("", "unnamed"),
        ("x" * 300, "x" * 255),
    ],
)
def test_names_are_for_people_and_lead_nowhere(depot: Depot, given: str, kept: str) -> None:
    assert depot.receive("orders", DAY_1, b"", filename=given).filename == kept
