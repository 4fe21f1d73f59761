"""Receives a file: its content is kept first, then its row is written."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO, Literal

import psycopg

from include.config.partner import Kind, Partner
from include.customers.deliveries.files import PartnerFile, get_file
from include.customers.deliveries.folder import partner_files_folder

BLOCK_BYTES = 1 << 20
MEGABYTE = 1_000_000


class TooLargeError(ValueError):
    """An upload is larger than partner.yaml allows; the message says so to people."""


def byte_limit(partner: Partner, kind: Kind | None) -> int:
    """How many bytes a file may have; of a kind that is not known: what any may have."""
    limits = {"customers": partner.limits.customers_megabytes, "orders": partner.limits.orders_megabytes}
    return MEGABYTE * (limits[kind] if kind else max(limits.values()))


def receive(
    connection: psycopg.Connection,
    partner: Partner,
    content: BinaryIO,
    *,
    filename: str,
    kind: Kind | None,
    delivery_date: date | None,
    came_by: Literal["upload", "folder"],
    received_by: str,
) -> PartnerFile:
    """Keeps a file as it came, and writes that it did: as ``received``, and an upload as the user's deed.

    The caller commits. The content is on the disk before the row is written: without the commit it lies there until
    housekeeping finds that nobody knows it.

    :param filename: as the sender calls it; folders before it are cut off.
    :param received_by: an Airflow user's name; ``folder``.
    :raises TooLargeError: an upload exceeds the limit. What lies in the folder is received, and quarantined unread.
    """
    limit = byte_limit(partner, kind) if came_by == "upload" else None
    name = clean_name(filename)
    with _kept(content, limit, name) as (draft, sha256, byte_count):
        path = Path("received", sha256[:2], sha256)
        # Housekeeping deletes no content between here and the commit.
        connection.execute("SELECT pg_advisory_xact_lock_shared(hashtext('partner.received'))")
        _move(draft, partner_files_folder() / path)
    row = connection.execute(
        """
        INSERT INTO partner.file (kind, delivery_date, filename, sha256, byte_count, came_by, received_by, path)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        RETURNING file_id
        """,
        [kind, delivery_date, name, sha256, byte_count, came_by, received_by, path.as_posix()],
    ).fetchone()
    assert row is not None  # noqa: S101 (RETURNING gives the row)
    if came_by == "upload":
        connection.execute(
            "INSERT INTO partner.deed (done_by, action, file_id) VALUES (%s, 'uploaded', %s)", [received_by, row[0]]
        )
    return get_file(connection, row[0])


@contextmanager
def _kept(content: BinaryIO, limit: int | None, name: str) -> Iterator[tuple[Path, str, int]]:
    """A draft on the disk, its hash and its size; gone when it has not been moved."""
    folder = partner_files_folder() / "received"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        digest, byte_count = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as file:
            while block := content.read(BLOCK_BYTES):
                byte_count += len(block)
                if limit is not None and byte_count > limit:
                    raise TooLargeError(
                        f"{name} is larger than {limit // MEGABYTE} MB: send less at once, or raise the limit in "
                        "partner.yaml"
                    )
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        yield Path(draft), digest.hexdigest(), byte_count
    finally:
        Path(draft).unlink(missing_ok=True)


def _move(draft: Path, target: Path) -> None:
    """So that a power cut after the commit does not lose it."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    draft.replace(target)
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def clean_name(filename: str) -> str:
    """The name alone, as Postgres and people can have it."""
    name = filename.replace("\\", "/").rpartition("/")[2].encode("utf-8", "replace").decode()
    return "".join(character for character in name if character.isprintable()).strip()[:255] or "unnamed"
