"""A large report as CSV, against psql; as XLSX, against xlsxwriter fed literals."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import xlsxwriter

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from stack.postgres import BINARIES

CSV_ROWS = int(os.environ.get("REPORT_CSV_ROWS", "5000000"))
XLSX_ROWS = int(os.environ.get("REPORT_XLSX_ROWS", "200000"))
REACH_BYTES = 64 * 2**20
# As wide as reports are: three texts, a day, a whole number, an amount, a flag.
QUERY = """
    SELECT
        'Main Street ' || i % 7 AS location_name,
        date '2026-01-01' + i % 300 AS business_date,
        i AS order_number,
        (i * 37 % 10000) / 100.0 AS net,
        'Product number ' || i % 100 AS product_name,
        md5(i::text) AS order_id,
        i % 2 = 0 AS is_online
    FROM generate_series(1, {rows}) AS i
"""
# In a process of its own, so that its memory can be told: how much it grows from a small report to the large one.
EXPORT = """
import json, resource, sys, time
from functools import partial
import psycopg
from include.sql_reports.query.guard import check
from include.sql_reports.query.running import Limits, run
from include.sql_reports.query.sinks import CsvSink, XlsxSink
url, small, large, file, kind = sys.argv[1:]
sink = {"csv": CsvSink, "xlsx": XlsxSink}[kind]
limits = Limits(seconds=600, rows=10**9, bytes=10**12)
export = lambda query, out: run(check(query), {}, [sink(out)], limits=limits, connect=partial(psycopg.connect, url))
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
with open(file, "wb") as out:
    export(small, out)
before = peak()
started = time.perf_counter()
with open(file, "wb") as out:
    result = export(large, out)
seconds = time.perf_counter() - started
print(json.dumps([seconds, peak() - before, result.row_count]))
"""


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server:
        url = server.url("storekeeper", "storekeeper_report")
        large = QUERY.format(rows=CSV_ROWS)
        floor_seconds = psql(url, large, home / "psql.csv")
        seconds, grown_bytes = export(url, large, CSV_ROWS, home / "report.csv", "csv")
        size = (home / "report.csv").stat().st_size
        yield Figure(
            f"{CSV_ROWS:,} rows as CSV, kept from running as formulas ({size / 1e6:,.0f} MB)",
            seconds,
            reach=1 / 0.7,
            floor="psql \\copy of the same query",
            floor_seconds=floor_seconds,
        )
        yield Figure(
            "growth of resident memory in the same", grown_bytes / 2**20, reach=REACH_BYTES / 2**20, unit="MiB"
        )
        seconds, grown_bytes = export(url, QUERY.format(rows=XLSX_ROWS), XLSX_ROWS, home / "report.xlsx", "xlsx")
        yield Figure(
            f"{XLSX_ROWS:,} rows as XLSX",
            seconds,
            reach=2,
            floor="xlsxwriter in constant memory, fed literals",
            floor_seconds=literals(home / "literals.xlsx"),
            notes=f"resident memory grew by {grown_bytes / 2**20:.0f} MiB",
        )


def psql(url: str, query: str, file: Path) -> float:
    command = f"\\copy ({' '.join(query.split())}) TO '{file}' (FORMAT csv, HEADER)"
    started = time.perf_counter()
    subprocess.run([BINARIES / "psql", "--no-psqlrc", "--quiet", f"--command={command}", url], check=True)
    return time.perf_counter() - started


def export(url: str, query: str, rows: int, file: Path, kind: str) -> tuple[float, int]:
    """Seconds, and by how many bytes the process's peak grew."""
    command = [sys.executable, "-c", EXPORT, url, QUERY.format(rows=1000), query, str(file), kind]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, check=True, text=True)
    seconds, grown_bytes, row_count = json.loads(done.stdout.splitlines()[-1])
    assert row_count == rows
    return seconds, grown_bytes


def literals(file: Path) -> float:
    """Seconds for as many rows of the same kinds, without a database."""
    row = [
        "Main Street 3",
        date(2026, 1, 1),
        123456,
        45.67,
        "Product number 42",
        "0cc175b9c0f1b6a831c399e269772661",
        True,
    ]
    started = time.perf_counter()
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(file), options) as workbook:
        worksheet = workbook.add_worksheet()
        for number in range(XLSX_ROWS):
            worksheet.write_row(number, 0, row)
    return time.perf_counter() - started
