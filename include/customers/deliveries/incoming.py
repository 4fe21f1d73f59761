"""The watched folder: what lies there whole is received, and leaves it when its row is committed."""

import logging
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import psycopg

from include.config.partner import Partner
from include.customers.deliveries.files import PartnerFile
from include.customers.deliveries.folder import incoming_folder
from include.customers.deliveries.receiving import clean_name, receive
from include.customers.intake import guess_kind_and_date
from include.mail.outbox import enqueue
from include.mail.render import render

# A file that has not changed for so long is whole; who is slower writes under another name and renames it.
WHOLE_AFTER = timedelta(seconds=1.5)
UNFINISHED_SUFFIXES = {".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class IncomingFile:
    """A file as it lay in the folder at a look.

    :param changed_ns: when its content, its name or its place changed last.
    """

    changed_ns: int
    path: Path
    byte_count: int
    inode: int

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.changed_ns / 1e9, UTC)


def whole_files(at: datetime | None = None) -> list[IncomingFile]:
    """What lies in the folder and is not being written any more; the oldest first.

    Neither folders nor links, nor what is named as unfinished: ``.name``, ``name.part``, ``name~``.

    :param at: when one looks (default: now).
    """
    until = (at or datetime.now(UTC)) - WHOLE_AFTER
    return sorted(file for file in _files(incoming_folder()) if file.changed_at <= until)


def receive_folder(
    connect: Callable[[], psycopg.Connection], partner: Partner, *, at: datetime | None = None
) -> list[PartnerFile]:
    """Receives what lies whole in the folder, each file in a transaction of its own.

    Kind and day are what the name tells; where it tells no day, the partner's day before the one on which the file
    came. A crash between the commit and the file's removal receives it once more, as a file that is repeated.

    :param at: as `whole_files` has it.
    """
    received = []
    for file in whole_files(at):
        try:
            content = _opened(file.path)
        except FileNotFoundError:
            continue
        except PermissionError:
            with connect() as connection:
                _tell_unreadable(connection, partner, file)
            continue
        with content:
            received.append(_receive(connect, partner, file, content))
    return received


def _receive(
    connect: Callable[[], psycopg.Connection], partner: Partner, file: IncomingFile, content: BinaryIO
) -> PartnerFile:
    kind, day = guess_kind_and_date(file.path.name)
    with connect() as connection:
        row = receive(
            connection,
            partner,
            content,
            filename=file.path.name,
            kind=kind,
            delivery_date=day or default_delivery_date(partner, file.changed_at),
            came_by="folder",
            received_by="folder",
        )
    if _look(file.path) == file:
        file.path.unlink()
    else:
        log.warning("File %d grew while it was received: what it is now is received next", row.file_id)
    return row


def default_delivery_date(partner: Partner, at: datetime) -> date:
    """The partner's business day before the one that `at` is in: a day's files come when it is over."""
    return partner.business_date(at) - timedelta(days=1)


def _files(folder: Path) -> Iterator[IncomingFile]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name.endswith("~") or path.suffix.lower() in UNFINISHED_SUFFIXES:
            continue
        if file := _look(path):
            yield file


def _look(path: Path) -> IncomingFile | None:
    """None: it is gone, or no file of its own."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    # Not the time of modification: a copy may bring an old one along.
    return IncomingFile(status.st_ctime_ns, path, status.st_size, status.st_ino)


def _tell_unreadable(connection: psycopg.Connection, partner: Partner, file: IncomingFile) -> None:
    """One mail for each time that the file changed; it stops no other."""
    name = clean_name(file.path.name)
    log.error("%s in %s may not be read by the user whom Airflow's workers run as", name, file.path.parent)
    mail = render("partner_file_unreadable", filename=name, folder=file.path.parent, partner=partner.name)
    if partner.recipients:
        enqueue(
            connection,
            dedupe_key=f"partner-file-unreadable/{file.inode}/{file.changed_ns}",
            recipients=partner.recipients,
            subject=f"May not be read: a file of {partner.name}",
            html=mail.html,
            text=mail.text,
        )


def _opened(path: Path) -> BinaryIO:
    """Not what a link that took the file's place points to."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
