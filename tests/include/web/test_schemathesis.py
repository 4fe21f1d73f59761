"""Whatever fits the OpenAPI document, and what does not: no answer is a failure of ours, and each fits the document."""

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.include.web.conftest import Web
from tests.include.web.partner import asked_about, newest_day
from tests.include.web.partner import send as send_in
from tests.include.web.test_reports import REPORT
from tests.include.web.test_requests import ORDER
from tests.include.web.test_runs import asked, filed, mailed

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Of each operation and each way to make requests; by hand: SCHEMATHESIS_EXAMPLES=50 (five minutes).
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
# What there is is deleted last.
ORDER_OF_METHODS = ["get", "post", "patch", "put", "delete"]


def test_the_api_keeps_to_its_document(web: Web) -> None:
    client = web.login("admin")
    there = {
        "report_id": client.post("/reports", json=REPORT).json()["report_id"],
        "standing_order_id": client.post("/standing-orders", json=ORDER).json()["standing_order_id"],
        "run_id": asked(web, "success"),
    }
    filed(web, there["run_id"], "a.csv", b"a")
    there["file_id"] = send_in(web, "orders", newest_day())
    there["edition_id"] = asked_about(web, newest_day()).edition_id
    there["message_id"] = mailed(web, there["run_id"])
    document = client.get("/openapi.json").json()
    # It would send logins of its own making.
    del document["security"], document["components"]["securitySchemes"]
    results: list[Any] = list(schemathesis.openapi.from_dict(document).get_all_operations())
    operations = [result.ok() for result in results]
    operations.sort(key=lambda operation: ORDER_OF_METHODS.index(operation.method))
    assert len(operations) > 25

    for operation in operations:
        ids = {name: value for name, value in there.items() if f"{{{name}}}" in operation.path}
        # By chance no id would be one that there is.
        way: dict[str, Any] = {"path_parameters": ids} if ids else {}
        ways = [way | {"generation_mode": GenerationMode.POSITIVE}]
        if {"parameters", "requestBody"} & document["paths"][operation.path][operation.method].keys():
            ways.append({"generation_mode": GenerationMode.NEGATIVE})
        for way in ways:
            check(operation, way, lambda case: send(web, client.headers["Authorization"], case))


def check(operation: Any, way: dict[str, Any], send: Callable[[Any], None]) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(**way))
    def run(case: Any) -> None:
        send(case)

    run()


def send(web: Web, authorization: str, case: Any) -> None:
    # Starlette mounts nothing on a path with a line break: that answer would not be ours.
    assume("\n" not in unquote(case.formatted_path))
    headers = {"Authorization": authorization}
    case.call_and_validate(base_url=web.api, headers=headers, checks=CHECKS, timeout=30)
