"""What the plugin mounts: cheap to import, and it answers also where something fails unforeseen."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

from include.web.api.errors import install_handlers
from include.web.mount import LazyApp
from stack.postgres import SUPERUSER
from tests.include.web.conftest import Web

PROJECT = Path(__file__).parents[3]
HEAVY = ("fastapi", "starlette", "pydantic", "psycopg", "psycopg_pool", "pglast", "jinja2", "airflow")


def test_task_processes_import_next_to_nothing_for_it() -> None:
    code = f"import sys, include.web.mount; print(*[name for name in {HEAVY} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


class Failing(LazyApp):
    def built(self) -> FastAPI:
        app = FastAPI()
        install_handlers(app)

        @app.get("/")
        def fail() -> None:
            raise ZeroDivisionError("secret")

        return app


def test_an_unforeseen_failure_is_answered_through_airflows_middleware() -> None:
    async def answer() -> httpx.Response:
        # As Airflow's own is: it throws away the answer to what raises.
        app = BaseHTTPMiddleware(Failing(), dispatch=lambda request, call_next: call_next(request))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.get("/")

    failed = asyncio.run(answer())

    assert failed.status_code == 500
    assert failed.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in failed.text


def test_what_postgres_says_against_our_own_sql_is_not_told(web: Web) -> None:
    viewer = web.login("viewer")
    with psycopg.connect(web.database.url(SUPERUSER)) as connection:
        connection.execute("ALTER TABLE reports.report RENAME TO renamed")

    answer = viewer.get("/reports")

    assert answer.status_code == 500
    assert "reports" not in answer.text
