"""The stories of files: first, corrected, undone, repeated, late, broken."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from include.customers.deliveries import content_path, files_of, get_file, problems_of
from tests.include.customers.deliveries.conftest import (
    BAD_XML,
    CUSTOMERS,
    DAY_1,
    DAY_2,
    DAY_3,
    ORDERS,
    PARTNER,
    Depot,
    customers,
    orders,
)


def test_a_days_two_files_are_loaded_with_who_when_hash_and_counts(depot: Depot) -> None:
    depot.receive("customers", DAY_1, customers("C1 Ada North", "C2 Bo South"), filename="c.csv")
    file = depot.receive("orders", DAY_1, orders(DAY_1, "O1 S1 5.00", "O1 S2 1.50", "O2 S1 -"), filename="o.csv")
    lenient = PARTNER.model_copy(update={"limits": PARTNER.limits.model_copy(update={"rejected_percentage": "50"})})
    assert depot.take_in(lenient) == [(DAY_1, "customers"), (DAY_1, "orders")]
    assert depot.current_orders() == ["O1 S1 500", "O1 S2 150"]
    file = get_file(depot.connection, file.file_id)
    assert (file.state, file.received_by, file.filename, file.format) == ("loaded", "ana", "o.csv", "csv")
    assert (file.row_count, file.taken_count, file.rejected_count, file.late_count) == (3, 2, 1, 0)
    [problem] = problems_of(depot.connection, file.file_id)[0]
    assert (problem.row_number, problem.column_name, problem.is_rejected) == (3, "total_amount", True)
    assert depot.rows("SELECT customer_id, region FROM silver.partner_customers ORDER BY 1") == [
        ("C1", "North"),
        ("C2", "South"),
    ]
    assert depot.rows("SELECT done_by, action FROM partner.deed") == [("ana", "uploaded")] * 2


def test_nothing_is_left_to_do_the_second_time(depot: Depot) -> None:
    depot.receive("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"))
    assert depot.take_in() == [(DAY_1, "orders")]
    assert depot.take_in() == []


def test_the_same_file_again_changes_nothing(depot: Depot) -> None:
    first = depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"))
    before = depot.rows("SELECT xmin, ctid, file_id FROM silver.partner_orders")
    again = depot.receive("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"), filename="again.csv")
    assert depot.take_in() == []
    again = get_file(depot.connection, again.file_id)
    assert again.state == "repeated"
    assert again.reason is not None
    assert str(first.file_id) in again.reason
    assert again.path == first.path
    assert depot.rows("SELECT xmin, ctid, file_id FROM silver.partner_orders") == before
    assert depot.mails() == []


def test_a_corrected_file_replaces_all_of_the_days(depot: Depot) -> None:
    first = depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00", "O1 S2 1.00", "O2 S1 7.00"))
    second = depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 6.00", "O3 S1 2.00"))
    assert depot.current_orders() == ["O1 S1 600", "O3 S1 200"]
    assert [file.state for file in files_of(depot.connection, DAY_1)] == ["loaded", "replaced"]
    assert depot.rows("SELECT DISTINCT file_id FROM silver.partner_orders") == [(second.file_id,)]
    assert first.sha256 != second.sha256


def test_a_correction_is_undone_by_the_first_file(depot: Depot) -> None:
    depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"))
    depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 6.00"))
    depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"))
    assert depot.current_orders() == ["O1 S1 500"]
    assert [file.state for file in files_of(depot.connection, DAY_1)] == ["loaded", "replaced", "replaced"]


def test_the_newest_delivery_that_names_an_order_holds_with_all_of_it(depot: Depot) -> None:
    depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00", "O1 S2 1.00", "O2 S1 7.00"))
    depot.put("orders", DAY_2, orders(DAY_1, "O1 S1 9.00"))
    assert depot.current_orders() == ["O1 S1 900", "O2 S1 700"]
    # A correction of the older day changes nothing of what a newer one tells.
    depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 4.00", "O1 S3 1.00"))
    assert depot.current_orders() == ["O1 S1 900"]
    # Without it in the newer day, the older one's holds again.
    depot.put("orders", DAY_2, orders(DAY_2, "O4 S1 1.00"))
    assert depot.current_orders() == ["O1 S1 400", "O1 S3 100", "O4 S1 100"]


def test_of_three_days_the_second_holds_when_the_third_takes_it_back(depot: Depot) -> None:
    for day, amount in ((DAY_1, 1), (DAY_2, 2), (DAY_3, 3)):
        depot.put("orders", day, orders(day, f"O1 S1 {amount}.00"))
    depot.put("orders", DAY_2, orders(DAY_2, "O1 S1 7.00"))
    assert depot.current_orders() == ["O1 S1 300"]
    depot.put("orders", DAY_3, orders(DAY_3))
    assert depot.current_orders() == ["O1 S1 700"]


def test_a_customer_holds_as_the_newest_delivery_tells(depot: Depot) -> None:
    def current() -> list[tuple[str, str]]:
        return depot.rows("SELECT customer_id, region FROM silver.partner_customers WHERE is_current ORDER BY 1")

    depot.put("customers", DAY_2, customers("C1 Ada West"))
    depot.put("customers", DAY_1, customers("C1 Ada East", "C2 Bo East"))
    assert current() == [("C1", "West"), ("C2", "East")]
    depot.put("customers", DAY_2, CUSTOMERS)
    assert current() == [("C1", "East"), ("C2", "East")]


def test_a_late_order_lands_on_its_own_day_and_is_counted(depot: Depot) -> None:
    after = orders(DAY_3, "O2 S1 1.00").removeprefix(ORDERS)
    file = depot.put("orders", DAY_3, orders(DAY_1, "O1 S1 5.00", "O1 S2 5.00") + after)
    assert file.late_count == 1
    assert depot.rows("SELECT order_id, business_date FROM silver.partner_orders GROUP BY 1, 2 ORDER BY 1") == [
        ("O1", DAY_1),
        ("O2", DAY_3),
    ]


def test_of_repeated_rows_the_last_counts_and_the_others_are_told(depot: Depot) -> None:
    file = depot.put("orders", DAY_1, orders(DAY_2, "O1 S1 5.00", "O1 S2 1.00", "O1 S1 6.00", "O1 S1 7.00"))
    assert depot.current_orders() == ["O1 S1 700", "O1 S2 100"]
    assert (file.row_count, file.taken_count, file.rejected_count) == (4, 2, 0)
    told = {(each["column"], each["kind"]): each["count"] for each in file.problem_counts}
    assert told == {("order_id", "repeated row"): 2, ("order_date_time", "after the day"): 4}
    repeated = [each for each in problems_of(depot.connection, file.file_id)[0] if each.kind == "repeated row"]
    assert [(each.row_number, each.message) for each in repeated] == [
        (1, "row 4 has the same order and SKU: that one counts"),
        (3, "row 4 has the same order and SKU: that one counts"),
    ]


def test_what_cannot_be_read_is_told_and_stops_no_other(depot: Depot) -> None:
    held = depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"), filename="good.csv")
    bad = depot.receive("orders", DAY_1, BAD_XML, filename="bomb.xml")
    depot.receive("orders", DAY_2, orders(DAY_2, "O2 S1 5.00"))
    assert depot.take_in() == [(DAY_2, "orders")]
    assert depot.current_orders() == ["O1 S1 500", "O2 S1 500"]
    bad = get_file(depot.connection, bad.file_id)
    assert (bad.state, bad.taken_count) == ("quarantined", 0)
    assert bad.reason is not None
    [(subject, text)] = depot.mails()
    assert subject == "Not taken in: bomb.xml of Demo Eats"
    assert bad.reason in text
    assert f"{held.filename}, which was loaded before, holds on" in text
    assert f"/storekeeper/partner/{DAY_1}" in text
    assert content_path(bad).read_text() == BAD_XML


def test_too_many_wrong_rows_leave_nothing_but_why(depot: Depot) -> None:
    file = depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00", "O2 S1 secret"))
    assert (file.state, file.row_count, file.rejected_count) == ("quarantined", 2, 1)
    assert depot.current_orders() == []
    assert [problem.value for problem in problems_of(depot.connection, file.file_id)[0]] == ["secret"]
    assert "secret" not in depot.mails()[0][1]


@pytest.mark.parametrize(
    ("kind", "day", "words"),
    [
        (None, DAY_1, "customers or orders"),
        ("orders", None, "which day"),
        ("orders", DAY_3.replace(year=DAY_3.year + 1, day=1), "no day whose records"),
        ("orders", DAY_3.replace(year=DAY_3.year - 11, day=1), "no day whose records"),
    ],
)
def test_a_file_that_does_not_tell_what_it_is_of_is_set_aside(
    depot: Depot, kind: str | None, day: object, words: str
) -> None:
    file = depot.put(kind, day, orders(DAY_1, "O1 S1 5.00"))  # type: ignore[arg-type]
    assert file.state == "quarantined"
    assert words in str(file.reason)


def test_another_days_file_is_no_file_of_this_day_unless_it_is_empty(depot: Depot) -> None:
    depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"), filename="first.csv")
    file = depot.put("orders", DAY_2, orders(DAY_1, "O1 S1 5.00"))
    assert file.state == "quarantined"
    assert f"{DAY_1} (first.csv)" in str(file.reason)
    assert depot.put("customers", DAY_1, CUSTOMERS).state == "loaded"
    assert depot.put("customers", DAY_2, CUSTOMERS).state == "loaded"


def test_a_content_that_is_gone_is_told(depot: Depot, files_folder: Path) -> None:
    file = depot.receive("orders", DAY_1, orders(DAY_1, "O1 S1 5.00"))
    (files_folder / file.path).unlink()
    depot.take_in()
    assert get_file(depot.connection, file.file_id).state == "quarantined"


def test_a_database_that_fails_leaves_the_file_as_it_came(depot: Depot) -> None:
    held = depot.put("orders", DAY_1, orders(DAY_1, "O1 S1 4.00"))
    file = depot.receive("orders", DAY_1, orders(DAY_1, "O1 S1 5.00", "O1 S1 6.00"))
    with depot.database.connect("storekeeper_owner") as owner:
        owner.execute(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE 'shutting down' USING ERRCODE = 'admin_shutdown'; END $$;
            CREATE TRIGGER fail AFTER INSERT ON silver.partner_orders EXECUTE FUNCTION fail();
            """
        )
    with pytest.raises(psycopg.errors.AdminShutdown):
        depot.take_in()
    assert get_file(depot.connection, file.file_id).state == "received"
    assert get_file(depot.connection, held.file_id).state == "loaded"
    assert depot.current_orders() == ["O1 S1 400"]
    assert problems_of(depot.connection, file.file_id)[0] == []
    with depot.database.connect("storekeeper_owner") as owner:
        owner.execute("DROP TRIGGER fail ON silver.partner_orders")
    assert depot.take_in() == [(DAY_1, "orders")]
    assert depot.current_orders() == ["O1 S1 600"]


def test_two_at_once_settle_each_file_once(depot: Depot) -> None:
    for amount in range(6):
        depot.receive("orders", DAY_1, orders(DAY_1, f"O1 S1 {amount}.00"))
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(depot.take_in) for _ in range(2)]:
            done.result()
    assert depot.current_orders() == ["O1 S1 500"]
    assert [file.state for file in files_of(depot.connection, DAY_1)] == ["loaded"] + ["replaced"] * 5
