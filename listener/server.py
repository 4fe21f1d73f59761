"""How the listener serves HTTP."""

import uvicorn
from starlette.types import ASGIApp

# Longer than a commit may take: who is being answered is answered.
DRAIN_SECONDS = 10


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serves until SIGTERM: then takes no new connection, answers what is under way, and ends the app's lifespan."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
