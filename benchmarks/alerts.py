"""From the outside world's push to the mail server's 250, on the running stack."""

import base64
import hmac
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

import httpx
import psycopg

from benchmarks.environment import Stack, folder, running_stack
from benchmarks.figure import Figure
from stack.postgres import EmbeddedPostgres

ORDERS = 50
CALL_ALERTS = 20
CALLS_AN_ALERT = 5
FLOOR_EVENTS = 50
MOST_SECONDS = 60.0
# The stand-in's telephone rings this much faster than a real one.
SPEED = 50
T = TypeVar("T")
HANDLED = "SELECT count(*) FROM inbox.call WHERE state = 'handled'"
DAG_IDS = ("asset_floor", "missed_calls", "large_orders")


@dataclass(frozen=True)
class Alert:
    """Seconds from the push until Airflow had the doorbell's asset event (the floor begins there), and to the mail.

    The event comes after the mail, and is not counted, where a run that was under way already took the push along.
    """

    event_seconds: float | None
    seconds: float


def run() -> Iterator[Figure]:
    with folder() as path, running_stack(path) as stack:
        for dag_id in DAG_IDS:
            stack.airflow.wait_for_dag(dag_id)
            stack.airflow.unpause(dag_id)
        event_to_first_line(stack)
        order_to_mail(stack, 0)
        call_to_mail(stack)
        floors = [event_to_first_line(stack) for _ in range(FLOOR_EVENTS)]
        floor = f"asset event to the first line of an empty task, p50 of {FLOOR_EVENTS}"
        orders = [order_to_mail(stack, number) for number in range(1, ORDERS + 1)]
        yield _figure(f"webhook POST to mail accepted, p50 of {ORDERS} orders", orders, floor, floors)
        calls = [call_to_mail(stack) for _ in range(CALL_ALERTS)]
        yield _figure(f"last missed call to mail accepted, p50 of {CALL_ALERTS} alerts", calls, floor, floors)
        print(f"         afterwards: {pending(stack)}", flush=True)


def _figure(work: str, alerts: list[Alert], floor: str, floors: list[float]) -> Figure:
    seconds = [alert.seconds for alert in alerts]
    return Figure(
        work,
        statistics.median(seconds),
        reach=2,
        floor=floor,
        floor_seconds=statistics.median(floors),
        notes=f"p95 {p95(seconds):.2f} s, floor's p95 {p95(floors):.2f} s; until the triggerer's asset event, p50: "
        f"{statistics.median(each.event_seconds for each in alerts if each.event_seconds is not None):.2f} s",
    )


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def event_to_first_line(stack: Stack) -> float:
    http = stack.airflow.http
    asset = _until(
        lambda: http.get("/api/v2/assets", params={"name_pattern": "benchmark_floor"}).json()["assets"], "the asset"
    )[0]
    seen = {run["dag_run_id"] for run in _floor_runs(http)}
    began = time.time()
    http.post("/api/v2/assets/events", json={"asset_id": asset["id"]}).raise_for_status()

    def first_line() -> float | None:
        for run in _floor_runs(http):
            if run["dag_run_id"] not in seen and run["state"] == "success":
                task = f"/api/v2/dags/asset_floor/dagRuns/{run['dag_run_id']}/taskInstances/first_line"
                return float(http.get(f"{task}/xcomEntries/return_value").raise_for_status().json()["value"])
        return None

    return _until(first_line, "a run of asset_floor") - began


def _floor_runs(http: httpx.Client) -> list[dict[str, Any]]:
    params: dict[str, Any] = {"limit": 3, "order_by": "-id"}
    runs: list[dict[str, Any]] = http.get("/api/v2/dags/asset_floor/dagRuns", params=params).json()["dag_runs"]
    return runs


def order_to_mail(stack: Stack, number: int) -> Alert:
    """An order of $600 of the ordering platform demo-eats, due in a day."""
    settle(stack, "large_orders")
    now = datetime.now(UTC)
    order = {
        "id": f"bench-{number}-{now.timestamp()}",
        "placed_at": now.isoformat(),
        "ready_by": (now + timedelta(days=1)).isoformat(),
        "store": "Manhattan",
        "total": {"amount": "600.00", "currency": "USD"},
        "customer": {"name": "Bench Mark", "phone": "+12125550199", "email": "bench@example.com"},
        "channel": "web",
        "lines": [{"title": "Pizza", "qty": "40", "price": "15.00"}],
    }
    body = json.dumps({"type": "order.created", "timestamp": now.isoformat(), "data": order}).encode()
    secret = base64.b64decode(stack.home.secrets()["order_secret"].removeprefix("whsec_"))
    began = time.time()
    signed = f"{order['id']}.{int(began)}.".encode() + body
    headers = {
        "webhook-id": str(order["id"]),
        "webhook-timestamp": str(int(began)),
        "webhook-signature": f"v1,{base64.b64encode(hmac.digest(secret, signed, sha256)).decode()}",
    }
    known = last_mail(stack)
    httpx.post(
        f"{stack.ports.listener_url}/webhooks/orders/demo-eats", content=body, headers=headers
    ).raise_for_status()
    mailed_at = next_mail_at(stack, known)
    return Alert(event_seconds(stack, "inbox_webhook_event", began, mailed_at), mailed_at - began)


