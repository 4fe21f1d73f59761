"""What is to be known of the data before the KPIs are believed."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from include.customers.kpis.days import Days
from include.customers.kpis.source import Source
from include.customers.kpis.statements import statement
from include.customers.kpis.table import Column, Kind, Row, Table


class _Finding(NamedTuple):
    check: str
    day: date | None = None
    filename: str | None = None
    row_number: int | None = None
    column_name: str | None = None
    found_count: int | None = None
    value: str | None = None
    detail: str | None = None
    received_by: str | None = None
    received_at: datetime | None = None
    sha256: str | None = None


class _File(NamedTuple):
    delivery_date: date
    kind: str
    filename: str
    state: str
    reason: str | None
    format: str | None
    encoding: str | None
    row_count: int | None
    taken_count: int | None
    rejected_count: int | None
    late_count: int | None
    problem_counts: str
    received_by: str | None
    received_at: datetime | None
    sha256: str

    @property
    def story(self) -> str:
        """What it was read as, and what became of its rows."""
        counts = {
            "rows": self.row_count,
            "taken in": self.taken_count,
            "rejected": self.rejected_count,
            "late orders": self.late_count,
        }
        told = [f"{self.kind} file", *filter(None, [self.format, self.encoding])]
        told += [f"{count:,} {what}" for what, count in counts.items() if count is not None]
        return ", ".join(told) + (f". {self.reason}" if self.reason else "")


COLUMNS = (
    Column("check", "Check", Kind.TEXT),
    Column("day", "Day", Kind.DATE),
    Column("filename", "File", Kind.TEXT),
    Column("row_number", "Row", Kind.COUNT),
    Column("column_name", "Column", Kind.TEXT),
    Column("found_count", "Count", Kind.COUNT),
    Column("value", "Value", Kind.TEXT),
    Column("detail", "Detail", Kind.TEXT),
    Column("received_by", "Received by", Kind.TEXT),
    Column("received_at", "Received at", Kind.TIME),
    Column("sha256", "SHA-256", Kind.TEXT),
)


def data_quality(source: Source, day: date) -> Table:
    """One row per finding, of very different kinds: `check` says which, and what does not concern it is None.

    Totals first, then what they are made of: days without files, the 30 days' files with who, when, hash and counts,
    their rows' problems counted by column, late orders, shared numbers, and the rows of the day's files with a problem.
    Of Square: how far each location is synced.
    """

    def rows() -> Iterator[Row]:
        days = Days(day)
        yield from _totals(source, days)
        if source.has_files:
            yield from _absent_days(source, days)
            yield from _files(source, days)
            yield from _late_orders(source, days)
        else:
            yield from _synced(source, days)
        yield from _shared_numbers(source, days)
        if source.has_files:
            yield from _problems(source, days)

    return Table("Data_Quality", COLUMNS, rows)


def _totals(source: Source, days: Days) -> Iterator[_Finding]:
    customer_count, nameless, filled_names, regionless, filled_regions, numberless = source.one(
        statement("quality/customers"), days.parameters()
    )
    order_count, unmatched_count = source.one(statement("quality/orders"), days.parameters())
    yield _Finding("Customers", found_count=customer_count)
    yield _Finding("Customers without a name", found_count=nameless)
    yield _Finding("Customers with a name from history", found_count=filled_names)
    yield _Finding("Customers without a region", found_count=regionless)
    yield _Finding("Customers with a region from history", found_count=filled_regions)
    yield _Finding("Customers without a mobile number", found_count=numberless)
    yield _Finding("Orders", found_count=order_count)
    yield _Finding(
        "Orders without a customer", found_count=unmatched_count, detail="on Unmatched_Orders, and in every total"
    )


def _absent_days(source: Source, days: Days) -> Iterator[_Finding]:
    """Gaps in the sequence of days, from the first file of either kind on."""
    loaded: dict[date, set[str]] = defaultdict(set)
    for kind, delivery_date in source.stream(statement("quality/loaded_days"), days.parameters()):
        loaded[delivery_date].add(kind)
    if not loaded:
        return
    first = min(loaded)
    for number in range((days.day - first).days + 1):
        delivery_date = first + timedelta(days=number)
        for kind in sorted({"customers", "orders"} - loaded[delivery_date]):
            yield _Finding("Absent file", day=delivery_date, detail=f"no {kind} file holds for this day")


def _files(source: Source, days: Days) -> Iterator[_Finding]:
    files = [_File(*row) for row in source.stream(statement("quality/files"), days.parameters())]
    for file in files:
        yield _Finding(
            f"File {file.state}",
            day=file.delivery_date,
            filename=file.filename,
            found_count=file.row_count,
            detail=file.story,
            received_by=file.received_by,
            received_at=file.received_at,
            sha256=file.sha256,
        )
    for file in files:
        if file.state == "loaded":
            yield from _counted_problems(file)


def _counted_problems(file: _File) -> Iterator[_Finding]:
    counts = json.loads(file.problem_counts)
    for problem in sorted(counts, key=lambda each: (each["column"] or "", each["kind"], each["is_rejected"])):
        yield _Finding(
            "Rows rejected" if problem["is_rejected"] else "Rows noted",
            day=file.delivery_date,
            filename=file.filename,
            column_name=problem["column"],
            found_count=problem["count"],
            detail=problem["kind"],
        )


def _synced(source: Source, days: Days) -> Iterator[_Finding]:
    parameters = {"day": days.day, "currency": source.currency}
    for location, synced_until_at, is_complete in source.stream(statement("quality/synced"), parameters):
        yield _Finding(
            "Synced from Square" if is_complete else "Not yet synced from Square",
            day=days.day,
            value=location,
            detail="the whole day" if is_complete else "orders of the day may be missing: let square_sync run",
            received_at=synced_until_at,
        )


def _late_orders(source: Source, days: Days) -> Iterator[_Finding]:
    for business_date, count in source.stream(statement("quality/late_orders"), days.parameters()):
        yield _Finding("Late orders", day=business_date, found_count=count, detail=f"came with the file of {days.day}")


def _shared_numbers(source: Source, days: Days) -> Iterator[_Finding]:
    for mobile_number, count in source.stream(statement("quality/shared_numbers"), days.parameters()):
        yield _Finding(
            "Shared mobile number",
            found_count=count,
            value=mobile_number,
            detail="its orders are those of the customer who was told of last",
        )


def _problems(source: Source, days: Days) -> Iterator[_Finding]:
    for row in source.stream(statement("quality/problems"), days.parameters()):
        delivery_date, filename, row_number, column_name, kind, is_rejected, value, message = row
        yield _Finding(
            "Row rejected" if is_rejected else "Row noted",
            day=delivery_date,
            filename=filename,
            row_number=row_number,
            column_name=column_name,
            value=value,
            detail=f"{kind}: {message}",
        )
