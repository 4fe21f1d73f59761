"""What the plugin mounts: an app that is built at its first request, because every task process imports the plugin."""

import asyncio
import atexit
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send


class LazyApp:
    """The whole web app."""

    def __init__(self) -> None:
        self._app: FastAPI | None = None
        self._lock = Lock()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        app = self._app
        if app is None:
            # In a thread: the first request waits about a second for it, the others of Airflow go on meanwhile.
            app = await asyncio.to_thread(self.built)
        await app(scope, receive, send)

    def built(self) -> "FastAPI":
        from include.web.app import build_app

        with self._lock:
            if self._app is None:
                self._app = build_app()
                # Airflow runs the lifespan of mounted FastAPI apps only, and this is none.
                atexit.register(self._app.state.database.close)
            return self._app
