"""What is dropped into the watched folder."""

import os
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from include.customers.deliveries import PartnerFile, list_files
from include.customers.deliveries.incoming import WHOLE_AFTER, receive_folder, whole_files
from tests.include.customers.deliveries.conftest import (
    BAD_XML,
    DAY_1,
    DAY_3,
    PARTNER,
    Depot,
    customers,
    orders,
)


@pytest.fixture
def incoming(files_folder: Path) -> Path:
    folder = files_folder / "incoming"
    folder.mkdir(parents=True)
    return folder


def received(depot: Depot) -> dict[str, PartnerFile]:
    return {file.filename: file for file in list_files(depot.connection)[0]}


def test_the_folder_is_made_where_it_is_missing(files_folder: Path) -> None:
    assert whole_files() == []
    assert (files_folder / "incoming").is_dir()


def test_what_lies_whole_is_received_and_leaves_the_folder(depot: Depot, incoming: Path) -> None:
    (incoming / f"orders_{DAY_1}.csv").write_text(orders(DAY_1, "O1 S1 5.00"))
    (incoming / "Customers.csv").write_text(customers("C1 Ada North"))
    (incoming / "stuff.csv").write_text("?")
    Path(os.fsdecode(bytes(incoming) + b"/client\xff.csv")).write_text("named in another encoding")
    waiting = [".hidden.csv", "orders.xml.part", "orders.csv.TMP", "orders.csv~"]
    for name in waiting:
        (incoming / name).write_text("unfinished")
    (incoming / "folder").mkdir()
    (incoming / "link.csv").symlink_to("/etc/hostname")
    depot.look()
    files = received(depot)
    assert {name: (file.kind, file.delivery_date) for name, file in files.items()} == {
        f"orders_{DAY_1}.csv": ("orders", DAY_1),
        # What its name does not tell is the partner's yesterday.
        "Customers.csv": ("customers", DAY_3),
        "stuff.csv": (None, DAY_3),
        "client?.csv": ("customers", DAY_3),
    }
    assert {file.received_by for file in files.values()} == {"folder"}
    assert {path.name for path in incoming.iterdir()} == {*waiting, "folder", "link.csv"}
    assert depot.rows("SELECT FROM partner.deed") == []


def test_hostile_files_are_set_aside_with_their_reasons_and_the_others_go_on(depot: Depot, incoming: Path) -> None:
    good = orders(DAY_1, "O1 S1 5.00")
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", " " * 60_000_000)
    outside = '<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><orders><order>&a;</order></orders>'
    hostile = {
        "entities": BAD_XML.encode(),
        "outside": outside.encode(),
        "zip": bomb.getvalue(),
        "cp1252": customers("C1 José Norte").encode("cp1252"),
        "nul": good.replace("O1", "O\0").encode(),
        "cut": b"<orders><order><order_id>O1",
        "large": b"x" * 2_000_001,
        "empty": b"",
    }
    readable = {"bom": good.encode("utf-8-sig"), "utf16": good.encode("utf-16")}
    for number, (name, content) in enumerate((hostile | readable).items(), start=1):
        kind = "customers" if name in ("cp1252", "zip") else "orders"
        day = DAY_1 - timedelta(days=number)
        (incoming / f"{kind}-{name}-{day:%Y%m%d}.dat").write_bytes(content)
    depot.look()
    depot.take_in()
    states = {file.filename.split("-")[1]: file.state for file in list_files(depot.connection)[0]}
    assert states == dict.fromkeys(hostile, "quarantined") | dict.fromkeys(readable, "loaded")
    assert list(incoming.iterdir()) == []
    assert len(depot.mails()) == len(hostile)
    assert all(file.reason for file in list_files(depot.connection, state="quarantined")[0])


def test_a_file_that_grows_while_it_is_received_comes_again(depot: Depot, incoming: Path) -> None:
    first, whole = orders(DAY_1, "O1 S1 5.00"), orders(DAY_1, "O1 S1 5.00", "O2 S1 6.00")
    file = incoming / f"orders_{DAY_1}.csv"
    file.write_text(first)

    def connect() -> psycopg.Connection:
        file.write_text(whole)
        return depot.database.connect()

    depot.look(connect)
    assert file.exists()
    depot.look()
    depot.take_in()
    assert depot.current_orders() == ["O1 S1 500", "O2 S1 600"]
    assert list(incoming.iterdir()) == []


def test_what_was_committed_and_not_taken_away_counts_once(depot: Depot, incoming: Path) -> None:
    file = incoming / f"orders_{DAY_1}.csv"
    for _ in range(2):
        file.write_text(orders(DAY_1, "O1 S1 5.00"))
        depot.look()
        depot.take_in()
    assert [each.state for each in list_files(depot.connection)[0]] == ["repeated", "loaded"]


def test_what_may_not_be_read_is_told_once_and_stops_no_other(depot: Depot, incoming: Path) -> None:
    (incoming / "orders_closed.csv").write_text("?")
    (incoming / "orders_closed.csv").chmod(0)
    if os.access(incoming / "orders_closed.csv", os.R_OK):
        pytest.skip("root may read everything")
    (incoming / f"orders_{DAY_1}.csv").write_text(orders(DAY_1, "O1 S1 5.00"))
    depot.look()
    depot.look()
    depot.take_in()
    assert depot.current_orders() == ["O1 S1 500"]
    [(subject, text)] = depot.mails()
    assert subject == "May not be read: a file of Demo Eats"
    assert str(incoming) in text


def test_what_is_being_written_is_left_alone(depot: Depot, incoming: Path) -> None:
    file = incoming / "orders.csv"
    file.write_text(orders(DAY_1, "O1 S1 5.00"))
    # A copy may bring an old time of modification along.
    os.utime(file, (0, 0))
    assert receive_folder(depot.database.connect, PARTNER) == []
    assert whole_files() == []
    [whole] = whole_files(datetime.now(UTC) + WHOLE_AFTER)
    assert whole.path == file
    assert abs(datetime.now(UTC) - whole.changed_at) < timedelta(minutes=1)
