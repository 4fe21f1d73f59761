"""What people tell: the form and the lines become entries, or every problem is named and nothing is booked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from include.inventory.ledger.lines import TellingError
from include.inventory.ledger.names import NamedIngredient, NamedLocation, Names
from include.inventory.ledger.telling import Telling, read_entries

TOLD_AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
TELLING = Telling("run", TOLD_AT, "Sam")
NAMES = Names(
    locations={
        "manhattan": NamedLocation(1, "Manhattan", ZoneInfo("America/New_York")),
        "santa monica": NamedLocation(2, "Santa Monica", ZoneInfo("America/Los_Angeles")),
    },
    ingredients={
        "mozzarella": NamedIngredient(10, "Mozzarella", "kg", Decimal(5)),
        "smoked mozzarella": NamedIngredient(11, "Smoked mozzarella", "kg", None),
        "napkin": NamedIngredient(12, "Napkin", "each", Decimal(500)),
    },
)
FORM = {"kind": "waste", "location": "Manhattan", "ingredient": "Mozzarella", "quantity": "2.5 kg"}


def problems(fields: dict[str, Any]) -> str:
    with pytest.raises(TellingError) as caught:
        read_entries(NAMES, fields, TELLING)
    return str(caught.value)


def test_a_form_is_one_entry() -> None:
    (entry,) = read_entries(NAMES, FORM | {"reason": "fell", "time": "2026-11-21 14:30"}, TELLING)
    assert (entry.entry_key, entry.kind, entry.location_key, entry.ingredient_key) == ("run", "waste", 1, 10)
    assert (entry.quantity, entry.reason, entry.entered_by) == (Decimal("2.5"), "fell", "Sam")
    assert entry.occurred_at == datetime(2026, 11, 21, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("2500 g", "2.5"), ("3 packs", "15"), ("1 pack", "5"), ("2 LB", "0.90718"), ("1/2 kg", "0.5")],
)
def test_quantities_are_told_in_any_unit_of_the_kind_or_in_packs(text: str, quantity: str) -> None:
    (entry,) = read_entries(NAMES, FORM | {"quantity": text}, TELLING)
    assert entry.quantity == Decimal(quantity)


def test_without_a_time_it_happened_when_it_was_told() -> None:
    (entry,) = read_entries(NAMES, FORM, TELLING)
    assert entry.occurred_at == TOLD_AT


def test_a_time_is_that_of_the_locations_clock_unless_it_says_whose() -> None:
    there, anywhere = (
        read_entries(NAMES, FORM | {"location": "Santa Monica", "time": time}, TELLING)[0].occurred_at
        for time in ("2026-11-21T10:00", "2026-11-21T10:00+00:00")
    )
    assert there == datetime(2026, 11, 21, 18, tzinfo=UTC)
    assert anywhere == datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_lines_are_many_entries_and_the_form_fills_what_they_leave_out(separator: str) -> None:
    lines = (
        "\ufeffIngredient,Quantity,Kind,Location,To location\r\n"
        "mozzarella,10 kg,,,\r\n"
        ",,,,\r\n"
        "Napkin,20 each,transfer,,Santa Monica\r\n"
        "NAPKIN,0 each,count,santa  monica,\r\n"
    ).replace(",", separator)
    entries = read_entries(NAMES, {"kind": "count", "location": "Manhattan", "lines": lines}, TELLING)
    assert [(each.entry_key, each.kind, each.location_key, each.to_location_key) for each in entries] == [
        ("run:2", "count", 1, None),
        ("run:4", "transfer", 1, 2),
        ("run:5", "count", 2, None),
    ]


def test_only_transfers_take_the_forms_destination() -> None:
    lines = "kind,ingredient,quantity\nwaste,napkin,1 each\nTransfer,napkin,1 each"
    entries = read_entries(
        NAMES, FORM | {"ingredient": None, "quantity": "", "to_location": "Santa Monica"} | {"lines": lines}, TELLING
    )
    assert [each.to_location_key for each in entries] == [None, 2]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"ingredient": "Mozarella"}, "ingredient: there is no ingredient 'Mozarella'; did you mean Mozzarella"),
        ({"ingredient": "smoked"}, "ingredient: there is no ingredient 'smoked'; did you mean Smoked mozzarella?"),
        ({"ingredient": "xyz"}, "ingredient: there is no ingredient 'xyz'"),
        ({"ingredient": None}, "ingredient: is missing"),
        ({"location": "Manhatan"}, "location: there is no location 'Manhatan'; did you mean Manhattan?"),
        ({"quantity": "2.5"}, "quantity: '2.5' is no quantity: write a number and its unit"),
        ({"quantity": "2 l"}, "quantity: '2 l' cannot be told in kg"),
        ({"quantity": "-2 kg"}, "quantity: '-2 kg' is no quantity"),
        ({"quantity": "0 kg"}, "quantity: '0 kg' is nothing, in kg"),
        ({"quantity": "1000000000 kg"}, "quantity: '1000000000 kg' is more than can be booked"),
        ({"ingredient": "Smoked mozzarella", "quantity": "1 pack"}, "quantity: '1 pack': it has no pack"),
        ({"kind": "receipt"}, "what a supplier has brought is told to inventory_receipt"),
        ({"kind": "transfer"}, "to_location: where to?"),
        ({"kind": "transfer", "to_location": "manhattan"}, "to_location: Manhattan is where it comes from"),
        ({"to_location": "Santa Monica"}, "to_location: only a transfer goes to another location, not a waste"),
        ({"time": "2026-11-21 15:30"}, "time: '2026-11-21 15:30' lies in the future"),
        ({"time": "2026-11-20"}, "time: '2026-11-20' is no time: write 2026-11-21 14:30, by the clock of Manhattan"),
        ({"time": "noon"}, "time: 'noon' is no time"),
        ({"lines": "ingredient,quantity\nnapkin,1 each"}, "ingredient and quantity stand in the lines already"),
    ],
)
def test_what_cannot_be_is_told(wrong: dict[str, Any], problem: str) -> None:
    assert problem in problems(FORM | wrong)


def test_every_line_with_a_problem_is_named_and_all_its_problems() -> None:
    lines = "ingredient;quantity;time\nmozzarella;1 kg;\nmozarella;1 kg;\nnapkin;1 kg;never\n"
    assert [
        line[:40] for line in problems({"kind": "count", "location": "Manhattan", "lines": lines}).splitlines()
    ] == [
        "line 3: ingredient: there is no ingredie",
        "line 4: quantity: '1 kg' cannot be told ",
        "line 4: time: 'never' is no time: write ",
    ]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("ingredient,amount\nnapkin,1 each", "line 1: there is no column amount"),
        ("ingredient\nnapkin", "line 1: the column quantity is missing; the columns are kind, location"),
        ("napkin,1 each", "line 1: there is no column napkin, 1_each: the first line names the columns"),
        ("ingredient,quantity,quantity\n", "line 1: a column stands there twice"),
        ("ingredient,quantity\nnapkin,1 each,2\n", "line 2: has 3 cells, but there are 2 columns"),
        ('ingredient,quantity\nnapkin,"1 each\n', "line 2: unexpected end of data"),
        ("ingredient,quantity\n,\n", "the lines hold nothing but the names of the columns"),
        ("\n\n", "line 1: the column ingredient, quantity is missing"),
        (
            "ingredient,quantity\nnapkin,1 each\nNapkin,2 each\n",
            "line 3: was counted in line 2 already: add the two up in one line",
        ),
    ],
)
def test_lines_that_are_no_table_are_told(lines: str, problem: str) -> None:
    assert problem in problems({"kind": "count", "location": "Manhattan", "lines": lines})
