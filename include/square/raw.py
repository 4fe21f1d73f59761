"""Square's answers as JSON, past the SDK's typed models.

The SDK takes about 27 ms to turn one order into its models: where answers are many, its own HTTP client is asked, with
its base URL, token, version header and repeats, and the JSON is kept as it came. The one module that knows how.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from square import AsyncSquare, Square
from square.core.api_error import ApiError

Json = dict[str, Any]


def call(
    client: Square, method: str, path: str, body: Json | None = None, query: Mapping[str, str] | None = None
) -> Json:
    """One call; `path` begins with ``v2/``.

    :raises ApiError: when Square refuses.
    """
    answer: Json = json.loads(call_bytes(client, method, path, body, query))
    return answer


def call_bytes(
    client: Square, method: str, path: str, body: Json | None = None, query: Mapping[str, str] | None = None
) -> bytes:
    """The same, with the answer as it came."""
    request = client._client_wrapper.httpx_client.request
    return _answer(request(path, method=method, json=body, params=dict(query or {})))


async def async_call(
    client: AsyncSquare, method: str, path: str, body: Json | None = None, headers: dict[str, str] | None = None
) -> Json:
    """``call`` for asyncio."""
    request = client._client_wrapper.httpx_client.request
    answer: Json = json.loads(_answer(await request(path, method=method, json=body, headers=headers)))
    return answer


def _answer(response: httpx.Response) -> bytes:
    if response.is_error:
        raise ApiError(status_code=response.status_code, headers=dict(response.headers), body=response.text)
    return response.content


def base_url(client: Square | AsyncSquare) -> str:
    """Where the client's calls go."""
    return str(client._client_wrapper.get_base_url())


@contextmanager
def closing(client: Square) -> Iterator[Square]:
    """Closes the client's connections at the end of the block: the SDK has no way of its own."""
    try:
        yield client
    finally:
        client._client_wrapper.httpx_client.httpx_client.close()


async def close(client: AsyncSquare) -> None:
    """The same for asyncio, to be called at the end."""
    await client._client_wrapper.httpx_client.httpx_client.aclose()
