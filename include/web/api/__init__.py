"""The REST API, an app of its own: its errors are problems, its OpenAPI document holds nothing else."""

from fastapi import FastAPI

from include.web.api import (
    customer_reports,
    docs,
    health,
    messages,
    partner_files,
    reports,
    requests,
    runs,
    schema,
    standing_orders,
    trying,
)
from include.web.api.errors import install_handlers
from include.web.api.openapi import install_document

PARTS = (
    trying,
    reports,
    standing_orders,
    requests,
    runs,
    partner_files,
    customer_reports,
    messages,
    schema,
    health,
    docs,
)


def build_api() -> FastAPI:
    # The document and its page are routes of ours: they ask for a right like all others.
    api = FastAPI(title="Storekeeper reports", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    install_handlers(api)
    install_document(api)
    for part in PARTS:
        api.include_router(part.router)
    return api
