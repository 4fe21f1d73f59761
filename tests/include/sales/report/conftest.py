"""A chain of two of the demo's locations, one of them selling in yen."""

import psycopg
import pytest

from include.config import Chain, Location, load_chain
from tests.include.sales.report.shop import Shop, chain_of


@pytest.fixture
def manhattan() -> Location:
    return load_chain().location("Manhattan")


@pytest.fixture
def tokyo(manhattan: Location) -> Location:
    changes = {"name": "Tokyo", "timezone": "Asia/Tokyo", "currency": "JPY", "market": "Kanto", "recipients": ()}
    return manhattan.model_copy(update=changes)


@pytest.fixture
def chain(manhattan: Location, tokyo: Location) -> Chain:
    return chain_of(manhattan, tokyo)


@pytest.fixture
def shop(connection: psycopg.Connection) -> Shop:
    return Shop(connection)
