"""Stand-in for Google: service-account tokens, Sheets v4, Drive v3, as far as gspread and the Drive client use them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.google import drive, spreadsheet, tab, tokens, values
from sandbox.google.calls import endpoint
from sandbox.google.errors import refusal
from sandbox.state import State

__all__ = ["refusal", "routes"]


def routes(state: State) -> list[BaseRoute]:
    """Paths relative to `/google`, which is the API root that a client is pointed at."""
    for tables in (tokens.TABLES, drive.TABLES, tab.TABLES):
        state.create_tables(tables)

    async def token(request: Request) -> Response:
        return await tokens.exchange(state, request)

    root = "/v4/spreadsheets"
    one = f"{root}/{{file_id}}"
    table = [
        ("POST", root, spreadsheet.create),
        ("POST", f"{one}:batchUpdate", spreadsheet.batch_update),
        ("GET", f"{one}/values:batchGet", values.batch_get),
        ("POST", f"{one}/values:batchUpdate", values.batch_update),
        ("POST", f"{one}/values:batchClear", values.batch_clear),
        ("POST", f"{one}/values/{{range:path}}:append", values.append),
        ("POST", f"{one}/values/{{range:path}}:clear", values.clear),
        ("GET", f"{one}/values/{{range:path}}", values.get),
        ("PUT", f"{one}/values/{{range:path}}", values.update),
        ("GET", one, spreadsheet.get),
    ]
    return [
        Route("/token", token, methods=["POST"]),
        *drive.routes(state),
        *[Route(path, endpoint(state, handler), methods=[method]) for method, path, handler in table],
    ]
