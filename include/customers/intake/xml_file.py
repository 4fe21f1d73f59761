"""An XML file's records: elements side by side, with their fields as child elements or as attributes.

<orders><order><order_id>7</order_id>…</order></orders>        <export><orders><order order_id="7" …/></orders></export>
"""

from collections.abc import Iterator
from pathlib import Path

from include.customers.intake.columns import REQUIRED, Columns
from include.customers.intake.encodings import decoded
from include.customers.intake.records import Misshapen, Record
from include.customers.intake.rows import QuarantineError
from include.customers.intake.xml_parser import MOST_DEPTH, local, parse, too_deep


def xml_records(path: Path, encoding: str, columns: Columns) -> Iterator[Record]:
    """The records: the first element that has a field which every record must have, and all of the same path.

    :raises QuarantineError: before the first record when columns are missing, at any record where the file is broken.
    """
    place = _place_of_records(path, encoding, columns)
    if place:
        yield from _read(path, encoding, columns, place)


def _place_of_records(path: Path, encoding: str, columns: Columns) -> list[str]:
    """Names from the root down to the records; none where the root is empty."""
    open_elements: list[str] = []
    found: list[str] = []
    is_empty = True

    def start(name: str, attributes: list[str]) -> None:
        nonlocal is_empty
        open_elements.append(name)
        depth = len(open_elements)
        if found or depth == 1:
            return
        is_empty = False
        if any(columns.is_required(local(attribute)) for attribute in attributes[::2]):
            found.extend(open_elements)
        elif depth > 2 and columns.is_required(local(name)):
            found.extend(open_elements[:-1])
        elif depth > MOST_DEPTH:
            raise too_deep()

    def end(_: str) -> None:
        open_elements.pop()

    texts: list[str] = []
    for _ in parse(map(str.encode, decoded(path, encoding)), start, end, texts):
        if found:
            return found
        texts.clear()
    if is_empty:
        return []
    raise QuarantineError(f"No element has a field {' or '.join(REQUIRED[columns.kind])}. Are these {columns.kind}?")


def _read(path: Path, encoding: str, columns: Columns, place: list[str]) -> Iterator[Record]:
    # Twenty million calls for a million orders: local variables, and nothing done twice.
    *container, record_name = place
    record_depth = len(place)
    container_depth, field_depth = record_depth - 1, record_depth + 1
    extra_place, width = columns.extra_place, columns.extra_place + 1
    places = _Places(columns)
    open_elements: list[str] = []
    texts: list[str] = []
    records: list[Record] = []
    values: list[str | None] | None = None
    misshapen: Misshapen | None = None
    is_inside = False
    depth = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal depth, is_inside, values
        depth += 1
        if depth == field_depth:
            texts.clear()
        elif depth == record_depth:
            if is_inside and name == record_name:
                values = [None] * width
                for index in range(0, len(attributes), 2):
                    values[places[attributes[index]]] = attributes[index + 1]
        elif depth < record_depth:
            open_elements.append(name)
            is_inside = open_elements == container
        elif depth > MOST_DEPTH:
            raise too_deep()

    def end(name: str) -> None:
        nonlocal depth, is_inside, values, misshapen
        depth -= 1
        if values is not None:
            if depth == record_depth:
                place = places[name]
                if values[place] is not None and place != extra_place:
                    misshapen = Misshapen(f"has {columns.names[place]} twice")
                values[place] = "".join(texts)
            elif depth == container_depth:
                records.append(misshapen or values)
                values = misshapen = None
        elif depth < container_depth:
            open_elements.pop()
            is_inside = open_elements == container

    is_checked = False
    for _ in parse(map(str.encode, decoded(path, encoding)), start, end, texts):
        if records and not is_checked:
            columns.check()
            is_checked = True
        yield from records
        records.clear()
        if values is None:
            texts.clear()


class _Places(dict[str, int]):
    """An element's or attribute's name, with its namespace → the place of its column."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns

    def __missing__(self, name: str) -> int:
        place = self._columns[local(name)]
        # Names without end must not fill the memory.
        if len(self) < 10_000:
            self[name] = place
        return place
