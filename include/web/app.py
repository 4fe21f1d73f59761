"""The web app that Airflow's api-server serves under /storekeeper: the API under /api, the pages beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from include.web.api import build_api
from include.web.body_limit import BodyLimit
from include.web.database import Database
from include.web.gate import Gate
from include.web.headers import SecurityHeaders
from include.web.pages import add_pages
from include.web.trials import Trials


def build_app() -> FastAPI:
    """Wants Airflow's auth manager initialised at the first request; opens no connection before it needs one."""
    database, trials = Database(), Trials()
    app = FastAPI(title="Storekeeper", openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan)
    api = build_api()
    for part in (app, api):
        part.state.database = database
        part.state.trials = trials
    app.mount("/api", api)
    add_pages(app)
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit)
    app.add_middleware(Gate)
    app.add_middleware(SecurityHeaders)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.database.close()
