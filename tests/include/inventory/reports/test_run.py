"""Whole reports: out of the ledger, into files, a sheet of the stand-in and the outbox."""

import csv
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.inventory.reports.progress import NotDeductedYetError
from include.inventory.reports.run import compare_with_square, report_chain, report_location
from tests.conftest import Database
from tests.include.inventory.reports.conftest import DAY, Kitchen, context, open_chain
from tests.include.warehouse.square_json import line, order
from tests.sandbox_process import Sandbox


def mails(connection: psycopg.Connection) -> list[tuple[str, str]]:
    return list(connection.execute("SELECT subject, text_body FROM outbox.message ORDER BY created_at"))


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text("utf-8-sig").splitlines()))


@pytest.mark.usefixtures("chain_kitchen")
def test_a_location_gets_logs_tabs_and_mail(outputs: Path, sandbox: Sandbox, connection: psycopg.Connection) -> None:
    outcome = report_location("Manhattan", None, context())

    assert outcome["deduction_file"] == "deduction_log_manhattan_2026-03-02_20260401T000000Z.csv"
    headings, *rows = table(outputs / str(outcome["deduction_file"]))
    assert [headings[3], *headings[4:10]] == [
        "Order", "Item", "Variation", "Modifier", "Ingredient", "Deducted", "Unit",
    ]  # fmt: skip
    assert sorted([row[1], *row[3:]] for row in rows) == [
        ["2026-03-02 13:00:00", "at Manhattan", "Margherita-M", "", "", "cheese", "0.2", "g", "sale"],
        ["2026-03-02 13:00:00", "at Manhattan", "Margherita-M", "", "", "dough", "0.5", "g", "sale"],
        ["2026-03-02 13:00:00", "at Manhattan", "Margherita-M", "", "Olives", "cheese", "-0.1", "g", "sale"],
        ["2026-03-02 13:00:00", "at Manhattan", "Margherita-M", "", "Olives", "olives", "0.06", "g", "sale"],
    ]
    (book,) = httpx.get(f"{sandbox.url}/sandbox/sheets").json()
    assert book["name"] == "Stock log, Manhattan, 2026-W10"
    tabs = {tab["title"]: tab["rows"] for tab in book["tabs"]}
    assert tabs.keys() == {"2026-03-02 deductions", "2026-03-02 restock"}
    assert len(tabs["2026-03-02 deductions"]) == 5
    assert "manhattan@example.com" in book["readers"]
    ((subject, text),) = mails(connection)
    # 2 x (0.25 x 120 + 0.1 x 900): the olives save as much cheese as they cost.
    assert subject == "Stock, Manhattan, Mon, Mar 2: $2.40 used (10.4% of sales)"
    assert "Below zero" not in text
    assert str(outcome["sheet_url"]) in text


@pytest.mark.usefixtures("chain_kitchen", "outputs")
def test_the_chain_gets_all_locations_side_by_side(connection: psycopg.Connection) -> None:
    assert report_chain(None, context()) == {"mailed": True}
    ((subject, text),) = mails(connection)
    assert subject == "Stock, Storekeeper Pizza, Mon, Mar 2: $9.60 used (10.4% of sales)"
    assert "Chicago Loop: $2.40 used (10.4% of net sales)" in text


@pytest.mark.usefixtures("outputs")
def test_a_rerun_mails_nothing_and_changed_figures_are_corrected(
    chain_kitchen: Kitchen, connection: psycopg.Connection
) -> None:
    report_location("Manhattan", None, context())
    report_location("Manhattan", 0, context(run_after=datetime(2026, 4, 2, tzinfo=UTC)))
    assert len(mails(connection)) == 1

    chain_kitchen.sold(order("at Manhattan", line(quantity=3), location_id="L-Manhattan", version=2))
    chain_kitchen.connection.commit()
    report_location("Manhattan", None, context())
    assert [subject[:10] for subject, _ in mails(connection)] == ["Stock, Man", "Corrected:"]