def call_to_mail(stack: Stack) -> Alert:
    """From the moment at which the last call ended, those before it having been counted."""
    ring(stack, CALLS_AN_ALERT - 1)
    settle(stack, "missed_calls")
    known = last_mail(stack)
    ring(stack, 1)
    mailed_at = next_mail_at(stack, known)
    (ended_at,) = _query(stack, "SELECT extract(epoch FROM max(ended_at))::float FROM inbox.call")
    return Alert(event_seconds(stack, "inbox_call", ended_at, mailed_at), mailed_at - ended_at)


def event_seconds(stack: Stack, asset: str, pushed_at: float, mailed_at: float) -> float | None:
    """Until the first asset event of the doorbell after the push."""
    http = stack.airflow.http
    [found] = http.get("/api/v2/assets", params={"name_pattern": asset}).raise_for_status().json()["assets"]
    events = http.get("/api/v2/assets/events", params={"asset_id": found["id"], "order_by": "-timestamp", "limit": 5})
    times = [datetime.fromisoformat(event["timestamp"]).timestamp() for event in events.json()["asset_events"]]
    return min((at - pushed_at for at in times if pushed_at <= at <= mailed_at), default=None)


def settle(stack: Stack, dag_id: str) -> None:
    """Waits until no run is under way, as the floor does: a run waits for the one before it.

    And a moment that nobody knows: Airflow's triggerer hands its events on once a second, and what always comes in the
    same part of it is always quick or always slow.
    """

    def is_quiet() -> bool:
        runs = stack.airflow.http.get(f"/api/v2/dags/{dag_id}/dagRuns", params={"state": ["queued", "running"]}).json()
        return not runs["dag_runs"]

    _until(is_quiet, f"the end of {dag_id}")
    time.sleep(random.uniform(0, 1))


def ring(stack: Stack, times: int) -> None:
    """Returns when `missed_calls` has counted them."""
    (before,) = _query(stack, HANDLED)
    call = {
        "scenario": "nobody_answers",
        "caller_number": "+12125550177",
        "caller_name": "Bench Mark",
        "dialled_number": "+12125550101",
        "department": "Front desk",
        "times": times,
        "speed": SPEED,
    }
    headers = {"Authorization": f"Bearer {stack.home.secrets()['square_token']}"}
    httpx.post(f"{stack.ports.sandbox_url}/sandbox/phone/calls", json=call, headers=headers).raise_for_status()
    _until(lambda: _query(stack, HANDLED)[0] == before + times, "the calls")


def last_mail(stack: Stack) -> int:
    """The number of the newest mail. Asked for often, so not by way of the mails themselves."""
    version = httpx.get(f"{stack.ports.sandbox_url}/sandbox/version").raise_for_status().json()
    return int(version.split("/")[1])


def next_mail_at(stack: Stack, known: int) -> float:
    """When the stand-in took the first mail after `known`."""
    _until(lambda: last_mail(stack) > known, "a mail")
    mails = httpx.get(f"{stack.ports.sandbox_url}/sandbox/mails").raise_for_status().json()
    first = min((mail for mail in mails if mail["id"] > known), key=lambda mail: mail["id"])
    return datetime.fromisoformat(first["received_at"]).timestamp()


def pending(stack: Stack) -> str:
    counts = _query(
        stack,
        """
        SELECT
            (SELECT count(*) FROM inbox.call WHERE state IN ('new', 'claimed')),
            (SELECT count(*) FROM inbox.webhook_event WHERE state IN ('new', 'claimed')),
            (SELECT count(*) FROM outbox.message WHERE state IN ('new', 'claimed'))
        """,
    )
    return "{} calls, {} webhook events and {} messages pending".format(*counts)


def _query(stack: Stack, query: str) -> tuple[Any, ...]:
    url = EmbeddedPostgres(stack.home.folder).url("storekeeper", "storekeeper_app")
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row or ()


def _until(found: Callable[[], T | None], what: str) -> T:
    deadline = time.monotonic() + MOST_SECONDS
    while not (value := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {MOST_SECONDS:.0f} s")
        time.sleep(0.1)
    return value
