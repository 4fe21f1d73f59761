from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from include.config import Chain, Location, load_chain
from include.warehouse.progress import NotSyncedYetError, open_until, synced_locations
from tests.include.sales.report.shop import FRIDAY, LONG_AFTER, Shop, chain_of

# The business day ends at 03:00 in New York.
END = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def manhattan() -> Location:
    return load_chain().location("Manhattan")


@pytest.fixture
def chain(manhattan: Location) -> Chain:
    return chain_of(manhattan)


@pytest.fixture
def shop(connection: psycopg.Connection) -> Shop:
    return Shop(connection)


def check(connection: psycopg.Connection, chain: Chain, run_at: datetime) -> datetime | None:
    return open_until(connection, synced_locations(connection, chain, ["Manhattan"]), FRIDAY, FRIDAY, run_at)


def test_a_day_is_complete_when_its_end_has_been_synced(
    shop: Shop, connection: psycopg.Connection, chain: Chain, manhattan: Location
) -> None:
    shop.opens(manhattan, synced_until_at=END)
    assert check(connection, chain, LONG_AFTER) is None


def test_a_day_that_has_ended_must_be_synced(
    shop: Shop, connection: psycopg.Connection, chain: Chain, manhattan: Location
) -> None:
    shop.opens(manhattan, synced_until_at=END - timedelta(minutes=1))
    expected = "square_sync has reached 2026-11-21 02:59 EST at Manhattan, but the business day 2026-11-20 ended at"
    with pytest.raises(NotSyncedYetError, match=expected):
        check(connection, chain, run_at=END)


def test_a_location_without_a_watermark_is_told(
    shop: Shop, connection: psycopg.Connection, chain: Chain, manhattan: Location
) -> None:
    shop.opens(manhattan, synced_until_at=None)
    with pytest.raises(NotSyncedYetError, match="square_sync has fetched no orders at Manhattan"):
        check(connection, chain, run_at=END)


def test_a_day_that_is_open_tells_how_far_it_goes(
    shop: Shop, connection: psycopg.Connection, chain: Chain, manhattan: Location
) -> None:
    synced_until_at = END - timedelta(hours=9)
    shop.opens(manhattan, synced_until_at=synced_until_at)
    assert check(connection, chain, run_at=END - timedelta(hours=8)) == synced_until_at


def test_a_location_is_known_by_the_id_that_its_configuration_names(
    shop: Shop, connection: psycopg.Connection, chain: Chain, manhattan: Location
) -> None:
    key = shop.opens(manhattan)
    connection.execute("UPDATE gold.dim_location SET name = 'Renamed in Square'")
    named = manhattan.model_copy(update={"square_location_id": "L-Manhattan"})
    [(location, synced)] = synced_locations(connection, chain.model_copy(update={"locations": (named,)}), ["Manhattan"])
    assert (location.name, synced.location_key) == ("Manhattan", key)
