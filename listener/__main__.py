"""`python -m listener`: receives calls and webhooks until SIGTERM, then answers what is under way and ends."""

import os
import signal
import sys

from listener.app import create_app
from listener.logs import set_up_logs
from listener.server import serve
from listener.settings import Settings, SettingsError
from listener.webhooks.providers import load_providers


def main() -> None:
    # As the first process of a container we would not hear it otherwise; uvicorn raises it again when it has drained.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    set_up_logs()
    try:
        settings = Settings.from_environment()
        app = create_app(settings, load_providers(settings.order_providers, os.environ))
    except SettingsError as error:
        sys.exit("\n".join(["The listener cannot start:", *(f"- {problem}" for problem in error.problems)]))
    serve(app, settings.listener_host, settings.listener_port)


if __name__ == "__main__":
    main()
