"""What a KPI is handed out as: a table with typed columns, or a headline."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | Decimal | date | datetime | bool | None
Row = tuple[Value, ...]


class Kind(StrEnum):
    """What the values of a column are; None is possible in each."""

    TEXT = "text"
    # A whole number.
    COUNT = "count"
    # Whole minor units of the source's currency.
    MONEY = "money"
    # A Decimal: 0.125 is an eighth, 12.5 %.
    RATIO = "ratio"
    # A Decimal with places: mean days.
    NUMBER = "number"
    DATE = "date"
    # The date of its first day.
    MONTH = "month"
    # An instant, with the time zone UTC.
    TIME = "time"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """
    :param name: as in a data frame; of money it ends in ``_cents``.
    :param title: as people read it.
    """

    name: str
    title: str
    kind: Kind


class Table:
    """A KPI's rows, read anew from the source each time that one goes through them, never held all at once.

    :param name: the sheet's, as in ``KPI_Regional_Revenue``.
    :param note: what a reader must know of these rows, such as that they are the month's; may be empty.
    """

    def __init__(self, name: str, columns: Iterable[Column], rows: Callable[[], Iterable[Row]], note: str = "") -> None:
        self.name = name
        self.columns = tuple(columns)
        self.note = note
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows())

    def frame(self) -> "pd.DataFrame":
        """All rows as a data frame, by `Column.name`: money stays whole minor units, ratios become floats."""
        import pandas as pd

        types = {
            Kind.TEXT: "string",
            Kind.COUNT: "Int64",
            Kind.MONEY: "Int64",
            Kind.RATIO: "Float64",
            Kind.NUMBER: "Float64",
            Kind.DATE: "datetime64[us]",
            Kind.MONTH: "datetime64[us]",
            Kind.TIME: "datetime64[us, UTC]",
            Kind.FLAG: "boolean",
        }
        columns = list(zip(*self, strict=True)) or [()] * len(self.columns)
        return pd.DataFrame(
            {
                column.name: pd.Series(list(values), dtype=types[column.kind])
                for column, values in zip(self.columns, columns, strict=True)
            }
        )


@dataclass(frozen=True)
class Headline:
    """One figure of a day. It names nobody.

    :param name: stable, as in ``revenue_cents``.
    :param value: None where there is nothing to divide by.
    """

    name: str
    label: str
    value: Value
    kind: Kind
