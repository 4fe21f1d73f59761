"""The one way to the storekeeper database."""

import os
from typing import Any

import psycopg
from airflow.sdk import BaseHook

CONN_ID = "storekeeper_db"


def connect(conn_id: str = CONN_ID) -> psycopg.Connection:
    """A connection as the role that the Airflow connection names; commits at the end of a ``with`` block."""
    name = os.environ.get("AIRFLOW_CTX_DAG_ID", "storekeeper")
    return psycopg.connect(**parameters(conn_id), application_name=name)


def parameters(conn_id: str = CONN_ID) -> dict[str, Any]:
    """What psycopg is to connect with: for a pool, which makes its connections itself."""
    return _parameters(BaseHook.get_connection(conn_id))


async def watch(conn_id: str, application_name: str) -> psycopg.AsyncConnection:
    """A connection for a trigger that looks and listens for days: in autocommit mode, and it notices within 15 s that
    the server is no longer there."""
    return await psycopg.AsyncConnection.connect(
        **_parameters(await BaseHook.aget_connection(conn_id)),
        application_name=application_name,
        autocommit=True,
        connect_timeout=10,
        keepalives_idle=10,
        tcp_user_timeout=15_000,
    )


def _parameters(conn: Any) -> dict[str, Any]:
    return {
        "host": conn.host,
        "port": conn.port or 5432,
        "dbname": conn.schema,
        "user": conn.login,
        "password": conn.password or None,
    }
