"""Stretches in which a phone system's feed was lost: calls of then may be missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.rows import class_row

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Gap:
    """`ended_at` is None while it lasts."""

    started_at: datetime
    ended_at: datetime | None


def read_gaps(
    connection: psycopg.Connection, feeds: Collection[str], begin_at: datetime, end_at: datetime
) -> list[Gap]:
    """The gaps that touch a stretch of time, the earliest first."""
    with connection.cursor(row_factory=class_row(Gap)) as cursor:
        parameters = {"feeds": list(feeds), "begin_at": begin_at, "end_at": end_at}
        return cursor.execute((SQL / "gaps.sql").read_bytes(), parameters).fetchall()