@pytest.mark.usefixtures("outputs")
def test_what_somebody_has_to_do_is_in_the_mail(chain_kitchen: Kitchen, connection: psycopg.Connection) -> None:
    noon = datetime(2026, 3, 2, 17, tzinfo=UTC)
    chain_kitchen.tell("count", "dough", "9", noon + timedelta(hours=8), location_id="L-Manhattan")
    chain_kitchen.tell("opening", "cheese", "0", noon, location_id="L-Manhattan")
    chain_kitchen.tell("waste", "cheese", "1", noon, location_id="L-Manhattan")
    chain_kitchen.sold(order("o", line(variation_id="lasagne"), location_id="L-Manhattan"))
    chain_kitchen.connection.execute(
        """
        INSERT INTO inventory.square_difference
            (found_by, found_date, location_key, ingredient_key, ledger_quantity, expected_quantity, square_quantity)
        VALUES ('comparison', %s, %s, %s, 9, 9, 7)
        """,
        [DAY, chain_kitchen.location_key("L-Manhattan"), chain_kitchen.ingredient("dough")],
    )
    chain_kitchen.connection.commit()

    report_location("Manhattan", 1, context())

    ((subject, text),) = mails(connection)
    assert subject.endswith("used (7.3% of sales), 1 without recipe, 1 below zero")
    for expected in (
        " Margherita Medium\n",
        "trigger\ninventory_deduction with 2026-03-02",
        "cheese: -1 g\n",
        "dough: -0.5 g, -$0.60",
        "dough: ours 9 g, Square's 7 g",
        "Thrown away: $9.00",
    ):
        assert expected in text, expected


@pytest.mark.usefixtures("outputs")
def test_the_days_stock_is_that_of_its_end(chain_kitchen: Kitchen, connection: psycopg.Connection) -> None:
    """What came later is not in it, so that the same day reads the same a month later."""
    report_location("Manhattan", None, context())
    chain_kitchen.tell("receipt", "dough", "50", datetime(2026, 3, 9, 17, tzinfo=UTC), location_id="L-Manhattan")
    chain_kitchen.connection.commit()
    report_location("Manhattan", None, context())
    ((_, text),) = mails(connection)
    assert "On the shelves at the end of the day: $11.40" in text


@pytest.mark.usefixtures("outputs")
def test_what_was_taken_over_later_was_no_stock_then(chain_kitchen: Kitchen, connection: psycopg.Connection) -> None:
    """The sum of what was sold until then lies below zero, and nobody had said yet how much there was."""
    chain_kitchen.tell("opening", "cheese", "5", datetime(2026, 3, 9, 17, tzinfo=UTC), location_id="L-Chicago Loop")
    chain_kitchen.connection.commit()
    report_location("Chicago Loop", None, context())
    ((subject, text),) = mails(connection)
    assert "below zero" not in subject
    assert "Below zero" not in text
    assert "On the shelves at the end of the day: not known" in text


@pytest.mark.usefixtures("outputs")
def test_orders_that_the_ledger_lacks_are_waited_for(chain_kitchen: Kitchen, connection: psycopg.Connection) -> None:
    chain_kitchen.requeue()
    chain_kitchen.connection.commit()
    with pytest.raises(NotDeductedYetError, match="inventory_deduction has yet to take 1 orders of 2026-03-02 off"):
        report_location("Manhattan", None, context())
    assert mails(connection) == []


@pytest.mark.usefixtures("outputs")
def test_a_day_that_is_open_is_reported_so_far(database: Database, connection: psycopg.Connection) -> None:
    now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    with database.connect() as writing:
        open_chain(writing, synced_until_at=now)
    report_location("Manhattan", None, context(run_after=now))
    ((subject, text),) = mails(connection)
    assert subject.startswith("So far: Stock, Manhattan")
    assert "SO FAR: the day is not over. Sales until Mon, Mar 2, 2026, 15:00 EST." in text


@pytest.mark.usefixtures("chain_kitchen", "outputs")
@pytest.mark.parametrize(
    ("params", "message"),
    [({"locations": ["Boston"]}, "the chain has no Boston"), ({"date": "2026-02-30"}, "date: day is out of range")],
)
def test_a_param_that_cannot_be_fails_at_once(params: dict[str, Any], message: str) -> None:
    with pytest.raises(AirflowFailException, match=message):
        report_location("Manhattan", None, context(**params))


@pytest.mark.usefixtures("chain_kitchen", "outputs")
def test_a_location_that_is_not_asked_for_is_skipped() -> None:
    with pytest.raises(AirflowSkipException):
        report_location("Manhattan", None, context(locations=["Chicago Loop"]))
    with pytest.raises(AirflowSkipException):
        report_chain(None, context(locations=["Chicago Loop"]))


