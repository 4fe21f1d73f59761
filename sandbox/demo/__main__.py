"""`python -m sandbox.demo`: loads the demo chain's past year into a running sandbox."""

import argparse
import os
import sys
import time
from datetime import date

import httpx

from sandbox.demo.load import load_year
from sandbox.demo.seller import NotSetUpError


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--square-url", required=True, help="the stand-in's base URL, as http://127.0.0.1:8081/square")
    parser.add_argument("--token", default=os.environ.get("SANDBOX_SQUARE_TOKEN"), help="its access token")
    parser.add_argument(
        "--until",
        type=date.fromisoformat,
        help="the last day with orders (default: the newest that is over everywhere)",
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.token:
        parser.error("--token is missing, and SANDBOX_SQUARE_TOKEN is not set")
    started_at = time.monotonic()
    try:
        loaded = load_year(
            options.square_url.rstrip("/").removesuffix("/square"),
            options.token,
            options.until,
            options.seed,
            _progress,
        )
    except (NotSetUpError, httpx.HTTPError) as error:
        sys.exit(f"\nsandbox.demo: {error}")
    seconds = time.monotonic() - started_at
    sys.stdout.write(
        f"\rA year of orders up to {loaded.last_day}: {loaded.order_count} orders, {loaded.return_count} returns, "
        f"{loaded.customer_count} customers in {seconds:.1f} s\n"
    )


def _progress(made: int, total: int) -> None:
    sys.stdout.write(f"\r{made:6d} of {total} orders")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
