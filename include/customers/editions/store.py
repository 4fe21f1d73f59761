"""What is known of editions and deeds: for pages, the API, and the tasks."""

from datetime import date

import psycopg
from psycopg.rows import class_row

from include.customers.editions.edition import Deed, Edition, EditionNotFoundError, Source, State

EDITION = """
    SELECT edition_id, source, business_date, dag_run_id, map_index, state, filename, path, sha256, byte_count,
        headlines, customers_file_id, orders_file_id, made_at, decided_by, decided_at, decision_note, exported_at,
        sheet_url, deleted_at
    FROM partner.edition
"""


_COUNT = "SELECT count(*) FROM partner.edition"
_WANTED = """
    WHERE (%(business_date)s::date IS NULL OR business_date = %(business_date)s)
        AND (%(source)s::text IS NULL OR source = %(source)s)
        AND (%(state)s::text IS NULL OR state = %(state)s)
"""


def list_editions(
    connection: psycopg.Connection,
    *,
    business_date: date | None = None,
    source: Source | None = None,
    state: State | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Edition], int]:
    """The newest first.

    :returns: a page, and how many there are in all.
    """
    wanted = {"business_date": business_date, "source": source, "state": state}
    with connection.cursor(row_factory=class_row(Edition)) as cursor:
        page = cursor.execute(
            EDITION + _WANTED + "ORDER BY edition_id DESC LIMIT %(limit)s OFFSET %(offset)s",
            wanted | {"limit": limit, "offset": offset},
        ).fetchall()
    [(total,)] = connection.execute(_COUNT + _WANTED, wanted).fetchall()
    return page, total


def get_edition(connection: psycopg.Connection, edition_id: int) -> Edition:
    """:raises EditionNotFoundError: there is none."""
    return _one(connection, edition_id, "WHERE edition_id = %s")


def find_edition(connection: psycopg.Connection, dag_run_id: str, map_index: int) -> Edition | None:
    """The one that a run has made at an index."""
    with connection.cursor(row_factory=class_row(Edition)) as cursor:
        return cursor.execute(EDITION + "WHERE dag_run_id = %s AND map_index = %s", [dag_run_id, map_index]).fetchone()


def lock_edition(connection: psycopg.Connection, edition_id: int) -> Edition:
    """As :func:`get_edition`, but a decision that is being written is waited for, and none is until the commit.

    :raises EditionNotFoundError: there is none.
    """
    return _one(connection, edition_id, "WHERE edition_id = %s FOR UPDATE")


_DEEDS_OF_DAY = """
    FROM partner.deed
    LEFT JOIN partner.file ON file.file_id = deed.file_id
    LEFT JOIN partner.edition ON edition.edition_id = deed.edition_id
    WHERE file.delivery_date = %(day)s OR edition.business_date = %(day)s
"""


def deeds_of(
    connection: psycopg.Connection, business_date: date, *, limit: int = 200, offset: int = 0
) -> tuple[list[Deed], int]:
    """What people did with a day's files and editions; the newest first.

    :returns: a page, and how many there are in all.
    """
    wanted = {"day": business_date}
    with connection.cursor(row_factory=class_row(Deed)) as cursor:
        page = cursor.execute(
            """
            SELECT deed_id, done_at, done_by, action, deed.file_id, deed.edition_id,
                coalesce(file.filename, edition.filename) AS filename
            """
            + _DEEDS_OF_DAY
            + "ORDER BY deed_id DESC LIMIT %(limit)s OFFSET %(offset)s",
            wanted | {"limit": limit, "offset": offset},
        ).fetchall()
    [(total,)] = connection.execute("SELECT count(*)" + _DEEDS_OF_DAY, wanted).fetchall()
    return page, total


def _one(connection: psycopg.Connection, edition_id: int, where: str) -> Edition:
    with connection.cursor(row_factory=class_row(Edition)) as cursor:
        found = cursor.execute(EDITION + where, [edition_id]).fetchone()
    if found is None:
        raise EditionNotFoundError(f"there is no edition {edition_id}")
    return found
