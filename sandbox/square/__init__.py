"""Square's stand-in: what a chain uses of the seller's API, as Square's OpenAPI document describes it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.square import (
    catalog,
    catalog_store,
    catalog_upsert,
    customers,
    idempotency,
    inventory,
    locations,
    money_store,
    order_search,
    order_store,
    orders,
    payments,
    refunds,
    stock,
    webhooks,
)
from sandbox.square.call import dump, route
from sandbox.square.errors import SquareError, refusal
from sandbox.state import State

__all__ = ["refusal", "routes"]

# The search stands before the orders themselves: `search` is no order's id.
RESOURCES = (locations, catalog, catalog_upsert, customers, order_search, orders, payments, refunds, inventory)
TABLES = (idempotency, locations, catalog_store, customers, order_store, money_store, stock, webhooks)
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def routes(state: State) -> list[BaseRoute]:
    """Paths relative to `/square`, so that the SDK's base URL is `http://127.0.0.1:<port>/square`."""
    for module in TABLES:
        state.create_tables(module.TABLES)
    endpoints = [endpoint for resource in RESOURCES for endpoint in resource.ENDPOINTS]
    return [*(route(state, endpoint) for endpoint in endpoints), Route("/{path:path}", unknown, methods=METHODS)]


async def unknown(request: Request) -> Response:
    error = SquareError("NOT_FOUND", f"The sandbox has no resource {request.method} {request.url.path}.", status=404)
    return Response(dump(error.body()), status_code=404, media_type="application/json")
