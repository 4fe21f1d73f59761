"""The REST API, an app of its own: its errors are problems, its OpenAPI document holds nothing else."""

from fastapi import FastAPI

from include.web.api import health
from include.web.api.errors import install_handlers


def build_api() -> FastAPI:
    api = FastAPI(title="Storekeeper reports", version="1", docs_url=None, redoc_url=None)
    install_handlers(api)
    api.include_router(health.router)
    return api
