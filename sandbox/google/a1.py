"""A1 notation, such as `'North & South'!A2:C`."""

import re
from dataclasses import dataclass

from sandbox.google.errors import GoogleError

CELLS = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d*)(?::\$?([A-Za-z]{0,3})\$?(\d*))?")


@dataclass(frozen=True)
class Area:
    """Rows and columns counted from 0, ends not included; an end of None is the end of the grid."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


def parse(text: str, titles: list[str]) -> tuple[str, Area]:
    """The tab's title and the area; a range without a title means the first tab. Raises GoogleError 400."""
    title, _, cells = text.rpartition("!")
    if not title and _unquote(text) in titles:
        return _unquote(text), Area()
    title = _unquote(title) if title else titles[0]
    found = CELLS.fullmatch(cells)
    if title not in titles or not found or not cells:
        raise GoogleError(400, f"Unable to parse range: {text}")
    first_column, first_row, last_column, last_row = found.groups()
    top, left = int(first_row or 1) - 1, column_number(first_column) if first_column else 0
    if ":" in cells:
        bottom = int(last_row) if last_row else None
        right = column_number(last_column) + 1 if last_column else None
    else:
        bottom = top + 1 if first_row else None
        right = left + 1 if first_column else None
    return title, Area(top, left, bottom, right)


def write(title: str, top: int, left: int, bottom: int, right: int) -> str:
    """The range as Google answers it; the ends are not included."""
    quoted = title if re.fullmatch(r"[A-Za-z_]\w*", title) else "'" + title.replace("'", "''") + "'"
    first, last = f"{column_name(left)}{top + 1}", f"{column_name(right - 1)}{bottom}"
    return f"{quoted}!{first}" if first == last else f"{quoted}!{first}:{last}"


def column_number(name: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_name(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _unquote(title: str) -> str:
    if len(title) > 1 and title[0] == title[-1] == "'":
        return title[1:-1].replace("''", "'")
    return title
