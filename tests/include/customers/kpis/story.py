"""A partner's files of some days, as any source gives them: from the database, and from files alone."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg

from include.config.partner import Kind, Partner
from include.customers.deliveries.loading import load
from include.customers.deliveries.postgres import PostgresEngine
from include.customers.intake import open_file
from include.customers.kpis import PartnerWarehouse, Source, files

PARTNER = Partner.model_validate(
    {"name": "Demo Eats", "timezone": "America/New_York", "currency": "USD", "phone_region": "US"}
)


class Customer(NamedTuple):
    customer_id: str
    customer_name: str = ""
    mobile_number: str = ""
    region: str = ""


class Line(NamedTuple):
    """:param at: local time."""

    order_id: str
    mobile_number: str
    at: datetime
    sku_id: str
    sku_count: int
    cents: int


@dataclass(frozen=True)
class File:
    kind: Kind
    day: date
    path: Path


class Story:
    """Writes files, in the order in which they come."""

    def __init__(self, folder: Path, partner: Partner = PARTNER) -> None:
        self._folder = folder
        self.partner = partner
        self.files: list[File] = []

    def customers(self, day: date, customers: Iterable[Customer]) -> None:
        self._write("customers", day, Customer._fields, customers)

    def orders(self, day: date, lines: Iterable[Line]) -> None:
        titles = ("order_id", "mobile_number", "order_date_time", "sku_id", "sku_count", "total_amount")
        rows = [
            (*line[:2], line.at.isoformat(), line.sku_id, line.sku_count, f"{line.cents // 100}.{line.cents % 100:02}")
            for line in lines
        ]
        self._write("orders", day, titles, rows)

    def paths(self, kind: Kind) -> list[Path]:
        return [file.path for file in self.files if file.kind == kind]

    def alone(self) -> Source:
        """The files as a source, without any database."""
        return files(self.paths("customers"), self.paths("orders"), self.partner)

    def in_warehouse(self, connection: psycopg.Connection) -> Source:
        """Loads the files into a database, as `take_in` does, as a source."""
        for file in self.files:
            with connection.transaction():
                _load(connection, file, self.partner)
        connection.commit()
        return PartnerWarehouse(connection, self.partner)

    def _write(self, kind: Kind, day: date, titles: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        folder = self._folder / str(len(self.files))
        folder.mkdir()
        path = folder / f"{kind}_{day}.csv"
        lines = [titles, *rows]
        path.write_text("".join(",".join(map(str, line)) + "\n" for line in lines))
        self.files.append(File(kind, day, path))


def _load(connection: psycopg.Connection, file: File, partner: Partner) -> None:
    connection.execute(
        "UPDATE partner.file SET state = 'replaced' WHERE kind = %s AND delivery_date = %s AND state = 'loaded'",
        [file.kind, file.day],
    )
    row = connection.execute(
        """
        INSERT INTO partner.file (kind, delivery_date, filename, sha256, byte_count, came_by, received_by, path)
        VALUES (%s, %s, %s, %s, 0, 'upload', 'ana', '')
        RETURNING file_id
        """,
        [file.kind, file.day, file.path.name, hashlib.sha256(file.path.read_bytes()).hexdigest()],
    ).fetchone()
    assert row is not None
    intake = open_file(file.path, file.kind, partner)
    loaded = load(PostgresEngine(connection), intake, file.kind, delivery_date=file.day, file_id=row[0])
    connection.execute(
        """
        UPDATE partner.file
        SET state = 'loaded', settled_at = now(), format = %s, encoding = %s, row_count = %s, taken_count = %s,
            rejected_count = %s, late_count = %s, problem_counts = %s
        WHERE file_id = %s
        """,
        [
            intake.format,
            intake.encoding,
            loaded.row_count,
            loaded.taken_count,
            loaded.rejected_count,
            loaded.late_count,
            json.dumps(loaded.problem_counts),
            row[0],
        ],
    )
