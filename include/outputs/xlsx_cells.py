"""Cells of an XLSX file, typed, and rows of them as the XML of a sheet: text is nothing but text.

ECMA-376 part 1, 18.3.1.73 (row), 18.3.1.4 (c); 22.9.2.19 has how characters are written that XML does not know.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from include.outputs.number_formats import DATE_FORMAT, DATETIME_FORMAT, TIME_FORMAT, money_format

# In UTF-16.
LONGEST_TEXT = 32_767
# A number cell shows 15 digits: a longer whole number (a key, a card) would come back as another, and so is text.
MOST_INTEGER = 10**15 - 1
# Excel's calendar has a 29 February 1900: since then its days are counted from here.
FIRST_DATE = date(1900, 3, 1)
DAY_0 = date(1899, 12, 30).toordinal()
DAY_SECONDS = 86_400

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# Would be read as a character. Two may share an underscore.
ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Most texts have none of these, and one look at them is all that they cost.
PLAIN = re.compile(r"(?!\s)[^&<>_\x00-\x1f\ufffe\uffff]*(?<!\s)")


@dataclass(frozen=True)
class Money:
    """A cell of a column whose rows have different currencies.

    :param amount: in major units.
    :param currency: ISO 4217.
    """

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Number:
    """A cell of a column whose rows hold different things.

    :param number_format: Excel's.
    """

    value: int | float | Decimal
    number_format: str


Cell = str | int | float | Decimal | date | datetime | time | bool | Money | Number | None


@dataclass(frozen=True)
class SheetColumn:
    """
    :param number_format: Excel's, for numbers, days and times of this column: ``"0.0%"``, `money_format`'s.
    :param width: in characters; by the heading unless given.
    """

    title: str
    number_format: str | None = None
    width: float | None = None


class RowXml:
    """Rows of a sheet with these columns.

    :param zone: the time zone that times are shown in: a cell knows none.
    :param style: the number of a number format in the workbook's styles.
    """

    def __init__(self, columns: Sequence[SheetColumn], zone: tzinfo, style: Callable[[str], int]) -> None:
        self._zone = zone
        self._style = style
        self._starts = [f'<c r="{xl_col_to_name(number)}' for number in range(len(columns))]
        self._numbers = [self._end(column.number_format) for column in columns]
        self._dates = [self._end(column.number_format or DATE_FORMAT) for column in columns]
        self._datetimes = [self._end(column.number_format or DATETIME_FORMAT) for column in columns]
        self._times = [self._end(column.number_format or TIME_FORMAT) for column in columns]
        self._writers: dict[type, Callable[[int, int, Any], str]] = {
            str: self._text,
            bool: self._flag,
            int: self._integer,
            float: self._float,
            Decimal: self._float,
            date: self._date,
            datetime: self._datetime,
            time: self._time,
            Money: self._money,
            Number: self._number,
        }

    def row(self, row: int, cells: Sequence[Cell]) -> str:
        """:param row: the one with the headings is 1."""
        writers = self._writers
        written = [writers[type(cell)](row, column, cell) for column, cell in enumerate(cells) if cell is not None]
        return f'<row r="{row}">{"".join(written)}</row>'

    def _end(self, number_format: str | None) -> str:
        """What stands behind a cell's address: its looks."""
        return f'" s="{self._style(number_format)}"' if number_format else '"'

    def _text(self, row: int, column: int, text: str) -> str:
        start = self._starts[column]
        if PLAIN.fullmatch(text) and len(text) <= LONGEST_TEXT // 2:
            return f'{start}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        return f'{start}{row}" t="inlineStr"><is><t xml:space="preserve">{_escaped(_cut(text))}</t></is></c>'

    def _flag(self, row: int, column: int, flag: bool) -> str:
        return f'{self._starts[column]}{row}" t="b"><v>{flag:d}</v></c>'

    def _integer(self, row: int, column: int, number: int) -> str:
        if -MOST_INTEGER <= number <= MOST_INTEGER:
            return f"{self._starts[column]}{row}{self._numbers[column]}><v>{number}</v></c>"
        return self._text(row, column, str(number))

    def _float(self, row: int, column: int, number: float | Decimal) -> str:
        if isfinite(number):
            return f"{self._starts[column]}{row}{self._numbers[column]}><v>{float(number)!r}</v></c>"
        return self._text(row, column, str(number))

    def _money(self, row: int, column: int, money: Money) -> str:
        return self._number(row, column, Number(money.amount, money_format(money.currency)))

    def _number(self, row: int, column: int, number: Number) -> str:
        value = number.value if isinstance(number.value, int) else float(number.value)
        return f"{self._starts[column]}{row}{self._end(number.number_format)}><v>{value!r}</v></c>"

    def _date(self, row: int, column: int, day: date) -> str:
        if day >= FIRST_DATE:
            return f"{self._starts[column]}{row}{self._dates[column]}><v>{day.toordinal() - DAY_0}</v></c>"
        return self._text(row, column, day.isoformat())

    def _datetime(self, row: int, column: int, at: datetime) -> str:
        local = at.astimezone(self._zone) if at.tzinfo else at
        if local.date() >= FIRST_DATE:
            days = local.toordinal() - DAY_0 + _seconds(local) / DAY_SECONDS
            return f"{self._starts[column]}{row}{self._datetimes[column]}><v>{days!r}</v></c>"
        return self._text(row, column, local.replace(tzinfo=None).isoformat(" "))

    def _time(self, row: int, column: int, at: time) -> str:
        return f"{self._starts[column]}{row}{self._times[column]}><v>{_seconds(at) / DAY_SECONDS!r}</v></c>"


def _seconds(at: datetime | time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


def _cut(text: str) -> str:
    """What a cell takes, and visibly no more."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return f"{units[: 2 * (LONGEST_TEXT - 1)].decode('utf-16-le', 'ignore')}…"


def _escaped(text: str) -> str:
    escaped = ESCAPE.sub("_x005F_", text)
    escaped = CONTROL.sub(lambda character: f"_x{ord(character[0]):04X}_", escaped)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
