"""A partner's file, read into typed rows: a row that is wrong is told of, a file that is wrong ends the reading."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from include.config.partner import Kind, Partner
from include.customers.intake.columns import Columns
from include.customers.intake.csv_file import csv_records
from include.customers.intake.encodings import CHUNK, check_text, encoding_of, is_xml
from include.customers.intake.records import Misshapen, Record, Values
from include.customers.intake.rows import CustomerRow, OrderRow, Problem, QuarantineError, Row
from include.customers.intake.values import Converter, Flaw, amount, count, identifier, mobile_number, moment, name
from include.customers.intake.xlsx_file import xlsx_records
from include.customers.intake.xml_file import xml_records

Format = Literal["csv", "xlsx", "xml"]
MOST_PROBLEMS = 10_000
# Of a value that is told as a problem.
LONGEST_VALUE = 200


class Intake:
    """A file that can be read; made by `open_file`.

    :ivar format: what the file is.
    :ivar encoding: its character encoding, a codec's name; None of a workbook.
    :ivar row_count: rows read so far; all of them after the last, as the other counts are.
    :ivar taken_count: those that were yielded.
    :ivar rejected_count: those that were left out.
    :ivar problems: the first 10,000.
    """

    def __init__(
        self, kind: Kind, partner: Partner, file_format: Format, encoding: str | None, columns: Columns
    ) -> None:
        self.kind = kind
        self.format = file_format
        self.encoding = encoding
        self.row_count = self.taken_count = self.rejected_count = 0
        self.problems: list[Problem] = []
        self._counts: Counter[tuple[str | None, str, bool]] = Counter()
        self._columns = columns
        self._partner = partner
        self._records: Iterator[Record] = iter(())

    def begin(self, records: Iterator[Record]) -> None:
        """Reads up to the first record.

        :raises QuarantineError: what comes first cannot be read.
        """
        self._records = chain([first], records) if (first := next(records, None)) else iter(())

    @property
    def columns(self) -> dict[str, Any]:
        """``{"missing": […], "extra": […], "renamed": {as given: as known}}``; whole after the last row."""
        return self._columns.report()

    @property
    def problem_counts(self) -> list[dict[str, Any]]:
        """All problems: ``[{"column": …, "kind": …, "is_rejected": …, "count": …}]``, the most first."""
        return [
            {"column": column, "kind": kind, "is_rejected": is_rejected, "count": number}
            for (column, kind, is_rejected), number in self._counts.most_common()
        ]

    def rows(self) -> Iterator[Row]:
        """The rows that can be taken in, in the file's order, in constant memory. To be read once.

        :raises QuarantineError: at any row where the file is broken, and after the last when too many were rejected.
        """
        converters = _converters(self.kind, self._partner)
        make = _customer if self.kind == "customers" else _order
        for number, record in enumerate(self._records, 1):
            self.row_count = number
            if isinstance(record, Misshapen):
                self._tell(Problem(number, None, "wrong shape", True, None, record.message))
                self.rejected_count += 1
                continue
            values = [convert(text) for convert, text in zip(converters, record, strict=False)]
            if Flaw in map(type, values):
                values = self._mended(number, record, values)
                if not values:
                    self.rejected_count += 1
                    continue
            self.taken_count += 1
            yield make(number, values)
        self._check_rejected()

    def _mended(self, number: int, record: Values, values: list[Any]) -> list[Any]:
        """The values with what is taken in place of those with flaws; nothing of a row that is rejected."""
        is_rejected = False
        for place, (flaw, column) in enumerate(zip(values, self._columns.names, strict=True)):
            if isinstance(flaw, Flaw):
                is_rejected = is_rejected or flaw.is_rejected
                values[place] = flaw.value
                # What the whole file does not have is told once, as a column.
                if self._columns.has(column):
                    value = (record[place] or "")[:LONGEST_VALUE] or None
                    self._tell(Problem(number, column, flaw.kind, flaw.is_rejected, value, flaw.message))
        return [] if is_rejected else values

    def _tell(self, problem: Problem) -> None:
        self._counts[problem.column_name, problem.kind, problem.is_rejected] += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def _check_rejected(self) -> None:
        limit = self._partner.limits.rejected_percentage
        if self.rejected_count * 100 > Decimal(limit) * self.row_count:
            reasons = ", ".join(
                f"{column or 'row'}: {kind} ({number:,})"
                for (column, kind, is_rejected), number in self._counts.most_common()
                if is_rejected
            )
            raise QuarantineError(
                f"{self.rejected_count:,} of {self.row_count:,} rows cannot be read, more than the {limit}% of "
                f"partner.yaml's rejected_percentage: {reasons}. Have the file mended and sent again.",
                self.columns,
            )


def open_file(path: Path, kind: Kind, partner: Partner) -> Intake:
    """Looks at a file's size, format, encoding and columns, and is ready to read its rows.

    :raises QuarantineError: when the file cannot be read.
    """
    limits = partner.limits
    megabytes = limits.customers_megabytes if kind == "customers" else limits.orders_megabytes
    if path.stat().st_size > megabytes * 1_000_000:
        raise QuarantineError(f"It is larger than the {megabytes} MB of partner.yaml's {kind}_megabytes.")
    with path.open("rb") as file:
        head = file.read(CHUNK)
    columns = Columns(kind, partner)
    if head.startswith(b"PK\3\4"):
        intake = Intake(kind, partner, "xlsx", None, columns)
        intake.begin(xlsx_records(path, columns, partner.decimal_mark))
        return intake
    _refuse_others(head)
    encoding = encoding_of(head, partner.encoding)
    check_text(path, encoding)
    if is_xml(head):
        intake = Intake(kind, partner, "xml", encoding, columns)
        intake.begin(xml_records(path, encoding, columns))
    else:
        intake = Intake(kind, partner, "csv", encoding, columns)
        intake.begin(csv_records(path, encoding, columns))
    return intake


def _refuse_others(head: bytes) -> None:
    if not head:
        raise QuarantineError("It is empty. Was it sent before it was written?")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise QuarantineError(
            "It is an .xls, or a workbook with a password. Have it saved as .xlsx without one, or as CSV."
        )
    if head.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"PK")):
        raise QuarantineError("It is packed. Have it sent as it is.")


def _converters(kind: Kind, partner: Partner) -> tuple[Converter, ...]:
    """In the order of `COLUMNS`."""
    number = mobile_number(partner)
    if kind == "customers":
        return identifier, name, number, name
    return identifier, number, moment(partner), identifier, count(partner), amount(partner)


def _customer(number: int, values: list[Any]) -> CustomerRow:
    customer_id, customer_name, (mobile, raw), region = values
    return CustomerRow(number, customer_id, customer_name, mobile, raw, region)


def _order(number: int, values: list[Any]) -> OrderRow:
    order_id, (mobile, raw), (ordered_at, business_date), sku_id, sku_count, cents = values
    return OrderRow(number, order_id, sku_id, mobile, raw, ordered_at, business_date, sku_count, cents)
