"""A pizzeria that has just opened, and clients of Square's stand-in that repeat without waiting long."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from square import Square

from include.square.retry import RetryingClient
from tests.include.inventory.at_square.pizzeria import Pizzeria
from tests.sandbox_process import Sandbox

CHANGES = "/square/v2/inventory/changes/batch-create"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with RetryingClient(timeout=30, first_delay_seconds=0.002) as client:
        yield client


@pytest.fixture
def client(sandbox: Sandbox, http: httpx.Client) -> Square:
    return Square(base_url=sandbox.square_url, token=sandbox.token, httpx_client=http)


@pytest.fixture
def pizzeria(connection: psycopg.Connection, client: Square, sandbox: Sandbox) -> Pizzeria:
    return Pizzeria(connection, client, sandbox)
