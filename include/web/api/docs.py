"""The OpenAPI document, and a page of it that needs no script and nothing from the internet."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from include.web.security import Reader

router = APIRouter(include_in_schema=False)

markdown = MarkdownIt("js-default").render
environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates = Jinja2Templates(env=environment)


@router.get("/openapi.json")
def document(user: Reader, request: Request) -> JSONResponse:  # noqa: ARG001
    """The document, with the address under which it was asked for."""
    return JSONResponse({**request.app.openapi(), "servers": [{"url": request.scope["root_path"]}]})


@router.get("/docs")
def page(user: Reader, request: Request) -> HTMLResponse:
    described: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_shown(method, path, operation))
    return templates.TemplateResponse(
        request,
        "docs.html",
        {
            "title": described["info"]["title"],
            "introduction": markdown(described["info"]["description"]),
            "groups": groups,
            "schemas": {
                name: json.dumps(schema, indent=2) for name, schema in described["components"]["schemas"].items()
            },
            "root": request.scope["root_path"],
            "nonce": request.state.nonce,
            "user": user,
        },
    )


def _shown(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    bodies = operation.get("requestBody", {}).get("content", {})
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "description": markdown(operation.get("description", "")),
        "parameters": [_parameter(parameter) for parameter in operation.get("parameters", [])],
        "bodies": [(media_type, _type(body["schema"])) for media_type, body in bodies.items()],
        "answers": [
            (status, ", ".join(_type(content.get("schema", {})) for content in answer.get("content", {}).values()))
            for status, answer in operation["responses"].items()
            if status != "default"
        ],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "place": parameter["in"],
        "type": _type(parameter["schema"]),
        "description": parameter.get("description", ""),
        "is_required": parameter.get("required", False),
    }


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"] if one.get("type") != "null")
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return str(schema.get("format", schema.get("type", "any")))
