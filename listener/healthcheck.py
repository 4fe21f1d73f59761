"""`python -m listener.healthcheck`: for the container. Ends with 1 and the reasons unless `/health` says 200."""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 4


def main() -> None:
    url = f"http://127.0.0.1:{os.environ.get('LISTENER_PORT') or 8090}/health"
    try:
        urllib.request.urlopen(url, timeout=SECONDS).close()
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode())
    except OSError as error:
        sys.exit(f"{url}: {error}")


if __name__ == "__main__":
    main()
