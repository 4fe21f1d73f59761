import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from include.config import Chain, load_chain
from include.mail.smtp import SmtpServer
from include.online_orders.watch import Counts, watch
from include.square.client import square_client
from tests.conftest import Database
from tests.include.online_orders.seller import Seller
from tests.sandbox_process import Sandbox

Rows = Callable[..., list[Any]]


@pytest.fixture
def seller(sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seller]:
    connection = {"conn_type": "http", "host": sandbox.square_url, "password": sandbox.token}
    monkeypatch.setenv("AIRFLOW_CONN_SQUARE_DEFAULT", json.dumps(connection))
    seller = Seller(sandbox, database)
    with seller.listener:
        yield seller


@pytest.fixture
def run(database: Database, sandbox: Sandbox) -> Callable[..., Counts]:
    """What the task of large_orders does, with everything due that was put off."""
    server = SmtpServer("127.0.0.1", sandbox.smtp_port, "storekeeper@example.com", is_tls=False)

    def run(chain: Chain | None = None) -> Counts:
        with database.connect() as connection:
            connection.execute("UPDATE inbox.webhook_event SET next_attempt_at = now() WHERE state = 'new'")
            connection.commit()
            return watch(connection, chain or load_chain(), square_client, server)

    return run


@pytest.fixture
def rows(database: Database) -> Rows:
    """Rows of one column as plain values, of several as tuples."""

    def rows(query: str) -> list[Any]:
        with database.connect() as connection:
            found = connection.execute(query.encode()).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    return rows
