"""`python -m sandbox`: the stand-ins for Square, Google, the mail server and the telephone system, on 127.0.0.1."""

import asyncio
import sys
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.app import create_app
from sandbox.settings import Settings, SettingsError


class DroppableConnection(HttpToolsProtocol):
    """Shows each request its connection as `scope["state"]["transport"]`, so that a fault can drop it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


def main() -> None:
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        sys.exit(f"sandbox: {error}")
    uvicorn.run(
        create_app(settings),
        host="127.0.0.1",
        port=settings.port,
        http=cast(Any, DroppableConnection),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
