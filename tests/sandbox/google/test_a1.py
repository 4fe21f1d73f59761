import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.google import a1
from sandbox.google.a1 import Area
from sandbox.google.errors import GoogleError

TITLES = ["Sheet1", "Joe's tab", "A1", "x!y"]


@pytest.mark.parametrize(
    ("text", "title", "area"),
    [
        ("A1", "A1", Area()),
        ("B2", "Sheet1", Area(1, 1, 2, 2)),
        ("Sheet1", "Sheet1", Area()),
        ("Sheet1!A2:C", "Sheet1", Area(1, 0, None, 3)),
        ("Sheet1!B:B", "Sheet1", Area(0, 1, None, 2)),
        ("Sheet1!2:3", "Sheet1", Area(1, 0, 3, None)),
        ("'Joe''s tab'!AA10", "Joe's tab", Area(9, 26, 10, 27)),
        ("'Joe''s tab'", "Joe's tab", Area()),
        ("'x!y'!A1:$B$2", "x!y", Area(0, 0, 2, 2)),
    ],
)
def test_ranges_are_read(text: str, title: str, area: Area) -> None:
    assert a1.parse(text, TITLES) == (title, area)


@pytest.mark.parametrize("text", ["", "Sheet1!", "Nowhere!A1", "Sheet1!A1:B2:C3", "A1B"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(GoogleError):
        a1.parse(text, TITLES)


@given(st.text(min_size=1), st.integers(0, 10**6), st.integers(0, 18000), st.integers(1, 100), st.integers(1, 100))
def test_a_range_that_is_written_is_read_as_the_same(title: str, top: int, left: int, rows: int, columns: int) -> None:
    text = a1.write(title, top, left, top + rows, left + columns)
    assert a1.parse(text, [title]) == (title, Area(top, left, top + rows, left + columns))
