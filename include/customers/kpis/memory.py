"""A partner's files, or data frames, as a source of their own: no database, no Airflow, nothing left behind.

The files are read by the same intake, loaded by the same statements and asked by the same SQL as in the warehouse;
DuckDB holds the tables in memory, and what does not fit in a temporary folder.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from include.config.partner import Kind, Partner
from include.customers.deliveries.loading import load
from include.customers.intake import OrderRow, QuarantineError, guess_kind_and_date, open_file
from include.customers.kpis.engines import Engine
from include.customers.kpis.source import PartnerSource
from include.customers.kpis.statements import statement

if TYPE_CHECKING:
    import pandas as pd

    from include.customers.kpis.duckdb_engine import DuckDb

# An order file whose name tells no day is of the day that most of its first so many rows are of.
FIRST_ROWS = 1_000


@dataclass(frozen=True)
class Delivery:
    """A file, and what it is."""

    path: Path
    kind: Kind
    delivery_date: date


class UnknownDayError(ValueError):
    """Nothing tells which day a file is of."""


class Files(PartnerSource):
    """Made by `files` and `frames`."""

    def __init__(self, deliveries: Sequence[Delivery], partner: Partner) -> None:
        super().__init__(partner)
        self._deliveries = deliveries
        self._partner = partner

    def _engine(self, open_: ExitStack) -> Engine:
        # Who reads from Postgres does without it.
        from include.customers.kpis.duckdb_engine import DuckDb, open_database

        folder = Path(open_.enter_context(TemporaryDirectory(prefix="storekeeper-kpis-")))
        engine = DuckDb(open_.enter_context(open_database(folder)))
        engine.execute(statement("duckdb/tables"), {})
        for file_id, delivery in enumerate(self._deliveries, 1):
            self._load(engine, file_id, delivery)
        return engine

    def _load(self, engine: "DuckDb", file_id: int, delivery: Delivery) -> None:
        kind, delivery_date = delivery.kind, delivery.delivery_date
        with _naming(delivery.path):
            intake = open_file(delivery.path, kind, self._partner)
            loaded = load(engine, intake, kind, delivery_date=delivery_date, file_id=file_id)
        engine.execute(statement("duckdb/replaced"), {"kind": kind, "delivery_date": delivery_date})
        with delivery.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        file = {
            "file_id": file_id,
            "kind": kind,
            "delivery_date": delivery_date,
            "filename": delivery.path.name,
            "sha256": digest,
            "state": "loaded",
            "format": intake.format,
            "encoding": intake.encoding,
            "row_count": loaded.row_count,
            "taken_count": loaded.taken_count,
            "rejected_count": loaded.rejected_count,
            "late_count": loaded.late_count,
            "problem_counts": json.dumps(loaded.problem_counts),
        }
        engine.append("partner.file", list(file), [tuple(file.values())])


def files(customers: Sequence[Path], orders: Sequence[Path], partner: Partner, *, day: date | None = None) -> Files:
    """A source of files alone; of two of a kind for one day the later one counts, as if they had come in this order.

    A file is of the day that its name tells, else of ``day``; else an order file is of the day that most of its first
    orders are of, and a customer file of the newest order file's.

    :raises UnknownDayError: nothing tells it, or a file whose name does not tell would take another one's place.
    :raises QuarantineError: a file cannot be read; here, or when the source is opened. Its message names the file.
    """
    order_files = [
        Delivery(path, "orders", _named_day(path) or day or _day_of_first_rows(path, partner)) for path in orders
    ]
    newest = max((file.delivery_date for file in order_files), default=None)
    customer_files = [Delivery(path, "customers", _named_day(path) or day or _told(newest, path)) for path in customers]
    deliveries = [*customer_files, *order_files]
    _refuse_silent_replacement(deliveries)
    return Files(deliveries, partner)


@contextmanager
def frames(
    customers: "pd.DataFrame", orders: "pd.DataFrame", partner: Partner, *, day: date | None = None
) -> Iterator[Files]:
    """A source of data frames with the columns of the files; they are checked as a file's rows are.

    :param day: as of `files`.
    """
    with TemporaryDirectory(prefix="storekeeper-kpis-") as name:
        folder = Path(name)
        for frame, file in [(customers, "customers.csv"), (orders, "orders.csv")]:
            _write(frame, folder / file)
        with files([folder / "customers.csv"], [folder / "orders.csv"], partner, day=day) as source:
            yield source


def _write(frame: "pd.DataFrame", path: Path) -> None:
    # Whole numbers of which some lack are floats in a frame (15551234567.0), and 0.1 + 0.2 has seventeen digits.
    tidy = frame.convert_dtypes()
    tidy = tidy.astype(dict.fromkeys(tidy.select_dtypes("Float64").columns, "float64"))
    # With a byte order mark the file says its encoding, whatever the partner's is.
    tidy.to_csv(path, index=False, encoding="utf-8-sig", float_format="%.15g")


def _named_day(path: Path) -> date | None:
    return guess_kind_and_date(path.name)[1]


def _told(day: date | None, path: Path) -> date:
    if day is None:
        raise UnknownDayError(
            f"nothing tells which day {path.name} is of: name it like {path.stem}_2026-11-20{path.suffix}"
        )
    return day


def _day_of_first_rows(path: Path, partner: Partner) -> date:
    with _naming(path):
        rows = islice(open_file(path, "orders", partner).rows(), FIRST_ROWS)
        days = Counter(row.business_date for row in rows if isinstance(row, OrderRow))
    return _told(max(days, key=lambda day: (days[day], day), default=None), path)


def _refuse_silent_replacement(deliveries: Sequence[Delivery]) -> None:
    """Two files of a day that their names tell are a file and its correction; otherwise they may be two parts."""
    earlier: dict[tuple[Kind, date], Delivery] = {}
    for delivery in deliveries:
        other = earlier.setdefault((delivery.kind, delivery.delivery_date), delivery)
        if other is not delivery and not (_named_day(other.path) and _named_day(delivery.path)):
            raise UnknownDayError(
                f"{other.path.name} and {delivery.path.name} would both be the {delivery.kind} file of "
                f"{delivery.delivery_date}: name them by their days, like {delivery.kind}_2026-11-20"
                f"{delivery.path.suffix}, or make one of them"
            )


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except QuarantineError as error:
        raise QuarantineError(f"{path.name}: {error.reason}", error.columns) from error
