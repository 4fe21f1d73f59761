"""A partner's files as received and the workbooks are kept for `retention_days`; their records stay."""

import logging
import time
from pathlib import Path

import psycopg

from include.config.partner import Partner
from include.customers.deliveries.folder import partner_files_folder

# One run of housekeeping deletes no more: a first run over years of files must end.
MOST_FILES = 10_000
# What has no row is of a transaction that failed, unless it is of one that is under way.
STRAY_SECONDS = 24 * 3600

log = logging.getLogger(__name__)


def delete_old_files(connection: psycopg.Connection, partner: Partner) -> int:
    """Deletes contents and workbooks that were kept for long enough, and the values of rows that were wrong in them.

    And what lies there without a row. The caller commits: what was deleted and not noted, because that failed, is noted
    the next time.

    :returns: how many files were deleted.
    """
    # Nobody receives a content between the look at who needs it and its deletion.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('partner.received'))")
    days = partner.retention_days
    count = _delete_contents(connection, days) + _delete_workbooks(connection, days) + _delete_strays(connection)
    log.info("%d of the partner's files deleted", count)
    return count


def _delete_contents(connection: psycopg.Connection, days: int) -> int:
    old = connection.execute(
        """
        UPDATE partner.file
        SET deleted_at = now()
        WHERE file_id IN (
            SELECT file_id FROM partner.file
            WHERE deleted_at IS NULL AND state <> 'received' AND received_at < now() - make_interval(days => %s)
            ORDER BY received_at
            LIMIT %s
        )
        RETURNING file_id, path
        """,
        [days, MOST_FILES],
    ).fetchall()
    connection.execute("DELETE FROM partner.file_problem WHERE file_id = ANY(%s)", [[file_id for file_id, _ in old]])
    needed = connection.execute(
        "SELECT path FROM partner.file WHERE deleted_at IS NULL AND path = ANY(%s)", [[path for _, path in old]]
    ).fetchall()
    return _delete({path for _, path in old} - {path for (path,) in needed})


def _delete_workbooks(connection: psycopg.Connection, days: int) -> int:
    """Those that wait for a decision are not touched."""
    old = connection.execute(
        """
        UPDATE partner.edition
        SET deleted_at = now()
        WHERE edition_id IN (
            SELECT edition_id FROM partner.edition
            WHERE deleted_at IS NULL AND state <> 'pending' AND made_at < now() - make_interval(days => %s)
            ORDER BY made_at
            LIMIT %s
        )
        RETURNING path
        """,
        [days, MOST_FILES],
    ).fetchall()
    return _delete({path for (path,) in old})


def _delete_strays(connection: psycopg.Connection) -> int:
    root = partner_files_folder()
    until = time.time() - STRAY_SECONDS
    lying = [
        file.relative_to(root).as_posix()
        for folder in ("received", "editions")
        for file in (root / folder).rglob("*")
        if file.is_file() and file.lstat().st_mtime < until
    ]
    known = connection.execute(
        """
        SELECT path FROM partner.file WHERE deleted_at IS NULL AND path = ANY(%(lying)s)
        UNION ALL
        SELECT path FROM partner.edition WHERE deleted_at IS NULL AND path = ANY(%(lying)s)
        """,
        {"lying": lying},
    ).fetchall()
    return _delete(set(lying) - {path for (path,) in known})


def _delete(paths: set[str]) -> int:
    """Files below the folder, and the folders that are empty without them."""
    root = partner_files_folder()
    count = 0
    for path in paths:
        file = (root / path).resolve()
        if not file.is_relative_to(root):
            log.error("%s lies outside of the partner files' folder, and is left there", path)
            continue
        if file.exists():
            file.unlink()
            count += 1
        if not _is_kept(file.parent, root) and not any(file.parent.iterdir()):
            file.parent.rmdir()
    return count


def _is_kept(folder: Path, root: Path) -> bool:
    """The folder and those right below it stay, and so does what is not there."""
    return folder == root or folder.parent == root or not folder.exists()
