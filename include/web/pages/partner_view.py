"""A partner's day as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import psycopg

from include.customers.deliveries import PartnerFile
from include.customers.editions import Deed, Edition

KINDS = {"customers": "Customers", "orders": "Orders"}
SOURCES = {"partner": "The partner's files", "square": "Square"}
# A report that has not followed a file by then waits for something else: the other file, or a run that failed.
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class DayView:
    """What came for a day, what was made of it, who did what: the newest first."""

    day: date
    files: Sequence[PartnerFile]
    editions: Sequence[Edition]
    deeds: Sequence[Deed]

    @property
    def is_moving(self) -> bool:
        """Whether more is to be expected within seconds: a file's end, the report that follows one, its export."""
        made_at = max((edition.made_at for edition in self.editions), default=None)
        is_file_moving = any(
            file.settled_at is None
            or (file.state == "loaded" and _is_fresh(file.settled_at) and (not made_at or made_at < file.settled_at))
            for file in self.files
        )
        return is_file_moving or any(
            edition.state == "approved" and not edition.exported_at and _is_fresh(edition.decided_at)
            for edition in self.editions
        )

    @property
    def missing(self) -> list[str]:
        """The kinds of which nothing holds."""
        return [word.lower() for kind, word in KINDS.items() if kind not in self._loaded]

    @property
    def news(self) -> str:
        """For those who hear the page instead of seeing it; changes when there is something to be told."""
        files = [f"{KINDS.get(file.kind or '', 'File')} {file.state}" for file in self.files[:2]]
        editions = [f"Report {edition.state}" for edition in self.editions[:1]]
        return ", ".join([*editions, *files])

    @property
    def _loaded(self) -> set[str]:
        return {file.kind for file in self.files if file.state == "loaded" and file.kind}


def _is_fresh(at: datetime | None) -> bool:
    return at is not None and datetime.now(UTC) - at < PATIENCE


def newest_states(connection: psycopg.Connection, days: Sequence[date]) -> dict[date, str]:
    """Of the newest edition of each day that was made of the partner's files."""
    rows = connection.execute(
        """
        SELECT DISTINCT ON (business_date) business_date, state
        FROM partner.edition
        WHERE source = 'partner' AND business_date = ANY(%s)
        ORDER BY business_date, edition_id DESC
        """,
        [list(days)],
    ).fetchall()
    return dict(rows)
