"""Entering an edition once its workbook is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.types.json import Jsonb

from include.customers.editions.days import Files, files_of_day, files_reported
from include.customers.editions.edition import Edition, Headline, Source
from include.customers.editions.store import find_edition, get_edition


class NothingNewError(Exception):
    """There is no need for this edition; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to become an edition.

    :param path: below the partner files' folder.
    :param is_asked_for: somebody wants one of this day, whatever there is already.
    """

    source: Source
    business_date: date
    dag_run_id: str
    map_index: int
    filename: str
    path: str
    sha256: str
    byte_count: int
    headlines: Sequence[Headline]
    files: Files
    is_asked_for: bool


def check_news(connection: psycopg.Connection, source: Source, day: date, files: Files, *, is_asked_for: bool) -> None:
    """:raises NothingNewError: the newest edition of the day was made of these files, and nobody has asked for more."""
    if source == "partner" and not is_asked_for and files_reported(connection, day) == files:
        raise NothingNewError(f"there is an edition of {day} of these files")


def enter(connection: psycopg.Connection, draft: Draft) -> Edition:
    """Enters an edition, which supersedes the one of its day that still waits for a decision; the caller commits.

    :returns: the same when it is entered again.
    :raises NothingNewError: meanwhile another run has made it, or other files have come, whose run makes it.
    """
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"edition/{draft.source}/{draft.business_date}"]
    )
    if entered := find_edition(connection, draft.dag_run_id, draft.map_index):
        return entered
    check_news(connection, draft.source, draft.business_date, draft.files, is_asked_for=draft.is_asked_for)
    if draft.source == "partner" and files_of_day(connection, draft.business_date) != draft.files:
        raise NothingNewError(f"other files of {draft.business_date} have come while it was made")
    connection.execute(
        """
        UPDATE partner.edition
        SET state = 'superseded', decided_at = now()
        WHERE source = %s AND business_date = %s AND state = 'pending'
        """,
        [draft.source, draft.business_date],
    )
    [(edition_id,)] = connection.execute(
        """
        INSERT INTO partner.edition
            (source, business_date, dag_run_id, map_index, filename, path, sha256, byte_count, headlines,
                customers_file_id, orders_file_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        RETURNING edition_id
        """,
        [
            draft.source,
            draft.business_date,
            draft.dag_run_id,
            draft.map_index,
            draft.filename,
            draft.path,
            draft.sha256,
            draft.byte_count,
            Jsonb(list(draft.headlines)),
            draft.files.customers_file_id,
            draft.files.orders_file_id,
        ],
    ).fetchall()
    return get_edition(connection, edition_id)
