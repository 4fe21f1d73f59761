"""What the plugin mounts: an app that is built at its first request, because every task process imports the plugin."""

import asyncio
import atexit
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class LazyApp:
    """The whole web app; the first request waits about a second for it."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if self._app is None:
            async with self._lock:
                if self._app is None:
                    # In a thread: other requests go on meanwhile.
                    self._app = await asyncio.to_thread(_build)
        await self._app(scope, receive, send)


def _build() -> "ASGIApp":
    from include.web.app import build_app

    app = build_app()
    # Airflow runs the lifespan of mounted FastAPI apps only, and this is none.
    atexit.register(app.state.database.close)
    return app
