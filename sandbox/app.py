"""The outside world as one ASGI application.

A stand-in is a module with `routes(state)`, paths relative to its prefix, and `refusal(status)`, an error body in its
own shape for faults. `sandbox.page.routes(state)` is the page at `/`, `sandbox.smtp.serve(state)` an async context
manager.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount, Route

from sandbox import control
from sandbox.faults import FaultGate
from sandbox.settings import Settings
from sandbox.state import State


def create_app(settings: Settings) -> Starlette:
    state = State.open(settings)

    def optional(name: str) -> ModuleType | None:
        return import_module(name) if find_spec(name) else None

    def stand_in(prefix: str, module: ModuleType) -> Mount:
        gate = Middleware(FaultGate, faults=state.faults, refusal=module.refusal)
        return Mount(prefix, routes=module.routes(state), middleware=[gate])

    smtp, page = optional("sandbox.smtp"), optional("sandbox.page")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(state.close)
            if smtp:
                await stack.enter_async_context(smtp.serve(state))
            yield

    async def health(_: object) -> Response:
        return Response("ok")

    found = {prefix: optional(f"sandbox.{prefix}") for prefix in ("square", "google")}
    return Starlette(
        routes=[
            Route("/health", health),
            Mount("/sandbox", routes=control.routes(state)),
            *[
                stand_in(f"/{prefix}", module)
                for prefix, module in found.items()
                if module and hasattr(module, "routes")
            ],
            *(page.routes(state) if page else []),
        ],
        lifespan=lifespan,
    )