NEWEST = context(run_after=datetime(2026, 3, 3, 13, tzinfo=UTC))


@pytest.mark.usefixtures("chain_kitchen", "outputs")
def test_square_is_compared_for_the_newest_day_only(connection: psycopg.Connection) -> None:
    assert compare_with_square(context()) is None
    assert compare_with_square(NEWEST) == 1
    row = connection.execute(
        "SELECT found_date, location_name, ingredient_name, square_quantity FROM reporting.square_difference"
    ).fetchone()
    assert row == (DAY, "Manhattan", "dough", None)


@pytest.mark.usefixtures("outputs")
def test_while_square_is_away_the_report_goes_out_without_it(
    chain_kitchen: Kitchen, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    variation = {"id": "dough", "item_variation_data": {"sku": "ingredient:dough", "track_inventory": True}}
    chain_kitchen.connection.execute(
        "INSERT INTO bronze.square_catalog (object_id, object_type, version, updated_at, body)"
        " VALUES ('item', 'ITEM', 1, now(), %s)",
        [json.dumps({"item_data": {"variations": [variation]}})],
    )
    chain_kitchen.connection.commit()
    sandbox.set_fault(status=401, path="/square")
    assert compare_with_square(NEWEST) is None
    assert "goes out without the comparison" in caplog.text


@pytest.mark.usefixtures("outputs")
def test_the_restock_log_says_what_how_much_why_and_who(chain_kitchen: Kitchen, outputs: Path) -> None:
    connection = chain_kitchen.connection
    keys = {"location": chain_kitchen.location_key("L-Manhattan"), "dough": chain_kitchen.ingredient("dough")}
    connection.execute("INSERT INTO inventory.supplier (name, is_active) VALUES ('Roma Foods', true)")
    connection.execute(
        """
        INSERT INTO inventory.shortage
            (location_key, ingredient_key, level, on_hand, on_order, reorder_point, opened_at, told_at)
        VALUES (%(location)s, %(dough)s, 'low', 2, 0, 5, '2026-03-02 15:00Z', '2026-03-02 15:00Z')
        """,
        keys,
    )
    connection.execute(
        """
        INSERT INTO inventory.purchase_order
            (location_key, supplier_key, state, run_id, proposed_at, answer_by_at, order_by_at, expected_date, currency,
             decided_at, decided_by)
        SELECT %(location)s, supplier_key, 'ordered', 'run', '2026-03-02 15:00Z', '2026-03-02 18:00Z',
            '2026-03-02 19:00Z', '2026-03-03', 'USD', '2026-03-02 16:00Z', 'maria'
        FROM inventory.supplier
        """,
        keys,
    )
    connection.execute(
        """
        INSERT INTO inventory.purchase_order_line
            (purchase_order_key, ingredient_key, pack_name, pack_quantity, pack_price_cents, proposed_pack_count,
             ordered_pack_count, on_hand, on_order, reorder_point, maximum_quantity, runs_out_date)
        SELECT purchase_order_key, %(dough)s, '5 g bag', 5, 600, 3, 2, 2, 0, 5, 20, '2026-03-04'
        FROM inventory.purchase_order
        """,
        keys,
    )
    chain_kitchen.tell("receipt", "dough", "10", datetime(2026, 3, 2, 20, tzinfo=UTC), location_id="L-Manhattan")
    connection.commit()

    outcome = report_location("Manhattan", None, context(mail=False))

    _, *rows = table(outputs / str(outcome["restock_file"]))
    why = "2 g on hand, 0 g on order, reorder point 5 g"
    [order_number] = chain_kitchen.rows("SELECT number FROM inventory.purchase_order")
    assert [[row[1][11:16], *row[3:6], *row[7:12], *row[13:]] for row in rows] == [
        ["10:00", "proposed", "dough", "15", "3", "5 g bag", order_number, "Roma Foods", "18.00",
         f"{why}, runs out 2026-03-04", ""],
        ["10:00", "ran short", "dough", "", "", "", "", "", "", why, ""],
        ["11:00", "ordered", "dough", "10", "2", "5 g bag", order_number, "Roma Foods", "12.00",
         f"{why}, runs out 2026-03-04", "maria"],
        ["15:00", "received", "dough", "10", "", "", "", "", "", "", "Sam"],
    ]  # fmt: skip
    assert Decimal(outcome["restock_count"] or 0) == 4
