import pytest

from sandbox.google.numbers import entered, shown
from sandbox.google.tab import Cell, Value


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (-3, '"$"#,##0.00', "-$3.00"),
        (500, '"¥"#,##0', "¥500"),
        (0.125, "0.0%", "12.5%"),
        (2.5, "0.##", "2.5"),
        (2, "0.##", "2"),
        (1e6, "", "1000000"),
        (True, "", "TRUE"),
        ("text", "0.00", "text"),
        (None, "0.00", ""),
    ],
)
def test_numbers_are_shown_in_their_format(value: Value | None, pattern: str, text: str) -> None:
    assert shown(Cell(value, format={"numberFormat": {"pattern": pattern}})) == text


@pytest.mark.parametrize(
    ("typed", "value"),
    [("12", 12), ("-1.5", -1.5), (".5", 0.5), ("true", True), ("'12", "12"), ("", None), ("abc", "abc"), (7, 7)],
)
def test_typed_text_is_read_as_sheets_reads_it(typed: object, value: Value | None) -> None:
    assert entered(typed) == (value, False)


def test_a_formula_is_known_as_one() -> None:
    assert entered("=A1") == ("=A1", True)
