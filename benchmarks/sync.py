"""The demo's year, 21,600 orders, from the stand-in through bronze and silver to gold."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec
import psycopg

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from include.config import load_chain
from include.square.bulk import (
    CATALOG_OBJECTS_A_PAGE,
    CATALOG_TYPES,
    CUSTOMERS_A_PAGE,
    MOST_LOCATIONS,
    ORDERS_A_PAGE,
)
from include.square.client import square_client
from include.square.setup import set_up
from include.warehouse.sync import sync_dimensions, sync_gold, sync_orders
from include.warehouse.window import Incremental
from tests.sandbox_process import Sandbox, running_sandbox

FLOOR_RUNS = 3


class Location(msgspec.Struct):
    id: str


class Page(msgspec.Struct):
    """What the floor has to know of an answer; the rest is skipped, not parsed."""

    cursor: str | None = None
    locations: list[Location] = []


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server, running_sandbox(home / "sandbox") as sandbox:
        os.environ["AIRFLOW_CONN_SQUARE_DEFAULT"] = json.dumps(
            {"conn_type": "http", "host": sandbox.square_url, "password": sandbox.token}
        )
        chain, client = load_chain(), square_client()
        set_up(client, chain)
        command = [sys.executable, "-m", "sandbox.demo", "--square-url", sandbox.square_url, "--token", sandbox.token]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        floors = [throw_away(sandbox) for _ in range(FLOOR_RUNS)]
        url = server.url("storekeeper", "storekeeper_app")
        started = time.perf_counter()
        with psycopg.connect(url) as connection:
            order_count = 0
            for batch in sync_dimensions(connection, client, chain):
                order_count += int(sync_orders(connection, client, batch, Incremental(datetime.now(UTC)))["orders"])
        with psycopg.connect(url, autocommit=True) as first, psycopg.connect(url, autocommit=True) as second:
            sync_gold([first, second], chain)
        seconds = time.perf_counter() - started
        yield Figure(
            f"sync {order_count:,} orders from the stand-in to gold",
            seconds,
            reach=2.5,
            floor=f"fetching the same pages with httpx and throwing them away (median of {FLOOR_RUNS})",
            floor_seconds=statistics.median(floors),
        )


def throw_away(sandbox: Sandbox) -> float:
    """Seconds that the same pages take to come: the same calls, with the same limits and cursors."""
    since = {"start_at": "2009-01-01T00:00:00Z"}
    started = time.perf_counter()
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with httpx.Client(base_url=sandbox.square_url, headers=headers, timeout=60) as client:
        answer = client.get("/v2/locations").raise_for_status()
        location_ids = [location.id for location in msgspec.json.decode(answer.content, type=Page).locations]
        types = {"object_types": CATALOG_TYPES, "include_deleted_objects": True, "begin_time": since["start_at"]}
        throw_pages_away(client, "catalog", types | {"limit": CATALOG_OBJECTS_A_PAGE})
        query = {"filter": {"updated_at": since}, "sort": {"field": "CREATED_AT", "order": "ASC"}}
        throw_pages_away(client, "customers", {"limit": CUSTOMERS_A_PAGE, "query": query})
        query = {
            "filter": {"date_time_filter": {"updated_at": since}},
            "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
        }
        for at in range(0, len(location_ids), MOST_LOCATIONS):
            some = {"location_ids": location_ids[at : at + MOST_LOCATIONS]}
            throw_pages_away(client, "orders", some | {"limit": ORDERS_A_PAGE, "query": query})
    return time.perf_counter() - started


def throw_pages_away(client: httpx.Client, objects: str, body: dict[str, Any]) -> None:
    while True:
        answer = client.post(f"/v2/{objects}/search", json=body).raise_for_status()
        page = msgspec.json.decode(answer.content, type=Page)
        if not page.cursor:
            break
        body["cursor"] = page.cursor
