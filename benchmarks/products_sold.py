"""What a year of 365,000 orders sold, product by product: the report's SQL, and its calls to Google."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from include.config import Chain, load_chain, load_inventory
from include.google.client import google_client
from include.inventory.recipes import load_recipes
from include.products.report.reading import read_report
from include.products.report.request import PLACES, Request, read_request
from include.products.report.sheet import publish
from include.products.report.tabs import tables
from tests.sandbox_process import Sandbox, running_sandbox

DAYS = 365
ORDERS = 1000
YEAR = 2025
RUNS = 5
REACH_SECONDS, REACH_CALLS = 3, 12
RECIPIENTS = [f"person{number}@example.com" for number in range(4)]


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server:
        url = server.url("storekeeper", "storekeeper_app")
        chain = simulate(url)
        with psycopg.connect(server.url("storekeeper", "storekeeper_owner"), autocommit=True) as connection:
            # As autovacuum does within a minute.
            connection.execute("ANALYZE")
            [(orders, lines)] = connection.execute(
                "SELECT (SELECT count(*) FROM silver.orders), (SELECT count(*) FROM gold.fact_sales)"
            ).fetchall()
        times = {period: seconds(url, chain, period) for period in ("year", "quarter", "month", "week")}
        shorter = ", ".join(f"{period} {median:.2f} s" for period, median in times.items() if period != "year")
        yield Figure(
            f"SQL of a products sold report, {orders:,} orders of a year in {len(chain.locations)} markets",
            times["year"],
            reach=REACH_SECONDS,
            notes=f"{lines:,} rows of gold; {shorter}",
        )
        with running_sandbox(home / "sandbox") as sandbox:
            first, later, publishing = calls(url, chain, sandbox)
        yield Figure(
            f"calls to Google for its sheet: a new one for {len(RECIPIENTS)} people",
            first,
            reach=REACH_CALLS,
            unit="calls",
            notes=f"written again: {later}; {publishing:.1f} s against the stand-in",
        )


def simulate(url: str) -> Chain:
    """The demo chain's locations, each with its part of the orders of a year; the chain as the report sees it."""
    chain = load_chain()
    locations = tuple(each.model_copy(update={"name": f"Simulated {each.name}"}) for each in chain.locations)
    for number, (own, simulated) in enumerate(zip(chain.locations, locations, strict=True), start=1):
        options = {
            "days": DAYS, "orders": ORDERS // len(locations), "until": date(YEAR, 12, 31),
            "location": simulated.name, "like": own.name, "seed": number,
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "include.sales.simulate", *(f"--{name}={value}" for name, value in options.items())],
            cwd=Path(__file__).parents[1],
            env=os.environ | {"STOREKEEPER_DB_URL": url},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    with psycopg.connect(url) as connection:
        load_recipes(connection, load_inventory(), date(YEAR, 1, 1))
        connection.execute(
            """
            INSERT INTO bronze.watermark (source, scope, updated_at)
            SELECT 'orders', location_id, %s FROM gold.dim_location
            ON CONFLICT (source, scope) DO UPDATE SET updated_at = excluded.updated_at
            """,
            [datetime(YEAR + 1, 1, 3, tzinfo=UTC)],
        )
    return chain.model_copy(update={"locations": locations})


def asked(chain: Chain, period: str) -> Request:
    """The period around a day in the middle of the year, by variation, at all locations."""
    params = dict.fromkeys(PLACES) | {
        "period": period, "date": f"{YEAR}-08-15", "categories": [], "group_by": "variation",
        "recipients": RECIPIENTS, "output": "sheet", "mail": True,
    }  # fmt: skip
    at = datetime(YEAR + 1, 1, 3, tzinfo=UTC)
    return read_request(chain, params, run_after=at, started_at=at)


def seconds(url: str, chain: Chain, period: str) -> float:
    """The median of some readings, each on a connection of its own, as a run has one."""
    taken = []
    for _ in range(RUNS):
        with psycopg.connect(url) as connection:
            started = time.perf_counter()
            report = read_report(connection, chain, asked(chain, period))
            taken.append(time.perf_counter() - started)
    assert report.totals[0].total.net_cents > 0
    return statistics.median(taken)


def calls(url: str, chain: Chain, sandbox: Sandbox) -> tuple[int, int, float]:
    """How many calls a new sheet takes, and one that is there; and the seconds of the first."""
    keyfile = {"keyfile_dict": sandbox.google_keyfile, "api_root": sandbox.google_url}
    os.environ["AIRFLOW_CONN_GOOGLE_DEFAULT"] = json.dumps({"conn_type": "google_cloud_platform", "extra": keyfile})
    with psycopg.connect(url) as connection:
        report = read_report(connection, chain, asked(chain, "month"))
    made = tables(report)
    counts: list[int] = []
    with google_client() as google:
        google.session.hooks["response"].append(lambda *_, **__: counts.append(1))
        started = time.perf_counter()
        publish(google, report, made, share_with=RECIPIENTS)
        first, publishing = len(counts), time.perf_counter() - started
        publish(google, report, made, share_with=RECIPIENTS)
    return first, len(counts) - first, publishing
