"""Reading a request's body, but not all of whatever comes."""

from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Receive

MOST_BYTES = 256 * 1024


class TooLargeError(Exception):
    """The body is larger than MOST_BYTES, or says that it is."""


async def read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """The whole body. Raises TooLargeError as soon as it is known to be too large, and Starlette's ClientDisconnect."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise TooLargeError
        if not message.get("more_body", False):
            return bytes(body)
