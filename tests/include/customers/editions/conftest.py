"""A partner's archive in the database: which files there are, and which editions were made of them."""

from dataclasses import replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from include.config.partner import Kind, Partner
from include.customers.editions import Edition, Source
from include.customers.editions.days import Files, files_of_day
from include.customers.editions.making import Draft, enter

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2026, 11, 20)
WORKBOOK = b"a workbook"


class Archive:
    def __init__(self, connection: psycopg.Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder
        self.partner = Partner.model_validate(
            {
                "name": "Demo Eats",
                "timezone": NEW_YORK.key,
                "currency": "USD",
                "phone_region": "US",
                "recipients": ["ops@example.com"],
                "approval_hours": 24,
            }
        )
        self.numbers = count(1)

    def file(self, kind: Kind, day: date = DAY, *, state: str = "loaded") -> int:
        """A file that came for a day, in place of the one before."""
        if state == "loaded":
            self.connection.execute(
                "UPDATE partner.file SET state = 'replaced'"
                " WHERE kind = %s AND delivery_date = %s AND state = 'loaded'",
                [kind, day],
            )
        number = next(self.numbers)
        [(file_id,)] = self.connection.execute(
            """
            INSERT INTO partner.file
                (kind, delivery_date, filename, sha256, byte_count, came_by, received_by, state, settled_at, path)
            VALUES (%s, %s, %s, %s, 1, 'upload', 'uma', %s, now(), %s)
            RETURNING file_id
            """,
            [kind, day, f"{kind}.csv", f"{number:064}", state, f"received/{number}"],
        ).fetchall()
        return int(file_id)

    def both(self, day: date = DAY) -> Files:
        return Files(self.file("customers", day), self.file("orders", day))

    def draft(self, day: date = DAY, *, source: Source = "partner", is_asked_for: bool = False) -> Draft:
        """A workbook of what there is of a day, written but not entered."""
        number = next(self.numbers)
        path = Path("editions", str(number), f"Daily_Report_{day:%Y%m%d}.xlsx")
        (self.folder / path).parent.mkdir(parents=True)
        (self.folder / path).write_bytes(WORKBOOK)
        return Draft(
            source=source,
            business_date=day,
            dag_run_id=f"run {number}",
            map_index=0,
            filename=path.name,
            path=str(path),
            sha256="0" * 64,
            byte_count=len(WORKBOOK),
            headlines=[{"label": "Revenue", "value": "$1,234.50"}],
            files=files_of_day(self.connection, day) if source == "partner" else Files(None, None),
            is_asked_for=is_asked_for,
        )

    def edition(self, day: date = DAY, *, source: Source = "partner", is_asked_for: bool = True) -> Edition:
        return enter(self.connection, self.draft(day, source=source, is_asked_for=is_asked_for))

    def made_at(self, edition: Edition, at: datetime) -> Edition:
        self.connection.execute(
            "UPDATE partner.edition SET made_at = %s WHERE edition_id = %s", [at, edition.edition_id]
        )
        return replace(edition, made_at=at)

    def mails(self) -> list[tuple[str, str]]:
        """Subject and text of each, in the order in which they were written."""
        return self.connection.execute(
            "SELECT subject, text_body FROM outbox.message ORDER BY created_at, subject"
        ).fetchall()


@pytest.fixture
def archive(connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setenv("STOREKEEPER_PARTNER_FILES", str(tmp_path))
    return Archive(connection, tmp_path)
