"""The pages: server-rendered, with htmx for what changes in place (docs/pages.md)."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

from include.web.api.errors import install_handlers
from include.web.pages import editor, messages, reports, requests, runs, sql_trial, standing_orders, static_files
from include.web.pages.errors import error_page


def add_pages(app: FastAPI) -> None:
    install_handlers(app, error_page)
    for part in (static_files, reports, editor, sql_trial, runs, requests, standing_orders, messages):
        app.include_router(part.router)

    @app.get("/")
    def start(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/reports", 303)
