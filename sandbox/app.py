"""The outside world as one ASGI application.

A stand-in is a module with `routes(…)`, paths relative to its prefix, and `refusal(status)`, an error body in its own
shape for faults. `sandbox.page.routes(…)` is the page at `/`, `sandbox.smtp.serve(state)` an async context
manager.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from sandbox import control, google, page, smtp, square, webhook_queue
from sandbox.faults import FaultGate
from sandbox.online_orders import controls as order_controls
from sandbox.online_orders import demo_eats, order
from sandbox.phone import ari
from sandbox.phone import controls as phone_controls
from sandbox.phone.telephone import Telephone
from sandbox.settings import Settings
from sandbox.square import webhooks
from sandbox.state import State

SENDERS = (webhooks.SENDER, demo_eats.SENDER)


def create_app(settings: Settings) -> Starlette:
    state = State.open(settings)
    state.create_tables(webhook_queue.TABLES + order.TABLES)
    telephone = Telephone.open(state)

    def stand_in(module: ModuleType, routes: list[BaseRoute]) -> Mount:
        gate = Middleware(FaultGate, faults=state.faults, refusal=module.refusal)
        return Mount(f"/{module.__name__.rpartition('.')[2]}", routes=routes, middleware=[gate])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with smtp.serve(state), webhook_queue.delivering(state, SENDERS):
            yield
        telephone.stop()
        state.close()

    controls = [*phone_controls.controls(telephone), *order_controls.controls(state)]

    async def health(_: Request) -> Response:
        return Response("ok")

    return Starlette(
        routes=[
            Route("/health", health),
            stand_in(square, square.routes(state)),
            stand_in(google, google.routes(state)),
            *([stand_in(ari, ari.routes(settings, telephone.exchange))] if settings.has_phone else []),
            # The page's own routes under /sandbox come before the controls, which take the rest of it.
            *page.routes(state, telephone),
            Mount("/sandbox", routes=control.routes(state, controls)),
        ],
        lifespan=lifespan,
    )
