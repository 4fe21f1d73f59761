"""Files as answers that browsers save under their names (RFC 6266)."""

import re
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import FileResponse

from include.outputs.content_types import CONTENT_TYPES
from include.report_runs import File, file_path


def download(file: File) -> FileResponse:
    """A run's file.

    :raises FileGoneError: it is no longer there.
    """
    return _saved_as(file.filename, file_path(file), CONTENT_TYPES[file.format])


def workbook(path: Path, filename: str) -> FileResponse:
    return _saved_as(filename, path, CONTENT_TYPES["xlsx"])


def as_it_came(path: Path, filename: str) -> FileResponse:
    """A file of somebody else's: whatever it says it is."""
    return _saved_as(filename, path, "application/octet-stream")


def _saved_as(filename: str, path: Path, content_type: str) -> FileResponse:
    headers = {"Content-Disposition": disposition(filename)}
    return FileResponse(path, media_type=content_type, headers=headers)


def disposition(filename: str) -> str:
    """With the name in ASCII for those that know no other."""
    ascii_name = re.sub(r'[^\x20-\x7e]|["\\%/]', "_", filename)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename, safe='')}"
