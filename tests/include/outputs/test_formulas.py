import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.outputs.formulas import SPACES, STARTS, harden, harden_quoted, is_formula

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# Mostly what matters: starts, spaces, and what CSV is made of.
CELL = TEXT | st.text(st.sampled_from([*STARTS, *SPACES, *"\",\n'a1ÄÂï"]), max_size=6)


@pytest.mark.parametrize("start", [*STARTS, *(f"{space}=" for space in SPACES), "  \u00a0@"])
def test_what_begins_so_is_a_formula(start: str) -> None:
    assert is_formula(f"{start}1")
    assert harden(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("text", ["", "a=1", "'=1", "1-2", "über", " text", "\uff45"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harden(text) == text


def quoted(rows: list[list[str]]) -> bytes:
    lines = (",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_a_block_of_csv_is_hardened_cell_by_cell(rows: list[list[str]]) -> None:
    assert harden_quoted(quoted(rows)) == quoted([[harden(cell) for cell in row] for row in rows])


@given(st.lists(CELL, min_size=2, max_size=2))
def test_what_is_not_quoted_stays(cells: list[str]) -> None:
    line = b"-1,%s,+2\n-3,,\n" % quoted([cells])[:-1]
    hardened = list(csv.reader(StringIO(harden_quoted(line).decode(), newline="")))
    assert hardened == [["-1", *map(harden, cells), "+2"], ["-3", "", ""]]
