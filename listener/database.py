"""The webhooks' connection to Postgres."""

import os
import socket

from psycopg import AsyncConnection

CONNECT_SECONDS = 3
# A 2xx means on disk, whatever the database's or the role's default is. A statement that waits for a lock is given up
# before the connection is (COMMIT_SECONDS).
SESSION = "SET synchronous_commit = on; SET statement_timeout = '4s'; SET client_min_messages = warning"


async def connect(url: str) -> AsyncConnection:
    """A connection on which every statement commits by itself, durably. Raises psycopg.OperationalError."""
    connection = await AsyncConnection.connect(
        url, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="storekeeper-listener"
    )
    try:
        await connection.execute(SESSION)
    except BaseException:
        await connection.close()
        raise
    return connection


def cut(connection: AsyncConnection) -> None:
    """Ends a connection that does not answer: whoever waits on it sees it lost at once; the server is not asked."""
    if connection.closed:
        return
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)
