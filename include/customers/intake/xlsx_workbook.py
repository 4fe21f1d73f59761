"""What is to be known of a workbook before its cells can be read: its first sheet, its texts, its dates."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from include.customers.intake.rows import QuarantineError
from include.customers.intake.xlsx_archive import Archive, relations_of, target
from include.customers.intake.xml_parser import MOST_DEPTH, local, parse, too_deep

# Excel counts days from here on: it believes in a 29 February 1900, so that the count is right from March 1900 on.
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (cells know no time zone)
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
# Excel's own formats of days and times (ECMA-376, 18.8.30).
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}


class Element(NamedTuple):
    """The begin of an element, with its attributes, or its end, with the text since the last begin or end."""

    name: str
    attributes: dict[str, str]
    text: str
    is_end: bool


class Workbook(NamedTuple):
    """
    :param sheet: the part that holds the first visible sheet.
    :param texts: those that cells refer to by number.
    :param date_styles: the cell styles that show a number as a day or a time.
    """

    sheet: str
    texts: list[str]
    date_styles: frozenset[str]
    epoch: datetime


def elements(archive: Archive, part: str) -> Iterator[Element]:
    """A part's elements, in constant memory.

    :raises QuarantineError: it is broken, or hostile.
    """
    found: list[Element] = []
    texts: list[str] = []
    depth = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise too_deep()
        texts.clear()
        pairs = zip(map(local, attributes[::2]), attributes[1::2], strict=True)
        found.append(Element(local(name), dict(pairs) if attributes else {}, "", False))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(Element(local(name), {}, "".join(texts), True))
        texts.clear()

    for _ in parse(archive.chunks(part), start, end, texts):
        yield from found
        found.clear()


def read_workbook(archive: Archive) -> Workbook:
    """
    :raises QuarantineError: it is no workbook.
    """
    main = next(iter(_relations(archive, "").get("officeDocument", {}).values()), "xl/workbook.xml")
    relations = _relations(archive, main)
    epoch, sheet = EPOCH, None
    for element in elements(archive, main):
        if element.name == "workbookPr" and element.attributes.get("date1904") in {"1", "true"}:
            epoch = EPOCH_1904
        elif element.name == "sheet" and sheet is None and element.attributes.get("state", "visible") == "visible":
            sheet = relations.get("worksheet", {}).get(element.attributes.get("id", ""))
    if sheet is None:
        raise QuarantineError("It is no workbook, or one without a visible sheet. Have it saved as .xlsx, or as CSV.")
    texts = [text for part in relations.get("sharedStrings", {}).values() for text in _shared_texts(archive, part)]
    styles = {style for part in relations.get("styles", {}).values() for style in _date_styles(archive, part)}
    return Workbook(sheet, texts, frozenset(styles), epoch)


def _relations(archive: Archive, part: str) -> dict[str, dict[str, str]]:
    """Kind of relation → its id → the part that it names; what lies outside of the file is left out."""
    relations: dict[str, dict[str, str]] = {}
    place = relations_of(part)
    if archive.has(place):
        for element in elements(archive, place):
            given = element.attributes
            if element.name == "Relationship" and not element.is_end and given.get("TargetMode") != "External":
                kind = given.get("Type", "").rpartition("/")[2]
                relations.setdefault(kind, {})[given.get("Id", "")] = target(part, given.get("Target", ""))
    return relations


def _shared_texts(archive: Archive, part: str) -> Iterator[str]:
    runs: list[str] = []
    is_phonetic = False
    for element in elements(archive, part):
        if element.name == "rPh":
            is_phonetic = not element.is_end
        elif element.is_end and element.name == "t" and not is_phonetic:
            runs.append(element.text)
        elif element.is_end and element.name == "si":
            yield "".join(runs)
            runs.clear()


def _date_styles(archive: Archive, part: str) -> Iterator[str]:
    formats: dict[str, str] = {}
    is_within, number = False, 0
    for element in elements(archive, part):
        if element.name == "cellXfs":
            is_within = not element.is_end
        elif element.name == "numFmt" and not element.is_end:
            formats[element.attributes.get("numFmtId", "")] = element.attributes.get("formatCode", "")
        elif element.name == "xf" and not element.is_end and is_within:
            format_id = element.attributes.get("numFmtId", "")
            if is_date_format(formats[format_id]) if format_id in formats else _is_built_in_date(format_id):
                yield str(number)
            number += 1


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day or a time: it has one of their letters outside of quotes and conditions."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code.lower())
    return re.search("[ymdhs]", bare) is not None


def _is_built_in_date(format_id: str) -> bool:
    return format_id.isdecimal() and len(format_id) < 5 and int(format_id) in BUILT_IN_DATES
