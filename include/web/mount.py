"""What the plugin mounts: an app that is built at its first request, because every task process imports the plugin."""

import asyncio
import atexit
import logging
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Message, Receive, Scope, Send

log = logging.getLogger(__name__)


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
        is_answered = False

        async def send_noted(message: "Message") -> None:
            nonlocal is_answered
            is_answered = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await app(scope, receive, send_noted)
        except Exception:
            # Starlette answers, and raises all the same; Airflow's middleware would throw the answer away.
            if not is_answered:
                raise
            log.exception("%s %s failed", scope.get("method"), scope["path"])

    def built(self) -> "FastAPI":
        from include.web.app import build_app

        with self._lock:
            if self._app is None:
                self._app = build_app()
                # Airflow runs the lifespan of mounted FastAPI apps only, and this is none.
                atexit.register(self._app.state.database.close)
            return self._app
