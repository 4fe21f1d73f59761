"""An XLSX file as the zip archive that it is, with a limit to what it unpacks."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.customers.intake.rows import QuarantineError

MOST_UNPACKED = 50 * 1000 * 1000
MOST_RATIO = 100
MOST_PARTS = 10_000
CHUNK = 1 << 16
# What zipfile raises of archives that are broken or made to harm.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """The parts of a workbook. What they unpack to is counted as they are read: archives lie."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = frozenset(archive.namelist())
        self._unpacked = 0

    def has(self, part: str) -> bool:
        return part in self._parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The content of a part.

        :raises QuarantineError: it is broken, or with it too much has been unpacked.
        """
        if not self.has(part):
            raise QuarantineError(f"It is no workbook: its part {part[:100]!r} is missing.")
        with broken_is_quarantined(), self._archive.open(part) as file:
            while chunk := file.read(CHUNK):
                self._unpacked += len(chunk)
                if self._unpacked > MOST_UNPACKED:
                    raise too_large()
                yield chunk


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """
    :raises QuarantineError: it is broken, or says itself that it unpacks to too much.
    """
    with broken_is_quarantined():
        archive = zipfile.ZipFile(path)
    with archive:
        parts, size = archive.infolist(), path.stat().st_size
        if not all(0 <= part.header_offset < size for part in parts):
            raise QuarantineError("It is a broken workbook: a part lies outside of it. Have it saved again.")
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
            raise too_large()
        if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
            raise QuarantineError("It is packed otherwise than Excel does it. Have it saved again.")
        if unpacked > MOST_RATIO * size:
            raise QuarantineError(
                f"Unpacked it is more than {MOST_RATIO} times as large: it would fill the memory. Have it sent as CSV."
            )
        yield Archive(archive)


@contextmanager
def broken_is_quarantined() -> Iterator[None]:
    try:
        yield
    except QuarantineError:
        raise
    except _BROKEN as error:
        raise QuarantineError(
            f"It is a broken workbook, or one with a password ({type(error).__name__}). Have it saved again."
        ) from None


def too_large() -> QuarantineError:
    return QuarantineError(
        f"Unpacked it is more than {MOST_UNPACKED // 1_000_000} MB. Have it sent as CSV, or in parts."
    )


def target(part: str, relation: str) -> str:
    """The part that a relation of another one names."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), relation)).lstrip("/")


def relations_of(part: str) -> str:
    """The part in which another one's relations stand."""
    return posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
