"""The outside world as one ASGI application.

A stand-in is a module with `routes(state)`, paths relative to its prefix, and `refusal(status)`, an error body in its
own shape for faults. `sandbox.page.routes(state)` is the page at `/`, `sandbox.smtp.serve(state)` an async context
manager.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from sandbox import control, google, page, smtp, square
from sandbox.faults import FaultGate
from sandbox.settings import Settings
from sandbox.square import webhooks
from sandbox.state import State


def create_app(settings: Settings) -> Starlette:
    state = State.open(settings)

    def stand_in(module: ModuleType) -> Mount:
        gate = Middleware(FaultGate, faults=state.faults, refusal=module.refusal)
        return Mount(f"/{module.__name__.rpartition('.')[2]}", routes=module.routes(state), middleware=[gate])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with smtp.serve(state), webhooks.delivering(state):
            yield
        state.close()

    async def health(_: Request) -> Response:
        return Response("ok")

    return Starlette(
        routes=[
            Route("/health", health),
            stand_in(square),
            stand_in(google),
            # The page's own routes under /sandbox come before the controls, which take the rest of it.
            *page.routes(state),
            Mount("/sandbox", routes=control.routes(state)),
        ],
        lifespan=lifespan,
    )
