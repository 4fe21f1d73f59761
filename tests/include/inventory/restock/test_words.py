from decimal import Decimal

from include.inventory.restock.words import about, listed


def test_quantities_have_three_digits_and_whole_numbers_stay_whole() -> None:
    assert about(Decimal("4.26871"), "kg") == "4.27 kg"
    assert about(Decimal("0.045678"), "kg") == "0.0457 kg"
    assert about(Decimal("1309.7"), "g") == "1310 g"
    assert about(Decimal("12.50000"), "l") == "12.5 l"
    assert about(Decimal(), "kg") == "0 kg"
    assert about(Decimal("-3.21987"), "kg") == "-3.22 kg"


def test_pieces_are_just_a_number() -> None:
    assert about(Decimal("116"), "each") == "116"
    assert about(Decimal("22.8457"), "each") == "22.8"


def test_names_are_listed_as_a_sentence_does() -> None:
    assert listed([], 3) == ""
    assert listed(["a"], 3) == "a"
    assert listed(["a", "b"], 3) == "a and b"
    assert listed(["a", "b", "c", "d"], 3) == "a, b, c and d"
    assert listed(["a", "b", "c", "d", "e"], 3) == "a, b, c and 2 more"
