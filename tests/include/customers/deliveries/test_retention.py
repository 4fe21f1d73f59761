import os
from pathlib import Path

from include.customers.deliveries import get_file, problems_of
from include.customers.deliveries.retention import delete_old_files
from tests.include.customers.deliveries.conftest import CUSTOMERS, DAY_1, DAY_2, PARTNER, Depot, orders


def grow_old(depot: Depot) -> None:
    depot.connection.execute(
        """
        UPDATE partner.file SET received_at = now() - make_interval(days => %(days)s, secs => 60)
        WHERE received_at > now() - interval '1 day'
        """,
        {"days": PARTNER.retention_days},
    )


def lying(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_contents_go_and_what_is_known_of_them_stays(depot: Depot, files_folder: Path) -> None:
    old = depot.put("orders", DAY_1, orders(DAY_2, "O1 S1 5.00"))
    shared = depot.put("customers", DAY_1, CUSTOMERS)
    grow_old(depot)
    still_waiting = depot.receive("orders", DAY_2, b"waits")
    grow_old(depot)
    young = depot.receive("customers", DAY_2, CUSTOMERS)

    assert delete_old_files(depot.connection, PARTNER) == 1
    assert lying(files_folder) == sorted([still_waiting.path, young.path])
    assert get_file(depot.connection, old.file_id).deleted_at is not None
    assert get_file(depot.connection, shared.file_id).deleted_at is not None
    assert get_file(depot.connection, still_waiting.file_id).deleted_at is None
    # Its values may be personal; that there were problems is counted in its own record.
    assert problems_of(depot.connection, old.file_id)[0] == []
    assert get_file(depot.connection, old.file_id).problem_counts
    assert depot.current_orders() == ["O1 S1 500"]
    assert delete_old_files(depot.connection, PARTNER) == 0
    assert not (files_folder / old.path).parent.exists()


def test_workbooks_go_unless_somebody_is_still_to_decide(depot: Depot, files_folder: Path) -> None:
    (files_folder / "editions").mkdir(parents=True)
    for number, state in enumerate(["approved", "pending"]):
        path = f"editions/{number}/Daily_Report.xlsx"
        (files_folder / path).parent.mkdir()
        (files_folder / path).write_bytes(b"workbook")
        depot.connection.execute(
            """
            INSERT INTO partner.edition (source, business_date, dag_run_id, map_index, state, filename, path, sha256,
                byte_count, made_at, decided_at)
            VALUES ('partner', %s, 'run', %s, %s, 'Daily_Report.xlsx', %s, '', 8, now() - interval '401 days',
                CASE WHEN %s <> 'pending' THEN now() END)
            """,
            [DAY_1, number, state, path, state],
        )
    assert delete_old_files(depot.connection, PARTNER) == 1
    assert lying(files_folder) == ["editions/1/Daily_Report.xlsx"]
    assert depot.rows("SELECT state FROM partner.edition WHERE deleted_at IS NOT NULL") == [("approved",)]
    assert [path.name for path in (files_folder / "editions").iterdir()] == ["1"]


def test_what_nobody_knows_goes_after_a_day(depot: Depot, files_folder: Path) -> None:
    known = depot.receive("orders", DAY_1, b"known")
    stray = files_folder / "received" / "ab" / "ab12"
    stray.parent.mkdir()
    stray.write_bytes(b"of a transaction that failed")
    workbook = files_folder / "editions" / "cd" / "Daily_Report.xlsx"
    workbook.parent.mkdir(parents=True)
    workbook.write_bytes(b"of a run that broke off")
    assert delete_old_files(depot.connection, PARTNER) == 0
    for path in (stray, workbook, files_folder / known.path):
        os.utime(path, (0, 0))
    assert delete_old_files(depot.connection, PARTNER) == 2
    assert lying(files_folder) == [known.path]
