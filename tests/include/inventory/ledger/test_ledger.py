"""The ledger itself: nobody rewrites it, one writes at a time, and its sums are kept by itself."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psycopg
import pytest

from include.inventory.ledger import deduct_all
from include.warehouse import gold
from include.warehouse.delete_location import delete_location
from tests.conftest import Database
from tests.include.inventory.ledger.conftest import RESTOCKING, Store
from tests.include.warehouse.square_json import line, order


@pytest.mark.parametrize("table", ["movement", "entry"])
@pytest.mark.parametrize(
    "statement", ["UPDATE inventory.{} SET quantity = 0", "DELETE FROM inventory.{}", "TRUNCATE inventory.{}"]
)
def test_the_application_cannot_rewrite_the_ledger(store: Store, table: str, statement: str) -> None:
    store.tell("receipt", "dough", "10")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        store.connection.execute(statement.format(table).encode())


@pytest.mark.parametrize("table", ["daily_movement", "stock_level"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE inventory.{} SET quantity = 0", "DELETE FROM inventory.{}", "INSERT INTO inventory.{} DEFAULT VALUES"],
)
def test_the_application_cannot_write_the_sums(store: Store, table: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        store.connection.execute(statement.format(table).encode())


def test_the_reader_sees_stock_and_changes_nothing(store: Store, database: Database) -> None:
    store.tell("receipt", "dough", "10")
    store.connection.commit()
    with database.connect("storekeeper_reader") as reader:
        assert reader.execute("SELECT on_hand FROM inventory.stock").fetchall() == [(10,)]
        assert reader.execute("SELECT on_hand FROM inventory.stock_at(now())").fetchall() == [(10,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("DELETE FROM inventory.pending_order")


def test_a_location_that_leaves_the_warehouse_leaves_the_ledger(store: Store) -> None:
    store.recipe("margherita-m", {"dough": "2"})
    store.load(order("ny", line()), order("la", line(), location_id="L-LA"))
    store.take()
    store.tell("transfer", "dough", "5", to="L-LA")
    store.requeue()
    gone_key = store.location_key("L-LA")
    delete_location(store.connection, "L-LA")
    assert store.stock("L-NY") == {"dough": Decimal(-7)}
    assert store.rows("SELECT DISTINCT location_key = %s FROM inventory.movement", gone_key) == [False]
    assert store.deduct().order_count == 1
    store.assert_sums()


def test_the_ledger_of_a_location_that_is_there_stays(store: Store) -> None:
    store.tell("receipt", "dough", "10")
    with pytest.raises(psycopg.errors.RaiseException, match="is in the warehouse, so its ledger stays"):
        store.connection.execute("SELECT inventory.forget_location(%s)", [store.location_key("L-NY")])


def test_deductions_side_by_side_book_every_order_once(store: Store, database: Database) -> None:
    store.recipe("margherita-m", {"dough": "2"})
    store.load(*[order(f"o{number}", line()) for number in range(60)])
    store.take_over()
    store.connection.commit()

    def work(_number: int) -> int:
        with database.connect() as connection:
            connection.autocommit = True
            return deduct_all(connection, RESTOCKING, limit=7).order_count

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 60
    assert store.stock() == {"dough": Decimal(-120)}
    store.assert_sums()


def test_an_order_that_gold_is_writing_waits_for_it(store: Store, database: Database) -> None:
    store.recipe("margherita-m", {"dough": "2"})
    store.load(order("o", line()))
    store.take_over()
    store.load(order("o", line(quantity=2), version=2))
    store.connection.commit()
    with database.connect() as taking, database.connect() as deducting:
        gold.take_over(taking)
        # Taking the order out of the queue now would book its first version, and forget the second.
        assert Store(deducting).deduct().order_count == 0
        taking.commit()
        deducting.rollback()
        assert Store(deducting).deduct().order_count == 1
    assert store.stock() == {"dough": Decimal(-4)}


def test_writers_take_turns_even_if_they_do_not_ask(store: Store, database: Database) -> None:
    store.tell("receipt", "dough", "10")
    with database.connect() as other:
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(
                "INSERT INTO inventory.movement"
                " (kind, entry_id, occurred_at, business_date, location_key, ingredient_key, quantity)"
                " VALUES ('receipt', 1, now(), current_date, 1, 1, 1)"
            )
