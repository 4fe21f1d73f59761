"""A container's health check: does Airflow's own health page call the component healthy?

python -m stack.healthcheck scheduler
"""

import json
import os
import sys
from urllib.parse import urljoin
from urllib.request import urlopen


def is_healthy(component: str, execution_api_url: str) -> bool:
    """:param execution_api_url: where the tasks find the API server; its health page lies beside it."""
    with urlopen(urljoin(execution_api_url, "/api/v2/monitor/health"), timeout=8) as answer:  # noqa: S310 - our own URL
        return bool(json.load(answer)[component]["status"] == "healthy")


if __name__ == "__main__":
    sys.exit(not is_healthy(sys.argv[1], os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]))
