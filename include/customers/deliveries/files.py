"""The files that came, whatever became of them: for pages, the API and the tasks."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row

from include.config.partner import Kind
from include.customers.deliveries.folder import ContentGoneError, partner_files_folder
from include.customers.intake import Problem

State = Literal["received", "loaded", "replaced", "repeated", "quarantined"]

FILE = """
    SELECT file_id, kind, delivery_date, filename, sha256, byte_count, came_by, received_by, received_at, state, reason,
        format, encoding, row_count, taken_count, rejected_count, late_count, problem_counts, columns, settled_at, path,
        deleted_at
    FROM partner.file
"""


class UnknownFileError(LookupError):
    """There is no such file."""


@dataclass(frozen=True, kw_only=True)
class PartnerFile:
    """A file that came.

    :param kind: None: nothing told.
    :param delivery_date: the business day whose new records it is to hold.
    :param received_by: an Airflow user's name; ``folder``.
    :param state: ``loaded``: its records hold; ``replaced``: they did, until a later file for the day came;
        ``repeated``: they held already.
    :param reason: why it is quarantined or repeated, and what to do; without values of rows.
    :param late_count: orders of days before the delivery date.
    :param problem_counts: ``[{"column": …, "kind": …, "is_rejected": …, "count": …}]``.
    :param columns: ``{"missing": […], "extra": […], "renamed": {as given: as known}}``.
    :param path: below the partner files' folder.
    :param deleted_at: when its retention was over and the content deleted.
    """

    file_id: int
    kind: Kind | None
    delivery_date: date | None
    filename: str
    sha256: str
    byte_count: int
    came_by: Literal["upload", "folder"]
    received_by: str
    received_at: datetime
    state: State
    reason: str | None
    format: str | None
    encoding: str | None
    row_count: int | None
    taken_count: int | None
    rejected_count: int | None
    late_count: int | None
    problem_counts: list[dict[str, Any]]
    columns: dict[str, Any]
    settled_at: datetime | None
    path: str
    deleted_at: datetime | None


def get_file(connection: psycopg.Connection, file_id: int) -> PartnerFile:
    """:raises UnknownFileError: there is none of that id."""
    with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
        file = cursor.execute(FILE + "WHERE file_id = %s", [file_id]).fetchone()
    if file is None:
        raise UnknownFileError(f"there is no partner file {file_id}")
    return file


def loaded_file(connection: psycopg.Connection, kind: Kind, delivery_date: date) -> PartnerFile | None:
    """The file whose records hold for a day."""
    with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
        return cursor.execute(
            FILE + "WHERE kind = %s AND delivery_date = %s AND state = 'loaded'", [kind, delivery_date]
        ).fetchone()


def files_of(connection: psycopg.Connection, delivery_date: date) -> list[PartnerFile]:
    """All that came for a day; the newest first."""
    with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
        return cursor.execute(FILE + "WHERE delivery_date = %s ORDER BY file_id DESC", [delivery_date]).fetchall()


_COUNT = "SELECT count(*) FROM partner.file"
_WANTED = """
    WHERE (%(delivery_date)s::date IS NULL OR delivery_date = %(delivery_date)s)
        AND (%(state)s::text IS NULL OR state = %(state)s)
        AND (%(kind)s::text IS NULL OR kind = %(kind)s)
"""


def list_files(
    connection: psycopg.Connection,
    *,
    delivery_date: date | None = None,
    state: State | None = None,
    kind: Kind | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[PartnerFile], int]:
    """Files that came, also those of which no day is known; the newest first.

    :returns: a page, and how many there are in all.
    """
    wanted = {"delivery_date": delivery_date, "state": state, "kind": kind}
    with connection.cursor(row_factory=class_row(PartnerFile)) as cursor:
        page = cursor.execute(
            FILE + _WANTED + "ORDER BY file_id DESC LIMIT %(limit)s OFFSET %(offset)s",
            wanted | {"limit": limit, "offset": offset},
        ).fetchall()
    [(total,)] = connection.execute(_COUNT + _WANTED, wanted).fetchall()
    return page, total


def problems_of(
    connection: psycopg.Connection, file_id: int, *, limit: int = 100, offset: int = 0
) -> tuple[list[Problem], int]:
    """Problems with a file's rows, by row; of very many the first (``problem_counts`` counts all).

    :returns: a page, and how many are kept.
    """
    rows = connection.execute(
        """
        SELECT row_number, column_name, kind, is_rejected, value, message
        FROM partner.file_problem
        WHERE file_id = %s
        ORDER BY row_number, column_name NULLS FIRST, kind
        LIMIT %s OFFSET %s
        """,
        [file_id, limit, offset],
    ).fetchall()
    [(total,)] = connection.execute(
        "SELECT count(*) FROM partner.file_problem WHERE file_id = %s", [file_id]
    ).fetchall()
    return [Problem(*row) for row in rows], total


def open_content(connection: psycopg.Connection, file_id: int, user: str) -> tuple[PartnerFile, Path]:
    """A file and where its content lies; that the user has it is written down, and committed by the caller before any
    byte goes.

    :raises UnknownFileError: there is none of that id.
    :raises ContentGoneError: its retention is over, or it is not where it was put.
    """
    file = get_file(connection, file_id)
    path = content_path(file)
    connection.execute(
        "INSERT INTO partner.deed (done_by, action, file_id) VALUES (%s, 'downloaded', %s)", [user, file_id]
    )
    return file, path


def content_path(file: PartnerFile) -> Path:
    """Where a file's content lies.

    :raises ContentGoneError: its retention is over, or it is not where it was put.
    """
    if file.deleted_at:
        raise ContentGoneError(f"{file.filename} was deleted on {file.deleted_at:%Y-%m-%d}: its retention was over")
    root = partner_files_folder()
    path = (root / file.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise ContentGoneError(f"{file.filename} is no longer in the partner files' folder")
    return path
