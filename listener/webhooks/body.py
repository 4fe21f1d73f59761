"""Reading a request's body, but not all of whatever comes."""

import asyncio

from starlette.requests import Request

MOST_BYTES = 256 * 1024
# A sender that stalls longer holds a connection for nothing.
READ_SECONDS = 10.0


class TooLargeError(Exception):
    """The body is larger than MOST_BYTES, or says that it is."""


async def read_body(request: Request) -> bytes:
    """The whole body.

    Raises TooLargeError as soon as it is known to be too large, TimeoutError when the sender stalls, and Starlette's
    ClientDisconnect.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise TooLargeError
    chunks, size = [], 0
    async with asyncio.timeout(READ_SECONDS):
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLargeError
            chunks.append(chunk)
    return b"".join(chunks)
