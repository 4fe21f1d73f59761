"""A partner's files to a workbook: against throwing the XML away and writing as many cells with plain xlsxwriter."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from include.customers.report.workbook import filename

PROJECT = Path(__file__).parents[1]
ORDERS = int(os.environ.get("CUSTOMER_REPORT_ORDERS", "1000000"))
CUSTOMERS = int(os.environ.get("CUSTOMER_REPORT_CUSTOMERS", "100000"))
# The usual design takes minutes and gigabytes: 0 leaves it out.
USUAL_ORDERS = int(os.environ.get("CUSTOMER_REPORT_USUAL_ORDERS", str(ORDERS)))
REACH_MIB = 500
DAY = date(2026, 11, 20)
REGIONS = ["North", "South", "East", "West", "Centre"]
AREAS = [202, 206, 212, 213, 303, 305, 312, 404, 415, 512, 617, 702]


@dataclass(frozen=True)
class Measured:
    """A process of its own, its start included; what it printed last, as JSON."""

    seconds: float
    peak_mib: float
    result: Any


def run() -> Iterator[Figure]:
    with folder() as home:
        customers, orders = write_customers(home), write_orders(home, ORDERS)
        files_alone = measure(
            "-m", "include.customers.report", "--customers", customers, "--orders", orders, "--out", home
        )
        workbook = home / filename(DAY)
        floor = measure("-c", FLOOR, orders, home / "floor.xlsx", samples(workbook, home / "samples.json"))
        floor_name = "expat throwing the XML away, then xlsxwriter in constant memory fed literals, cell for cell"
        size = f"{ORDERS:,} orders and {CUSTOMERS:,} customers"
        yield Figure(
            f"{size}, files to workbook, without a database",
            files_alone.seconds,
            reach=3,
            floor=floor_name,
            floor_seconds=floor.seconds,
            notes=f"{orders.stat().st_size / 1e6:,.0f} MB of XML, {workbook.stat().st_size / 1e6:,.0f} MB of XLSX; the "
            f"floor took {floor.peak_mib:,.0f} MiB{usual(home, customers)}",
        )
        yield Figure("peak memory of the same", files_alone.peak_mib, reach=REACH_MIB, unit="MiB")
        with warehouse(home) as server:
            url = server.url("storekeeper", "storekeeper_app")
            through = measure("-c", WAREHOUSE, url, customers, orders, home / "warehouse", DAY)
        assert (home / "warehouse" / filename(DAY)).exists()
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in through.result.items())
        yield Figure(
            f"{size}, files to workbook, through the warehouse",
            through.seconds,
            reach=3,
            floor=floor_name,
            floor_seconds=floor.seconds,
            notes=steps,
        )
        yield Figure("peak memory of the same, Postgres's aside", through.peak_mib, reach=REACH_MIB, unit="MiB")


def usual(home: Path, customers: Path) -> str:
    if not USUAL_ORDERS:
        return ""
    orders = write_orders(home, USUAL_ORDERS)
    measured = measure("-c", USUAL, customers, orders, home / "usual.xlsx", DAY)
    return (
        f"; {USUAL_ORDERS:,} orders by ElementTree, pandas and openpyxl: {measured.seconds:,.0f} s, "
        f"{measured.peak_mib:,.0f} MiB"
    )


def measure(*arguments: object) -> Measured:
    """Runs Python; raises where it fails."""
    command = [sys.executable, *map(str, arguments)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command[:3], printed)
    last = printed.splitlines()[-1] if printed else ""
    return Measured(seconds, usage.ru_maxrss / 1024, json.loads(last) if last.startswith("{") else None)


def samples(workbook: Path, file: Path) -> Path:
    """Of each sheet its title, how many rows it has, and one of them: what the floor writes."""
    book = load_workbook(workbook, read_only=True)
    sheets = []
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=2, values_only=True)
        headings = next(rows)
        row = next(rows, headings)
        cells = [{"at": cell.isoformat()} if isinstance(cell, datetime) else cell for cell in row]
        sheets.append([sheet.title, (sheet.max_row or 1) - 1, headings, cells])
    book.close()
    file.write_text(json.dumps(sheets))
    return file


def write_customers(home: Path) -> Path:
    file = home / f"customers_{DAY}.csv"
    with file.open("w") as content:
        content.write("customer_id,customer_name,mobile_number,region\n")
        for number in range(CUSTOMERS):
            region = REGIONS[number % len(REGIONS)]
            content.write(f"C{number:07},Customer number {number},{mobile_number(number)},{region}\n")
    return file


def write_orders(home: Path, count: int) -> Path:
    """Of the day; one of a hundred is nobody's. One SKU an order."""
    file = home / f"orders_{count}_{DAY}.xml"
    chance = random.Random(1)
    start = datetime.combine(DAY, datetime.min.time())
    with file.open("w") as content:
        content.write('<?xml version="1.0" encoding="UTF-8"?>\n<orders>\n')
        for number in range(count):
            customer = chance.randrange(CUSTOMERS) if number % 100 else CUSTOMERS + number
            at = start + timedelta(seconds=number * 86_399 // count)
            cents = chance.randrange(100, 10_000)
            content.write(
                f"<order><order_id>O{number:09}</order_id><mobile_number>{mobile_number(customer)}</mobile_number>"
                f"<order_date_time>{at.isoformat()}</order_date_time><sku_id>SKU-{chance.randrange(500):04}</sku_id>"
                f"<sku_count>{chance.randrange(1, 6)}</sku_count>"
                f"<total_amount>{cents // 100}.{cents % 100:02}</total_amount></order>\n"
            )
        content.write("</orders>\n")
    return file


def mobile_number(number: int) -> str:
    return f"+1{AREAS[number % len(AREAS)]}{2_000_000 + number // len(AREAS)}"


FLOOR = """
import json, sys
from datetime import datetime
from xml.parsers.expat import ParserCreate
import xlsxwriter
orders, file, samples = sys.argv[1:]
with open(orders, "rb") as content:
    ParserCreate().ParseFile(content)
options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
with xlsxwriter.Workbook(file, options) as workbook:
    for title, row_count, headings, row in json.load(open(samples)):
        worksheet = workbook.add_worksheet(title)
        worksheet.write_row(0, 0, headings)
        cells = [datetime.fromisoformat(cell["at"]) if isinstance(cell, dict) else cell for cell in row]
        for number in range(1, row_count + 1):
            worksheet.write_row(number, 0, cells)
"""

# As customer_orders_report does it: the files are received and taken in, then the workbook is made.
WAREHOUSE = """
import json, os, sys, time
from datetime import date
from functools import partial
from pathlib import Path
import psycopg
from include.config.partner import load_partner
from include.customers.deliveries import receive, take_in
from include.customers.kpis import PartnerWarehouse
from include.customers.report.workbook import write_workbook
url, customers, orders, out, day = sys.argv[1:]
os.environ["STOREKEEPER_PARTNER_FILES"] = out
day, partner, connect = date.fromisoformat(day), load_partner(), partial(psycopg.connect, url)
times = [time.perf_counter()]
for kind, file in (("customers", customers), ("orders", orders)):
    with connect() as connection, open(file, "rb") as content:
        receive(
            connection, partner, content, filename=Path(file).name, kind=kind, delivery_date=day, came_by="upload",
            received_by="benchmark",
        )
times.append(time.perf_counter())
assert len(take_in(connect, partner)) == 1
times.append(time.perf_counter())
with connect() as connection, PartnerWarehouse(connection, partner) as source:
    write_workbook(Path(out), source, day)
times.append(time.perf_counter())
names = ("received", "taken in", "workbook")
print(json.dumps({name: after - before for name, before, after in zip(names, times, times[1:])}))
"""

USUAL = """
import sys
from datetime import date
from xml.etree import ElementTree
import pandas as pd
customers, orders, file, day = sys.argv[1:]
people = pd.read_csv(customers, dtype=str)
rows = [{field.tag: field.text for field in order} for order in ElementTree.parse(orders).getroot()]
sold = pd.DataFrame(rows)
sold["order_date_time"] = pd.to_datetime(sold["order_date_time"])
sold["sku_count"] = sold["sku_count"].astype(int)
sold["total_amount"] = sold["total_amount"].astype(float)
sold = sold.merge(people, on="mobile_number", how="left")
of_day = sold[sold["order_date_time"].dt.date == date.fromisoformat(day)]
by_customer = sold.groupby(["customer_id", "customer_name", "region"]).agg(
    orders=("order_id", "nunique"), revenue=("total_amount", "sum"), first=("order_date_time", "min"),
    last=("order_date_time", "max")).reset_index()
month = sold["order_date_time"].dt.to_period("M").astype(str)
with pd.ExcelWriter(file, engine="openpyxl") as book:
    people.merge(by_customer, how="left").to_excel(book, sheet_name="Customers", index=False)
    of_day.to_excel(book, sheet_name="Current_Day_Orders", index=False)
    by_customer[by_customer["orders"] > 1].to_excel(book, sheet_name="KPI_Repeat_Customers", index=False)
    sold.groupby("region")["total_amount"].sum().to_excel(book, sheet_name="KPI_Regional_Revenue")
    sold.groupby(month)["total_amount"].sum().to_excel(book, sheet_name="KPI_Monthly_Order_Trends")
    by_customer.nlargest(100, "revenue").to_excel(book, sheet_name="KPI_Top_Customers_Last_30_Days", index=False)
    sold.groupby(["region", "sku_id"])["sku_count"].sum().to_excel(book, sheet_name="KPI_SKUs_By_Region")
    sold[sold["customer_id"].isna()].to_excel(book, sheet_name="Unmatched_Orders", index=False)
"""
