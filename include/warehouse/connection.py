"""The one way to the storekeeper database."""

import os

import psycopg
from airflow.sdk import BaseHook

CONN_ID = "storekeeper_db"


def connect(conn_id: str = CONN_ID) -> psycopg.Connection:
    """A connection as the role that the Airflow connection names; commits at the end of a ``with`` block."""
    conn = BaseHook.get_connection(conn_id)
    return psycopg.connect(
        host=conn.host,
        port=conn.port or 5432,
        dbname=conn.schema,
        user=conn.login,
        password=conn.password or None,
        application_name=os.environ.get("AIRFLOW_CTX_DAG_ID", "storekeeper"),
    )
