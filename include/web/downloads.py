"""A run's file as an answer that browsers save under its name (RFC 6266)."""

import re
from urllib.parse import quote

from fastapi.responses import FileResponse

from include.outputs.content_types import CONTENT_TYPES
from include.report_runs import File, file_path


def download(file: File) -> FileResponse:
    """:raises FileGoneError: it is no longer there."""
    headers = {"Content-Disposition": disposition(file.filename)}
    return FileResponse(file_path(file), media_type=CONTENT_TYPES[file.format], headers=headers)


def disposition(filename: str) -> str:
    """With the name in ASCII for those that know no other."""
    ascii_name = re.sub(r'[^\x20-\x7e]|["\\%/]', "_", filename)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(filename, safe='')}"
