"""The listener's HTTP side: the webhooks, and what tells how it is. Every other path is 404."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listener.calls import CallWatch
from listener.health import Health
from listener.metrics import Metrics
from listener.settings import Settings
from listener.webhooks.event import Provider
from listener.webhooks.group_commit import GroupCommit
from listener.webhooks.routes import Door
from listener.webhooks.signatures import Square
from listener.webhooks.square import SquareWebhooks

# For the calls that wait for Postgres; those that must wait longer stay in the spool.
STOP_SECONDS = 10.0


def create_app(settings: Settings, order_providers: Mapping[str, Provider]) -> Starlette:
    """The application; its lifespan starts the writer and the calls, and stops them when every request is answered.

    Raises SettingsError for a call feed's mapping that cannot be read.
    """
    metrics = Metrics()
    providers = dict(order_providers)
    if settings.square_webhook_url:
        providers["square"] = SquareWebhooks(Square(settings.square_webhook_url, settings.square_webhook_signature_key))
    writer = GroupCommit(settings.storekeeper_listener_db_url, metrics)
    calls = CallWatch(settings, metrics)
    health = Health(writer, calls)

    async def show_metrics(_: Request) -> Response:
        return Response(metrics.exposition(), media_type=metrics.media_type)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        writer.start()
        calls.start()
        yield
        # Every request is answered by now.
        await asyncio.to_thread(calls.stop, STOP_SECONDS)
        await writer.stop()

    routes = [
        *Door(providers, writer, metrics).routes(),
        Route("/health", health.show),
        Route("/metrics", show_metrics),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    return app
