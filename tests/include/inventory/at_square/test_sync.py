"""Stock at Square, against the stand-in over HTTP: it counts what the ledger says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import httpx
import psycopg
import pytest
from square import Square

from include.inventory.at_square import sync_stock
from include.sales.simulation.surroundings import location_id
from include.sales.simulation.warehouse import load_simulation
from include.sales.simulation.years import Simulation
from include.square.away import SquareAwayError
from tests.conftest import Database
from tests.include.inventory.at_square.conftest import CHANGES
from tests.include.inventory.at_square.pizzeria import OPENING, Pizzeria
from tests.sandbox_process import Sandbox


@pytest.fixture
def opened(pizzeria: Pizzeria) -> Pizzeria:
    """The ledger has begun with what Square counts."""
    pizzeria.push()
    return pizzeria


def test_the_ledger_begins_with_what_square_counts(pizzeria: Pizzeria) -> None:
    pushed = pizzeria.push()
    assert (pushed.opened_count, pushed.change_count) == (6, 0)
    assert pizzeria.in_ledger() == pizzeria.in_ledger("Chicago Loop") == pizzeria.at_square() == OPENING
    assert pizzeria.push().opened_count == 0


def test_what_was_sold_before_the_ledger_began_is_in_squares_count(pizzeria: Pizzeria) -> None:
    pizzeria.sell(pizzeria.line("pizza"), ago=timedelta(hours=5))
    pizzeria.run()
    assert pizzeria.in_ledger() == pizzeria.at_square() == OPENING


def test_a_sale_takes_its_ingredients_off_in_one_change_each(opened: Pizzeria) -> None:
    opened.sell(opened.line("pizza", 2, extra_cheese=True), opened.line("pizza"))
    opened.sell(opened.line("pizza"))
    pushed = opened.run()
    assert (pushed.change_count, pushed.batch_count) == (2, 1)
    assert opened.changes_at_square("ingredient:flour") == [("IN_STOCK to SOLD", "0.84936")]
    assert opened.changes_at_square("ingredient:cheese") == [("IN_STOCK to SOLD", "500.49382")]
    assert opened.at_square() == opened.in_ledger()
    assert opened.at_square()["flour"] == Decimal("19.15064")
    assert opened.at_square("Chicago Loop") == OPENING


def test_a_run_without_news_sends_nothing(opened: Pizzeria) -> None:
    opened.sell(opened.line("pizza"))
    opened.run()
    assert opened.run().change_count == 0


def test_what_square_sells_itself_it_takes_off_itself(opened: Pizzeria) -> None:
    opened.sell(opened.line("water", 3))
    pushed = opened.run()
    assert pushed.change_count == 0
    assert opened.at_square()["water"] == opened.in_ledger()["water"] == 97


def test_of_what_square_sells_itself_other_uses_are_sent(opened: Pizzeria) -> None:
    opened.sell(opened.line("water", 3), opened.line("menu", 2))
    opened.run()
    assert opened.changes_at_square("water")[-1] == ("IN_STOCK to SOLD", "2")
    assert opened.at_square()["water"] == opened.in_ledger()["water"] == 95


def test_receipts_waste_and_transfers_are_what_they_are_at_square_too(opened: Pizzeria) -> None:
    opened.tell("receipt", "flour", "25")
    opened.tell("waste", "flour", "1.5")
    opened.tell("transfer", "flour", "4", to="Chicago Loop")
    opened.run()
    assert opened.changes_at_square("ingredient:flour") == [
        ("IN_STOCK to WASTE", "1.5"),
        ("NONE to IN_STOCK", "25"),
        ("IN_STOCK to SOLD", "4"),
    ]
    assert opened.changes_at_square("ingredient:flour", "Chicago Loop") == [("NONE to IN_STOCK", "4")]
    assert opened.at_square()["flour"] == opened.in_ledger()["flour"] == Decimal("39.5")


def test_what_is_given_back_unopened_goes_back_at_square_too(opened: Pizzeria) -> None:
    sold = opened.sell(opened.line("pizza"), opened.line("water", 2))
    opened.run()
    opened.refund(sold, "unopened")
    opened.run()
    assert opened.changes_at_square("ingredient:flour")[-1] == ("UNLINKED_RETURN to IN_STOCK", "0.21234")
    assert opened.at_square() == opened.in_ledger() == OPENING


def test_what_people_count_is_counted_at_square(opened: Pizzeria) -> None:
    opened.sell(opened.line("pizza"))
    opened.tell("count", "flour", "3.5")
    opened.run()
    assert opened.changes_at_square("ingredient:flour") == [("count", "3.5")]
    opened.sell(opened.line("pizza"))
    opened.run()
    assert opened.at_square()["flour"] == opened.in_ledger()["flour"] == Decimal("3.28766")


def test_what_is_owed_is_owed_at_square_too(opened: Pizzeria) -> None:
    opened.tell("count", "flour", "0.1")
    opened.sell(opened.line("pizza"))
    opened.run()
    assert opened.at_square()["flour"] == opened.in_ledger()["flour"] == Decimal("-0.11234")
    opened.sell(opened.line("pizza"))
    opened.run()
    assert opened.at_square()["flour"] == opened.in_ledger()["flour"] == Decimal("-0.32468")


def test_what_is_older_than_a_day_reaches_square_in_a_count_that_says_so(opened: Pizzeria) -> None:
    opened.sell(opened.line("pizza"), ago=timedelta(hours=30))
    opened.sell(opened.line("pizza"), ago=timedelta(hours=2))
    pushed = opened.run()
    assert pushed.late_count == 2
    assert opened.changes_at_square("ingredient:flour") == [("count", "19.57532")]
    assert opened.value("SELECT late_quantity FROM inventory.square_change WHERE late_quantity > -1") == Decimal(
        "-0.21234"
    )
    assert opened.at_square() == opened.in_ledger()


def test_what_square_sold_itself_long_ago_needs_no_count(opened: Pizzeria) -> None:
    opened.sell(opened.line("water"), ago=timedelta(hours=30))
    assert opened.run().change_count == 0
    assert opened.at_square()["water"] == opened.in_ledger()["water"] == 99


def test_late_uses_of_what_square_sells_itself_leave_room_for_what_it_has_just_sold(opened: Pizzeria) -> None:
    opened.sell(opened.line("menu"), ago=timedelta(hours=30))
    opened.deduct()
    opened.sell(opened.line("water", 4))
    opened.push()
    assert opened.at_square()["water"] == 95
    opened.run()
    assert opened.at_square()["water"] == opened.in_ledger()["water"] == 95


def test_a_location_counted_by_people_first_is_counted_at_square_too(pizzeria: Pizzeria) -> None:
    pizzeria.tell("count", "flour", "7")
    pushed = pizzeria.push()
    assert (pushed.opened_count, pushed.change_count) == (5, 1)
    assert pizzeria.at_square()["flour"] == pizzeria.in_ledger()["flour"] == 7


def test_while_square_is_away_changes_wait_and_go_out_once(opened: Pizzeria, sandbox: Sandbox) -> None:
    opened.sell(opened.line("pizza"))
    opened.deduct()
    sandbox.set_fault(path=CHANGES, status=503, retry_after=0)
    with pytest.raises(SquareAwayError):
        opened.push()
    opened.sell(opened.line("pizza"))
    with pytest.raises(SquareAwayError):
        opened.run()
    assert opened.value("SELECT count(*) FROM inventory.square_batch") == 1
    sandbox.request("DELETE", "/sandbox/faults")
    pushed = opened.push()
    assert (pushed.repeated_count, pushed.batch_count) == (1, 1)
    assert opened.at_square() == opened.in_ledger()


def test_what_square_refuses_is_told_and_settled_by_a_count(opened: Pizzeria, sandbox: Sandbox) -> None:
    opened.sell(opened.line("pizza"))
    opened.deduct()
    sandbox.set_fault(path=CHANGES, status=400, times=1)
    assert opened.push().refused_count == 1
    ((recipients, text),) = opened.rows("SELECT recipients, text_body FROM outbox.message")
    assert recipients == list(opened.chain.operations_recipients)
    assert "cheese at Manhattan, flour at Manhattan" in text
    assert opened.at_square() == OPENING
    opened.push()
    assert opened.changes_at_square("ingredient:flour") == [("count", "19.78766")]
    assert opened.at_square() == opened.in_ledger()
    opened.sell(opened.line("pizza"))
    opened.run()
    assert opened.changes_at_square("ingredient:flour")[1:] == [("IN_STOCK to SOLD", "0.21234")]


def test_one_change_that_square_never_takes_keeps_no_other_out(opened: Pizzeria) -> None:
    """Water is counted in whole bottles at Square."""
    opened.sell(opened.line("pizza"))
    opened.tell("waste", "water", "0.5")
    opened.deduct()
    assert [opened.push().refused_count for _ in range(4)] == [1, 1, 1, 1]
    ledger, square = opened.in_ledger(), opened.at_square()
    assert (square["flour"], square["cheese"]) == (ledger["flour"], ledger["cheese"])
    assert [square["water"], ledger["water"]] == [Decimal(100), Decimal("99.5")]
    opened.tell("receipt", "water", "0.5")
    assert opened.push().refused_count == 0
    assert opened.at_square() == opened.in_ledger()


def test_a_batch_that_waited_for_more_than_a_day_is_settled_by_a_count(opened: Pizzeria, sandbox: Sandbox) -> None:
    opened.sell(opened.line("pizza"))
    opened.deduct()
    sandbox.set_fault(path=CHANGES, status=503, retry_after=0)
    with pytest.raises(SquareAwayError):
        opened.push()
    sandbox.request("DELETE", "/sandbox/faults")
    opened.rows("UPDATE inventory.square_change SET occurred_at = occurred_at - interval '2 days' RETURNING 1")
    assert opened.push().refused_count == 1
    opened.push()
    assert opened.at_square() == opened.in_ledger()


def test_a_batch_that_was_made_and_is_then_refused_is_not_made_twice(
    opened: Pizzeria, sandbox: Sandbox, http: httpx.Client
) -> None:
    def die(response: httpx.Response) -> None:
        if response.request.url.path == CHANGES:
            raise InterruptedError("after the call")

    opened.tell("receipt", "water", "24")
    http.event_hooks = {"response": [die]}
    with pytest.raises(InterruptedError):
        opened.push()
    http.event_hooks = {}
    sandbox.set_fault(path=CHANGES, status=400, times=1)
    assert opened.push().refused_count == 0
    assert opened.at_square()["water"] == opened.in_ledger()["water"] == 124


def test_an_open_transaction_is_refused(database: Database, client: Square) -> None:
    with database.connect() as connection:
        connection.execute("SELECT 1")
        with pytest.raises(psycopg.ProgrammingError):
            sync_stock(connection, client)


def test_two_runs_at_once_send_everything_once(opened: Pizzeria, database: Database, client: Square) -> None:
    opened.sell(opened.line("pizza"))
    opened.deduct()
    with database.connect() as one, database.connect() as two, ThreadPoolExecutor(2) as pool:
        pushed = list(pool.map(lambda connection: sync_stock(connection, client), (one, two)))
    assert sorted(each.change_count for each in pushed) == [0, 2]
    assert opened.changes_at_square("ingredient:flour") == [("IN_STOCK to SOLD", "0.21234")]


def test_simulated_locations_are_none_of_squares(opened: Pizzeria) -> None:
    simulation = Simulation(
        products=opened.chain.products,
        location=opened.chain.locations[0],
        location_id=location_id("Nowhere"),
        last_day=date(2026, 11, 20),
        days=1,
        orders_per_day=5,
        customers=1,
        seed=1,
    )
    load_simulation([opened.connection], simulation, "Nowhere", into_gold=True, progress=lambda _: None)
    opened.sell(opened.line("water"))
    assert opened.run().refused_count == 0
    assert opened.at_square()["water"] == opened.in_ledger()["water"] == 99
