"""Files for people: whole, or not there. In the folder `STOREKEEPER_OUTPUTS` unless another is named."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def outputs_folder() -> Path:
    return Path(os.environ.get("STOREKEEPER_OUTPUTS") or "outputs")


@contextmanager
def draft(filename: str, folder: Path | None = None) -> Iterator[tuple[Path, BinaryIO]]:
    """The file as it will be called, and a draft beside it that takes its name when all has gone well.

    :param filename: below the folder; it may name folders in it, which are made: ``"reports/7/Sales.csv"``.
    :param folder: `STOREKEEPER_OUTPUTS` unless given.
    """
    file = (folder or outputs_folder()) / filename
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as content:
            yield file, content
            content.flush()
            os.fsync(content.fileno())
        part.chmod(0o644)
        part.replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            part.unlink()
        raise


def write_output(filename: str, content: bytes) -> Path:
    """Writes a file into the folder `STOREKEEPER_OUTPUTS` (default: ``outputs``); nobody sees a half-written one."""
    with draft(filename) as (file, part):
        part.write(content)
    return file
