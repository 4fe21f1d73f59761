"""How far each source has been read: before its watermark, every change of the source is in bronze."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import psycopg

# Square's search may show a change a little later than the change says it happened.
OVERLAP = timedelta(minutes=10)
# Before Square was.
BEGINNING = datetime.fromisoformat("2009-01-01T00:00:00+00:00")


def read_from(connection: psycopg.Connection, source: str, scopes: Iterable[str] = ("",)) -> datetime:
    """Where to read on: an overlap behind the scope that is furthest behind; the beginning, if one was never read."""
    row = connection.execute(
        """
        SELECT min(coalesce(watermark.updated_at, '-infinity')) = '-infinity', min(watermark.updated_at)
        FROM unnest(%s::text[]) AS scope
        LEFT JOIN bronze.watermark ON watermark.source = %s AND watermark.scope = scope.scope
        """,
        [list(scopes), source],
    ).fetchone()
    if row is None or row[0] or row[1] is None:
        return BEGINNING
    reached_at: datetime = row[1]
    return reached_at - OVERLAP


def move(connection: psycopg.Connection, source: str, reached_at: datetime, scopes: Iterable[str] = ("",)) -> None:
    """Moves watermarks forward, in the transaction that holds the data; never back, and never ahead of the clock."""
    connection.execute(
        """
        INSERT INTO bronze.watermark (source, scope, updated_at)
        SELECT %s, scope, least(%s, now()) FROM unnest(%s::text[]) AS scope ORDER BY scope
        ON CONFLICT (source, scope) DO UPDATE SET updated_at = greatest(excluded.updated_at, watermark.updated_at)
        """,
        [source, reached_at, list(scopes)],
    )
