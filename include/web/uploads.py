"""Files that people send, of up to gigabytes: they go to disk while they come, and are never whole in memory."""

from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

# Of a file, in memory; of what is larger, nothing.
SPOOL_BYTES = 1024 * 1024


async def sent_files(request: Request) -> AsyncIterator[FormData]:
    """A form with files. Depend on a right before it: nothing is read for those who may not send any."""
    async with request.form(max_files=2, max_fields=10) as form:
        yield form


async def sent_body(request: Request) -> AsyncIterator[BinaryIO]:
    """The whole body as a file, at its begin. The same holds for it."""
    with SpooledTemporaryFile(max_size=SPOOL_BYTES) as spooled:
        file = UploadFile(cast(BinaryIO, spooled))
        async for chunk in request.stream():
            await file.write(chunk)
        await file.seek(0)
        yield file.file


SentFiles = Annotated[FormData, Depends(sent_files)]
SentBody = Annotated[BinaryIO, Depends(sent_body)]
