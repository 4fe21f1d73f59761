"""The REST API, an app of its own: its errors are problems, its OpenAPI document holds nothing else."""

from fastapi import FastAPI

from include.web.api import health, messages, reports, requests, runs, schema, standing_orders
from include.web.api.errors import install_handlers

PARTS = (reports, standing_orders, requests, runs, messages, schema, health)


def build_api() -> FastAPI:
    api = FastAPI(title="Storekeeper reports", version="1", docs_url=None, redoc_url=None)
    install_handlers(api)
    for part in PARTS:
        api.include_router(part.router)
    return api
