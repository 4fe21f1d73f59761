"""The OpenAPI document: what FastAPI knows of the routes, and what holds for all of them."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from include.web.problems import MEDIA_TYPE, FieldError, ProblemDetails

DESCRIPTION = """
Reports that people define in SQL, ask for and receive; the standing orders and one-off requests for Storekeeper's own
reports; their runs, files and mails. And a partner's files: putting them in, and the reports made of them.

**Login** is Airflow's: a token from `POST /auth/token` as `Authorization: Bearer …`, or the cookie of Airflow's pages.
Whoever may see DAG runs of `report_run` reads, who may trigger it runs, who may edit Airflow's variables changes
reports. A partner's files and reports take rights of their own: putting files in (the role Partner Upload), approving
and downloading reports (Partner Export); either of them sees both.

**Errors** are problems (RFC 9457): `detail` says what to do, `errors` names the fields; of SQL with line and column.
"""


def install_document(api: FastAPI) -> None:
    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _document(api)
        return api.openapi_schema

    api.openapi = document  # type: ignore[method-assign]


def _document(api: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=api.title, version=api.version, description=DESCRIPTION, routes=api.routes)
    components = document["components"]
    for model in (FieldError, ProblemDetails):
        components["schemas"][model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"][model.__name__].pop("$defs", None)
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    components["responses"] = {
        "Problem": {
            "description": "What is wrong, and what to do",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
    }
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "_token"},
    }
    document["security"] = [{"token": []}, {"cookie": []}]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
            if path == "/health":
                operation["security"] = []
    return document
