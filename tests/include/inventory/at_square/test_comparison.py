"""Square's counts held against the ledger."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from square import Square

from include.inventory.at_square import Difference, compare, late_counts
from include.square.stock import change_stock, physical_count
from tests.include.inventory.at_square.conftest import CHANGES
from tests.include.inventory.at_square.pizzeria import Pizzeria
from tests.sandbox_process import Sandbox

TODAY = date(2026, 11, 21)


@pytest.fixture
def opened(pizzeria: Pizzeria) -> Pizzeria:
    pizzeria.push()
    return pizzeria


def numbers(*quantities: Decimal | None) -> list[str]:
    return ["none" if quantity is None else f"{quantity.normalize():f}" for quantity in quantities]


def found(pizzeria: Pizzeria) -> list[Difference]:
    return list(compare(pizzeria.connection, pizzeria.client, TODAY))


def kept(pizzeria: Pizzeria) -> list[tuple[str, list[str]]]:
    """By whom it was found, and what the ledger, what was expected and what Square said."""
    rows = pizzeria.rows(
        "SELECT found_by, ledger_quantity, expected_quantity, square_quantity FROM inventory.square_difference"
        " ORDER BY difference_id"
    )
    return [(found_by, numbers(*quantities)) for found_by, *quantities in rows]


def recount(pizzeria: Pizzeria, client: Square, quantity: str, *, key: str = "by hand") -> None:
    """As somebody does in Square's dashboard."""
    place = (pizzeria.catalog.id_of("ITEM_VARIATION", "ingredient:flour"), pizzeria.location_ids["Manhattan"])
    change_stock(client, key, [physical_count(place, Decimal(quantity), datetime.now(UTC))])


def test_what_agrees_is_no_difference(opened: Pizzeria) -> None:
    opened.sell(opened.line("pizza"), opened.line("water"))
    opened.run()
    assert found(opened) == []


def test_what_has_merely_not_been_sent_is_no_difference(opened: Pizzeria) -> None:
    opened.tell("receipt", "flour", "5")
    assert found(opened) == []


def test_what_was_counted_otherwise_in_square_is_told_and_kept_once_a_day(opened: Pizzeria, client: Square) -> None:
    recount(opened, client, "18.5")
    (difference,) = found(opened)
    assert (difference.location_name, difference.ingredient_name, difference.unit) == ("Manhattan", "flour", "kg")
    assert numbers(difference.ledger_quantity, difference.square_quantity) == ["20", "18.5"]
    assert difference.difference == Decimal("-1.5")
    found(opened)
    assert kept(opened) == [("comparison", ["20", "20", "18.5"])]


def test_what_a_count_puts_right_is_kept_too(opened: Pizzeria, client: Square) -> None:
    recount(opened, client, "18.5")
    opened.tell("count", "flour", "19")
    opened.run()
    assert opened.at_square()["flour"] == 19
    assert found(opened) == []
    assert kept(opened) == [("count", ["19", "20", "18.5"])]


def test_a_difference_stays_through_sales(opened: Pizzeria, client: Square) -> None:
    recount(opened, client, "18.5")
    opened.sell(opened.line("pizza"))
    opened.run()
    (difference,) = found(opened)
    assert difference.difference == Decimal("-1.5")


def test_what_square_keeps_refusing_is_a_difference(opened: Pizzeria, sandbox: Sandbox) -> None:
    opened.tell("receipt", "flour", "5")
    sandbox.set_fault(path=CHANGES, status=400, times=1)
    opened.push()
    (difference,) = found(opened)
    assert numbers(difference.expected_quantity, difference.square_quantity) == ["20", "20"]
    assert difference.difference == -5


def test_what_square_does_not_count_is_a_difference(opened: Pizzeria) -> None:
    opened.rows(
        "INSERT INTO inventory.ingredient (name, unit, sku, is_sold_by_square, is_active)"
        " VALUES ('basil', 'g', 'ingredient:basil', false, true) RETURNING 1"
    )
    opened.ingredient_keys |= dict(opened.rows("SELECT name, ingredient_key FROM inventory.ingredient"))
    opened.tell("count", "basil", "250")
    assert opened.push().change_count == 0
    (difference,) = found(opened)
    assert difference.ingredient_name == "basil"
    assert numbers(difference.expected_quantity, difference.square_quantity) == ["none", "none"]


def test_counts_say_what_they_hold_of_long_ago(opened: Pizzeria) -> None:
    now = datetime.now(UTC)
    opened.tell("waste", "flour", "1.5", ago=timedelta(hours=40))
    opened.tell("waste", "flour", "0.5", ago=timedelta(hours=1))
    opened.run()
    (late,) = late_counts(opened.connection, now - timedelta(hours=1), now + timedelta(hours=1))
    assert (late.location_name, late.ingredient_name, late.late_quantity) == ("Manhattan", "flour", Decimal("-1.5"))
    assert late_counts(opened.connection, now + timedelta(hours=1), now + timedelta(hours=2)) == []


def test_the_reader_may_look(opened: Pizzeria) -> None:
    tables = ("square_batch", "square_change", "square_level", "square_watermark", "square_difference", "square_place")
    for table in tables:
        assert opened.value("SELECT has_table_privilege('storekeeper_reader', %s, 'SELECT')", f"inventory.{table}")
