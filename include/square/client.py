"""Square's official SDK, pointed at what an Airflow connection names."""

from airflow.sdk import BaseHook
from square import AsyncSquare, Square

from include.square.retry import AsyncRetryingClient, RetryingClient

__all__ = ["AsyncSquare", "Square", "async_square_client", "square_client"]

CONN_ID = "square_default"
TIMEOUT_SECONDS = 60.0


def square_client(conn_id: str = CONN_ID, timeout_seconds: float = TIMEOUT_SECONDS) -> Square:
    """A client for the connection's base URL (host, a path is kept) and access token (password).

    Repeats 429, 5xx and lost connections as include.square.retry says; what stays refused is the SDK's ``ApiError``.
    """
    base_url, token, headers = _settings(conn_id)
    client = RetryingClient(timeout=timeout_seconds)
    return Square(base_url=base_url, token=token, headers=headers, timeout=timeout_seconds, httpx_client=client)


def async_square_client(conn_id: str = CONN_ID) -> AsyncSquare:
    """The same for asyncio; one client per event loop."""
    base_url, token, headers = _settings(conn_id)
    client = AsyncRetryingClient(timeout=TIMEOUT_SECONDS)
    return AsyncSquare(base_url=base_url, token=token, headers=headers, timeout=TIMEOUT_SECONDS, httpx_client=client)


def _settings(conn_id: str) -> tuple[str, str, dict[str, str]]:
    conn = BaseHook.get_connection(conn_id)
    if not conn.host or not conn.host.startswith(("http://", "https://")):
        raise ValueError(
            f"Connection {conn_id} has no base URL: set its host to https://connect.squareup.com "
            "(or https://connect.squareupsandbox.com for Square's sandbox)."
        )
    if not conn.password:
        raise ValueError(f"Connection {conn_id} has no access token: set it as the connection's password.")
    return conn.host, conn.password, conn.extra_dejson.get("headers", {})
